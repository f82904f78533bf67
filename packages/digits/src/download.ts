/** One file over http, bounded in time and in size. Failing is an answer with a line to print, never an exception. */
import { networkInterfaces } from "node:os";

export interface DownloadProgress {
  readonly url: string;
  readonly bytes: number;
  /** What the server announces; undefined when it does not. */
  readonly total: number | undefined;
}

export interface DownloadOptions {
  /** More than this is cut off and refused. */
  readonly maxBytes: number;
  /** Milliseconds until the server begins to answer. */
  readonly connect: number;
  /** Milliseconds without a byte after that. */
  readonly stall: number;
  readonly onProgress?: (progress: DownloadProgress) => void;
}

export type Download =
  | { readonly ok: true; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly why: "offline" | "refused" | "damaged"; readonly line: string };

/** Fetches `url` into memory. `offline`: nobody answered. `refused`: no 200. `damaged`: too large, too short, broken off. */
export async function download(url: URL, options: DownloadOptions): Promise<Download> {
  if (!reachable(url)) return { ok: false, why: "offline", line: "this machine has no network." };
  const abort = new AbortController();
  let timer = setTimeout(() => abort.abort(), options.connect);
  const wait = (milliseconds: number): void => {
    clearTimeout(timer);
    timer = setTimeout(() => abort.abort(), milliseconds);
  };
  try {
    const response = await fetch(url, { signal: abort.signal }).catch(() => undefined);
    if (response === undefined) {
      const late = abort.signal.aborted ? ` within ${options.connect / 1000} s` : "";
      return { ok: false, why: "offline", line: `${url.host} does not answer${late} (no network?).` };
    }
    wait(options.stall);
    if (response.status !== 200 || response.body === null) {
      abort.abort();
      return { ok: false, why: "refused", line: `${url.href} answers ${response.status} ${response.statusText}.` };
    }
    const announced = Number(response.headers.get("content-length") ?? Number.NaN);
    // A server that encodes the body announces another number of bytes than arrives here.
    const total = Number.isSafeInteger(announced) && !response.headers.has("content-encoding") ? announced : undefined;
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    for await (const chunk of response.body) {
      wait(options.stall);
      bytes += chunk.length;
      if (bytes > options.maxBytes) {
        return { ok: false, why: "damaged", line: `${url.href} sends more than ${options.maxBytes} bytes.` };
      }
      chunks.push(chunk);
      options.onProgress?.({ url: url.href, bytes, total });
    }
    return { ok: true, bytes: joined(chunks, bytes) };
  } catch {
    const what = abort.signal.aborted ? `sent nothing for ${options.stall / 1000} s` : "broke off";
    return { ok: false, why: "damaged", line: `${url.href} ${what}.` };
  } finally {
    clearTimeout(timer);
  }
}

/** Without an interface but loopback, asking for a name can take long to fail; say so at once. */
function reachable(url: URL): boolean {
  if (/^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname)) return true;
  return Object.values(networkInterfaces()).some((list) => list?.some(({ internal }) => !internal) === true);
}

function joined(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
