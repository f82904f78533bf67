// Pages of a real Chromium and what they report: servers on the loopback, a headless browser, no driver but the address at which it opens tabs. A page posts to
// the address behind its #: `/report` a value (JSON), `/failure` an error's text, `/ask` what it wants done. A module that is given to runInPage calls
// `report(value)` once, and `await ask(what)` for what only the test can do; an error that nobody catches is reported as one. The files of the WASM backend are served where its
// sources look for them.
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { build } from "esbuild";
import { afterAll } from "vitest";
import { findChromium } from "../../scripts/chromium.ts";

const flags: readonly string[] = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--enable-unsafe-webgpu",
  "--use-webgpu-adapter=swiftshader",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--enable-logging=stderr",
  "--remote-debugging-port=0",
];

const html = `<!doctype html><meta charset="utf-8"><script>
const send = (path, body) => fetch(location.hash.slice(1) + path, { method: "POST", body });
globalThis.ask = (what) => send("/ask", what);
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
export async function bundle(contents: string): Promise<string> {
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
export const isolation: Readonly<Record<string, string>> = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
};
const wasmPackage = new URL("../../packages/backend-wasm/", import.meta.url);

/** `/binaries/NAME` and `/workers/NAME` of the WASM backend. */
function wasmFile(path: string): Uint8Array | undefined {
  const [, folder, name] = /^\/(binaries|workers)\/([\w-]+\.\w+)$/.exec(path) ?? [];
  const url = new URL(`${folder}/${name}`, wasmPackage);
  return folder !== undefined && existsSync(url) ? readFileSync(url) : undefined;
}

const typeOf = (path: string): string =>
  ({ js: "text/javascript", wasm: "application/wasm" })[path.split(".").at(-1) ?? ""] ?? "text/html";

interface Listening {
  /** Without a slash at its end. */
  readonly url: string;
  close(): void;
}

async function listen(handle: RequestListener): Promise<Listening> {
  const server = createServer(handle);
  await new Promise<void>((listening) => {
    server.listen(0, "127.0.0.1", listening);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Serves what `find` finds for a path, each with these headers. */
export async function serve(
  find: (path: string) => string | Uint8Array | undefined,
  headers: Readonly<Record<string, string>> = {},
): Promise<Listening> {
  return listen((request, response) => {
    const path = new URL(request.url ?? "/", "http://page").pathname;
    const body = find(path);
    response.writeHead(body === undefined ? 404 : 200, { "content-type": typeOf(path), ...headers });
    response.end(body);
  });
}

interface Browser {
  readonly process: ChildProcess;
  readonly profile: string;
  /** Where tabs are opened and closed. */
  readonly control: string;
  /** The browser itself, by its debugging protocol. */
  readonly socket: string;
  /** What pages have said on their consoles. */
  readonly said: string[];
}

let browser: Promise<Browser> | undefined;

/** One for all pages of a test file: it takes two seconds to start. */
async function start(): Promise<Browser> {
  const profile = mkdtempSync(join(tmpdir(), "tatami-chromium-"));
  const process = spawn(findChromium() ?? "chromium", [...flags, `--user-data-dir=${profile}`, "about:blank"], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const said: string[] = [];
  const socket = await new Promise<string>((resolve, reject) => {
    process.on("error", reject);
    process.on("close", (code) => reject(new Error(`Chromium ended with ${code}\n${said.join("\n")}`)));
    createInterface(process.stderr).on("line", (line) => {
      const url = /DevTools listening on (ws:\/\/\S+)/.exec(line)?.[1];
      if (url !== undefined) resolve(url);
      said.push(line);
    });
  });
  return { process, profile, socket, control: `http://${new URL(socket).host}/json`, said };
}

/** Ends the process that speaks to the GPU; Chromium starts another. After the second time it may give no adapter. */
export async function crashGpu(): Promise<void> {
  const socket = new WebSocket((await browser!).socket);
  await new Promise((resolve, reject) => {
    socket.addEventListener("open", resolve);
    socket.addEventListener("error", () => reject(new Error("Chromium does not hear its debugging protocol")));
  });
  const answered = new Promise((resolve) => {
    socket.addEventListener("message", resolve);
  });
  socket.send(JSON.stringify({ id: 1, method: "Browser.crashGpuProcess" }));
  await answered;
  socket.close();
}

afterAll(async () => {
  const { process, profile } = (await browser?.catch(() => undefined)) ?? {};
  if (process === undefined) return;
  const gone = new Promise((resolve) => {
    process.on("close", resolve);
  });
  if (process.exitCode === null && process.signalCode === null) {
    process.kill("SIGKILL");
    await gone;
  }
  rmSync(profile!, { recursive: true, force: true, maxRetries: 5 });
});

/** What the page at this URL reports. Rejects with its error, or after `seconds` with what was said on its console. */
export async function visit(
  url: string,
  seconds: number = 60,
  asked?: (what: string) => Promise<void>,
): Promise<unknown> {
  browser ??= start();
  const { process, control, said } = await browser;
  const before = said.length;
  let resolve: (value: unknown) => void = () => {};
  let reject: (error: Error) => void = () => {};
  const promise = new Promise<unknown>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  // It may fail before its tab is known, and is awaited after that.
  promise.catch(() => undefined);
  const ear = await listen((request, response) => {
    response.writeHead(200, { "access-control-allow-origin": "*" });
    void text(request).then(async (body) => {
      if (request.url === "/ask") await asked?.(body).catch(reject);
      response.end();
      if (request.url === "/ask") return;
      if (request.url === "/report") resolve(JSON.parse(body));
      else reject(new Error(`in the page: ${body}`));
    });
  });
  const fail = (what: string): void => reject(new Error([what, ...said.slice(before)].join("\n")));
  const ended = (): void => fail("Chromium ended before the page reported");
  process.once("close", ended);
  const timer = setTimeout(() => fail(`the page did not report within ${seconds} s`), seconds * 1000);
  try {
    const opened = await fetch(`${control}/new?${encodeURIComponent(`${url}#${ear.url}`)}`, { method: "PUT" });
    const { id } = (await opened.json()) as { readonly id: string };
    try {
      return await promise;
    } finally {
      await fetch(`${control}/close/${id}`);
    }
  } finally {
    clearTimeout(timer);
    process.off("close", ended);
    ear.close();
  }
}

/**
 * `modules` are served as /name.js; the page loads main, cross-origin isolated if it is to be. Rejects with the page's error, or
 * after `seconds`.
 */
export async function runInPage(
  modules: { readonly main: string; readonly [name: string]: string },
  {
    seconds = 60,
    isolated = false,
    asked,
  }: {
    readonly seconds?: number;
    readonly isolated?: boolean;
    readonly asked?: (what: string) => Promise<void>;
  } = {},
): Promise<unknown> {
  const scripts = new Map<string, string>([["/", html]]);
  for (const [name, contents] of Object.entries(modules)) scripts.set(`/${name}.js`, await bundle(contents));
  const server = await serve((path) => scripts.get(path) ?? wasmFile(path), isolated ? isolation : {});
  try {
    return await visit(`${server.url}/`, seconds, asked);
  } finally {
    server.close();
  }
}
