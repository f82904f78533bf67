/** Agents in isolated pages: a Chromium for each system, and in it a worker that asks this server what to do. */
import type { ServerResponse } from "node:http";
import type { Agent, Reply, Request } from "./agent.ts";
import { openBrowser } from "./browser.ts";
import { bundle, filesOf, moduleOf, ownFile } from "./bundle.ts";
import type { Hosted } from "./hostNode.ts";
import { body, openServer } from "./server.ts";
import type { Entry } from "./systems.ts";

const page = `<!doctype html><meta charset="utf-8"><script type="module">
const fail = (text) => fetch("/failure", { method: "POST", body: String(text) });
const worker = new Worker("/system/main.js", { type: "module" });
worker.onerror = (event) => fail(event.message ?? "the worker did not start");
</script>`;

export async function openInPage(entry: Entry): Promise<Hosted> {
  const { system, threads } = entry;
  let waiting: ServerResponse | undefined;
  let queued: Request | undefined;
  let resolve: (value: Reply) => void = () => {};
  let reject: (error: Error) => void = () => {};

  const hand = (): void => {
    if (waiting === undefined || queued === undefined) return;
    waiting.setHeader("content-type", "application/json");
    waiting.end(JSON.stringify(queued));
    [waiting, queued] = [undefined, undefined];
  };
  const server = await openServer({
    isolated: true,
    find: ownFile,
    handle(path, request, response) {
      if (path === "/failure" || (path === "/agent" && request.method === "POST")) {
        void body(request).then((bytes) => {
          response.end();
          if (path === "/failure" || request.url!.endsWith("?error")) reject(new Error(bytes.toString("utf8")));
          else if (request.url!.endsWith("?numbers"))
            resolve(new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)));
          else resolve((JSON.parse(bytes.toString("utf8")) as { value?: string | number }).value);
        });
        return true;
      }
      if (path !== "/agent") return false;
      waiting = response;
      hand();
      return true;
    },
  });
  const source = [
    `import { create } from ${JSON.stringify(moduleOf(system))};`,
    `import { serve } from "./agentPage.ts";`,
    `void serve(create, "/agent");`,
  ];
  for (const [name, contents] of await bundle(source.join("\n"))) server.serve(`/system/${name}`, contents);
  server.serve("/", page);
  const browser = openBrowser(`${server.url}/`);
  let closed = false;
  const ask: Agent = (request) =>
    new Promise((yes, no) => {
      [resolve, reject] = [yes, no];
      if (closed) no(new Error("its page is closed"));
      queued = request;
      hand();
    });
  void browser.ended.then(() => {
    closed = true;
    reject(new Error("its browser ended"));
  });
  const close = async (): Promise<void> => {
    closed = true;
    await browser.close();
    server.close();
  };
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, no) => {
    timer = setTimeout(() => no(new Error("did not start within 60 s")), 60_000);
  });
  try {
    const opening = { threads, ...system.opening, files: filesOf(system) };
    const version = await Promise.race([ask({ do: "open", module: "", opening }), late]);
    return { entry, version: version as string, ask, close };
  } catch (error) {
    await close();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
