/** What pages are served from: the loopback, gzipped as a good server would, and counted. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";

const types: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript",
  mjs: "text/javascript",
  wasm: "application/wasm",
};

export interface Server {
  readonly url: string;
  /** Answers path (without the query) with a file; the first that knows it does. */
  serve(path: string, contents: Uint8Array | string): void;
  /** Bytes sent, gzipped, of each path, since the last call. */
  fetched(): Map<string, number>;
  close(): void;
}

export interface ServerOptions {
  /** The headers with which pages may share memory. */
  readonly isolated: boolean;
  /** Files that are not served by name. */
  readonly find: (path: string) => Uint8Array | undefined;
  /** Requests that are not for files. True: it has taken care of it. */
  readonly handle: (path: string, request: IncomingMessage, response: ServerResponse) => boolean;
}

export async function body(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

export async function openServer({ isolated, find, handle }: ServerOptions): Promise<Server> {
  const files = new Map<string, Uint8Array | string>();
  const zipped = new Map<string, Buffer>();
  let sent = new Map<string, number>();
  const zip = (path: string): Buffer | undefined => {
    const known = zipped.get(path);
    if (known !== undefined) return known;
    const contents = files.get(path) ?? find(path);
    if (contents === undefined) return undefined;
    const made = gzipSync(contents, { level: 9 });
    zipped.set(path, made);
    return made;
  };
  const server = createServer((request, response) => {
    const path = (request.url ?? "/").split("?")[0]!;
    if (isolated) {
      response.setHeader("cross-origin-opener-policy", "same-origin");
      response.setHeader("cross-origin-embedder-policy", "require-corp");
      response.setHeader("cross-origin-resource-policy", "same-origin");
    }
    response.setHeader("cache-control", "no-store");
    if (handle(path, request, response)) return;
    const contents = zip(path);
    if (contents === undefined) {
      response.writeHead(404).end();
      return;
    }
    sent.set(path, (sent.get(path) ?? 0) + contents.length);
    response.writeHead(200, {
      "content-type": types[path.endsWith("/") ? "html" : path.split(".").at(-1)!] ?? "application/octet-stream",
      "content-encoding": "gzip",
      "content-length": contents.length,
    });
    response.end(contents);
  });
  await new Promise<void>((listening) => {
    server.listen(0, "127.0.0.1", listening);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    serve(path, contents) {
      files.set(path, contents);
      zipped.delete(path);
      zip(path);
    },
    fetched() {
      const since = sent;
      sent = new Map();
      return since;
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
