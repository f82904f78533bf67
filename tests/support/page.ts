// Runs a module in a page of a real Chromium and brings back what it reports: a server on the loopback, a headless
// browser, no driver. The module calls `report(value)` (JSON) once; an error that nobody catches is reported as one. The files
// of the WASM backend are served where its sources look for them.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { findChromium } from "../../scripts/chromium.ts";

const flags: readonly string[] = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const html = `<!doctype html><meta charset="utf-8"><script>
const send = (path, body) => fetch(path, { method: "POST", body });
globalThis.report = (value) => send("/report", JSON.stringify(value));
addEventListener("error", (event) => send("/failure", String(event.error?.stack ?? event.message)));
addEventListener("unhandledrejection", (event) => send("/failure", String(event.reason?.stack ?? event.reason)));
</script><script type="module" src="/main.js"></script>`;

/** Chromium is here and there is a loopback to serve it from (a bare network namespace has none). */
export function canRunPages(): boolean {
  const interfaces = Object.values(networkInterfaces()).flat();
  return findChromium() !== undefined && interfaces.some((one) => one?.internal === true);
}

async function text(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

/** Bundles modules for a page, from sources. Each is TypeScript that may import this workspace's packages. */
async function bundle(contents: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: import.meta.dirname, loader: "ts" },
    bundle: true,
    format: "esm",
    platform: "browser",
    target: "es2023",
    conditions: ["@tatamijs/source"],
    write: false,
  });
  return outputFiles[0]?.text ?? "";
}

/** Headers with which a page may share memory with its workers. */
const isolation = { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" };
const wasmPackage = new URL("../../packages/backend-wasm/", import.meta.url);

/** `/binaries/NAME` and `/workers/NAME` of the WASM backend. */
function wasmFile(path: string): Uint8Array | undefined {
  const [, folder, name] = /^\/(binaries|workers)\/([\w-]+\.\w+)$/.exec(path) ?? [];
  const url = new URL(`${folder}/${name}`, wasmPackage);
  return folder !== undefined && existsSync(url) ? readFileSync(url) : undefined;
}

const typeOf = (path: string): string =>
  ({ js: "text/javascript", wasm: "application/wasm" })[path.split(".")[1] ?? ""] ?? "text/html";

/**
 * `modules` are served as /name.js; the page loads main, cross-origin isolated if it is to be. Rejects with the page's error, or
 * after `seconds`.
 */
export async function runInPage(
  modules: { readonly main: string; readonly [name: string]: string },
  { seconds = 60, isolated = false }: { readonly seconds?: number; readonly isolated?: boolean } = {},
): Promise<unknown> {
  const scripts = new Map<string, string>();
  for (const [name, contents] of Object.entries(modules)) scripts.set(`/${name}.js`, await bundle(contents));
  const profile = mkdtempSync(join(tmpdir(), "tatami-chromium-"));
  let resolve: (value: unknown) => void = () => {};
  let reject: (error: Error) => void = () => {};
  const promise = new Promise<unknown>((yes, no) => {
    resolve = yes;
    reject = no;
  });

  const server = createServer((request, response) => {
    const path = request.url ?? "/";
    if (request.method !== "POST") {
      const body = path === "/" ? html : (scripts.get(path) ?? wasmFile(path));
      response.writeHead(body === undefined ? 404 : 200, {
        "content-type": typeOf(path),
        ...(isolated ? isolation : {}),
      });
      response.end(body);
      return;
    }
    void text(request).then((body) => {
      response.end();
      if (path === "/report") resolve(JSON.parse(body));
      else reject(new Error(`in the page: ${body}`));
    });
  });
  await new Promise<void>((listening) => {
    server.listen(0, "127.0.0.1", listening);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;

  const chromium = spawn(findChromium() ?? "chromium", [...flags, `--user-data-dir=${profile}`, url], {
    stdio: "ignore",
  });
  const exited = new Promise<void>((gone) => {
    chromium.on("close", () => gone());
  });
  chromium.on("error", reject);
  chromium.on("close", (code) => reject(new Error(`Chromium ended with ${code} before the page reported`)));
  const timer = setTimeout(() => reject(new Error(`the page did not report within ${seconds} s`)), seconds * 1000);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    chromium.kill("SIGKILL");
    await exited;
    server.closeAllConnections();
    server.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
