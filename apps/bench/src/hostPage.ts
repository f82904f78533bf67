/** Agents in an isolated page of one Chromium: a worker for each, that asks this server what to do. */
import { openBrowser, type Gpu } from "./browser.ts";
import { bundle, filesOf, moduleOf, ownFile } from "./bundle.ts";
import { openChannel, type Channel } from "./channel.ts";
import type { Hosted } from "./hostNode.ts";
import { openServer } from "./server.ts";
import type { Entry } from "./systems.ts";

const page = (count: number): string => `<!doctype html><meta charset="utf-8"><script type="module">
for (let k = 0; k < ${count}; k++) {
  const worker = new Worker("/system" + k + "/main.js", { type: "module" });
  worker.onerror = (event) => fetch("/agent/" + k + "?error", { method: "POST", body: event.message ?? "the worker did not start" });
}
</script>`;

/** A system in this page, or why it is not. */
export type Opened = Hosted | { readonly entry: Entry; readonly failed: string };

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Bundles outlive the page: where each workload has a Chromium of its own, they are made once. */
const bundles = new Map<string, Promise<Map<string, Uint8Array>>>();

function bundleOf(module: string): Promise<Map<string, Uint8Array>> {
  const known = bundles.get(module);
  if (known !== undefined) return known;
  const source = [
    `import { create } from ${JSON.stringify(module)};`,
    `import { serve } from "./agentPage.ts";`,
    `void serve(create, new URL(import.meta.url).pathname.replace(/^\\/system(\\d+)\\/.*/, "/agent/$1"));`,
  ];
  const made = bundle(source.join("\n"));
  bundles.set(module, made);
  return made;
}

/** The Chromium ends with the last of them. */
export async function openInPage(entries: readonly Entry[], gpu: Gpu = "none"): Promise<Opened[]> {
  const channels = new Map<string, Channel>(entries.map((_, k) => [`/agent/${k}`, openChannel()]));
  const server = await openServer({
    isolated: true,
    find: ownFile,
    handle(path, request, response) {
      const channel = channels.get(path);
      channel?.handle(request, response);
      return channel !== undefined;
    },
  });
  for (const [k, { system }] of entries.entries())
    for (const [name, contents] of await bundleOf(moduleOf(system))) server.serve(`/system${k}/${name}`, contents);
  server.serve("/", page(entries.length));
  const browser = openBrowser(`${server.url}/`, gpu);
  void browser.ended.then(() => {
    for (const channel of channels.values()) channel.end("its browser ended");
  });
  let open = entries.length;
  const closed = async (channel: Channel): Promise<void> => {
    channel.end("its page is closed");
    if (--open > 0) return;
    await browser.close();
    server.close();
  };
  return Promise.all(
    [...channels.values()].map(async (channel, k): Promise<Opened> => {
      const entry = entries[k]!;
      const { system, threads } = entry;
      const timer = setTimeout(() => channel.end("did not start within 60 s"), 60_000);
      try {
        const opening = { threads, ...system.opening, files: filesOf(system) };
        const version = (await channel.ask({ do: "open", module: "", opening })) as string;
        return { entry, version, ask: channel.ask, close: () => closed(channel) };
      } catch (error) {
        await closed(channel);
        return { entry, failed: messageOf(error) };
      } finally {
        clearTimeout(timer);
      }
    }),
  );
}
