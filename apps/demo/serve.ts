// Serves the built site on this machine: `npm start`, and the tests. Any static host does as well.
import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize, sep } from "node:path";

/** Where the build puts the site. */
export const siteFolder: string = join(import.meta.dirname, "dist");

const types: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
};

/** With these a page may share memory with its workers, and WebAssembly use threads. */
const isolation = { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" };

export interface Served {
  /** Ends with a slash. */
  readonly url: string;
  close(): void;
}

export interface ServeOptions {
  /** The first port that is tried; the next free one is taken. Default: any. */
  readonly port?: number;
  /** The sub-path: begins and ends with a slash. Default "/". */
  readonly base?: string;
  readonly isolated?: boolean;
}

/** The file of a request, or undefined: nothing outside of the site's folder. */
function fileOf(path: string, base: string): string | undefined {
  if (!path.startsWith(base)) return undefined;
  let name: string;
  try {
    name = decodeURIComponent(path.slice(base.length));
  } catch {
    return undefined;
  }
  const file = normalize(join(siteFolder, name === "" || name.endsWith("/") ? `${name}index.html` : name));
  return file.startsWith(siteFolder + sep) && existsSync(file) && statSync(file).isFile() ? file : undefined;
}

export async function serve({ port = 0, base = "/", isolated = true }: ServeOptions = {}): Promise<Served> {
  const server = createServer((request, response) => {
    const file = fileOf(new URL(request.url ?? "/", "http://site").pathname, base);
    const headers = isolated ? isolation : {};
    if (file === undefined) {
      response.writeHead(404, headers).end();
      return;
    }
    const type = types[extname(file)] ?? "application/octet-stream";
    response.writeHead(200, { "content-type": type, "cache-control": "no-cache", ...headers });
    createReadStream(file).pipe(response);
  });
  const got = await listening(server, port);
  return {
    url: `http://localhost:${got}${base}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Listens on `port`, or on the next one that is free. On this machine's own address alone. */
async function listening(server: Server, port: number): Promise<number> {
  for (let next = port; ; next++) {
    const taken = await new Promise<boolean>((resolve, reject) => {
      server.once("error", (error: NodeJS.ErrnoException) => {
        if (error.code === "EADDRINUSE" && next !== 0 && next < port + 100) resolve(true);
        else reject(error);
      });
      server.listen(next, "localhost", () => resolve(false));
    });
    if (!taken) return (server.address() as AddressInfo).port;
  }
}
