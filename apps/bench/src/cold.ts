/**
 * Cold start and download: a fresh browser with a fresh profile opens a page that imports a system and asks LeNet one answer.
 * The clock starts at the import; the page has the weights before. Nothing but the processor is between: files come from the loopback.
 */
import { openBrowser } from "./browser.ts";
import { bundle, filesOf, moduleOf, ownFile } from "./bundle.ts";
import { body, openServer, type Server } from "./server.ts";
import { difference } from "./statistics.ts";
import type { System } from "./systems.ts";

export interface Cold {
  readonly system: string;
  /** Milliseconds from the import to the first answer. */
  readonly samples: readonly number[];
  /** Bytes fetched, gzipped, and of which files. */
  readonly bytes: number;
  readonly files: Readonly<Record<string, number>>;
  readonly error: number;
}

const page = (system: System): string => `<!doctype html><meta charset="utf-8"><script type="module">
const post = (path, value) => fetch(path, { method: "POST", body: JSON.stringify(value) });
try {
  const { task, weights } = await import("/harness/main.js");
  const start = performance.now();
  const { first } = await import("/${system.name}/main.js");
  const answer = await first(${system.ours ? `weights, task.input, ${JSON.stringify(system.opening ?? {})}` : "task"});
  const ms = performance.now() - start;
  post("/report", { ms, answer: [...answer] });
} catch (error) {
  post("/report", { error: String(error?.message ?? error) });
}
</script>`;

function sourceOf(system: System): string {
  if (system.ours) return `export { first } from "./ours/first.ts";`;
  return `import { create } from ${JSON.stringify(moduleOf(system))};
export const first = async (task) => {
  const runner = await create({ threads: 1, files: ${JSON.stringify(filesOf(system))} });
  return (await runner.prepare(task)).answer();
};`;
}

type Report = { readonly ms: number; readonly answer: readonly number[] } | { readonly error: string };

interface Site {
  readonly system: System;
  readonly server: Server;
  /** A visit with a browser of its own. */
  visit(): Promise<{ ms: number; answer: Float32Array; fetched: Map<string, number> }>;
}

async function openSite(system: System): Promise<Site> {
  let heard: (report: Report) => void = () => {};
  const server = await openServer({
    isolated: false,
    find: ownFile,
    handle(path, request, response) {
      if (path !== "/report") return false;
      void body(request).then((bytes) => {
        response.end();
        heard(JSON.parse(bytes.toString("utf8")) as Report);
      });
      return true;
    },
  });
  server.serve("/", page(system));
  for (const [name, contents] of await bundle(`export * from "./harness.ts";`))
    server.serve(`/harness/${name}`, contents);
  for (const [name, contents] of await bundle(sourceOf(system), "published"))
    server.serve(`/${system.name}/${name}`, contents);
  return {
    system,
    server,
    async visit() {
      server.fetched();
      const reported = new Promise<Report>((resolve) => {
        heard = resolve;
      });
      const browser = openBrowser(`${server.url}/`);
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<Report>((resolve) => {
        timer = setTimeout(() => resolve({ error: "no answer within 60 s" }), 60_000);
      });
      const ended = browser.ended.then((): Report => ({ error: "its browser ended" }));
      const report = await Promise.race([reported, late, ended]);
      clearTimeout(timer);
      await browser.close();
      if ("error" in report) throw new Error(report.error);
      const fetched = server.fetched();
      return { ms: report.ms, answer: Float32Array.from(report.answer), fetched };
    },
  };
}

/** Visits in turns. The first of each, in which files are gzipped and the browser itself is read from disk, is not counted. */
export async function coldStarts(
  systems: readonly System[],
  visits: number,
  wanted: Float32Array,
  failed: (system: System, error: unknown) => void,
): Promise<Cold[]> {
  const results: { site: Site; samples: number[]; fetched: Map<string, number>; error: number }[] = [];
  for (const system of systems) {
    try {
      const site = await openSite(system);
      const { answer, fetched } = await site.visit();
      results.push({ site, samples: [], fetched, error: difference(wanted, answer) });
    } catch (error) {
      failed(system, error);
    }
  }
  for (let v = 0; v < visits; v++) {
    for (const { site, samples } of results) samples.push((await site.visit()).ms);
  }
  return results.map(({ site, samples, fetched, error }) => {
    site.server.close();
    const files = Object.fromEntries(
      [...fetched].filter(([path]) => path !== "/" && !path.startsWith("/harness/") && path !== "/favicon.ico"),
    );
    const bytes = Object.values(files).reduce((a, b) => a + b, 0);
    return { system: site.system.name, samples, bytes, files, error };
  });
}
