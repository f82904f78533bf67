/** The builds, and how a binary becomes a module. */
import { show, TatamiError } from "@tatamijs/core/backend";

export type Build = "simd" | "relaxed";

/** The builds, as the files in `binaries` are called: those for threads live in shared memory. */
export type BinaryName = Build | `${Build}-threads`;

/** What a binary was made for. */
export interface Made {
  readonly build: Build;
  readonly shared: boolean;
}

/** A build for one thread in two: what predicting needs, and what is fetched when a program wants it (assembly/rest.ts). */
export type PartName = `${Build}-${"first" | "rest"}`;

export const nameOf = ({ build, shared }: Made): BinaryName => (shared ? `${build}-threads` : build);

/** A module whose only instruction is f32x4.relaxed_madd: it validates where the relaxed build does. */
// prettier-ignore
const relaxedProbe = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 6, 1, 96, 1, 123, 1, 123, 3, 2, 1, 0, 10, 13, 1, 11, 0, 32, 0, 32, 0, 32, 0, 253, 133, 2, 11,
]);

export function hasRelaxed(): boolean {
  return WebAssembly.validate(relaxedProbe);
}

interface NodeFiles {
  readFileSync(url: URL): Uint8Array<ArrayBuffer>;
}

/** @throws TatamiError `backend` when it cannot be had, is no WebAssembly, or has instructions that this engine does not know. */
export async function fetched(url: URL): Promise<WebAssembly.Module> {
  let read: Uint8Array<ArrayBuffer> | Response;
  try {
    read = url.protocol === "file:" ? files().readFileSync(url) : await fetch(url);
  } catch (cause) {
    throw failure(`the binary ${url.href} could not be read: ${String(cause)}`, cause);
  }
  // Not `instanceof Response`: Node loads its whole fetch for that, which takes longer than all the rest.
  return ArrayBuffer.isView(read) ? compiled(read, url.href) : answered(read);
}

/** Asked for at run time, so that no bundler looks for it; Deno and Bun have it too. */
function files(): NodeFiles {
  const { process } = globalThis as { readonly process?: { getBuiltinModule?(name: "node:fs"): NodeFiles } };
  const found = process?.getBuiltinModule?.("node:fs");
  if (found !== undefined) return found;
  throw new Error("files are read by Node 20.16, 22.3 or later, Deno and Bun only; pages need a server");
}

/** @throws as `fetched`. */
export async function answered(response: Response): Promise<WebAssembly.Module> {
  const name = response.url === "" ? "binary" : response.url;
  if (!response.ok) throw failure(`${name} was answered with ${response.status}`);
  // Compiled while it arrives; engines take only this one type for that, and some servers do not know it.
  const streams = response.headers.get("content-type") === "application/wasm";
  if (!streams || typeof WebAssembly.compileStreaming !== "function") return compiled(await body(response, name), name);
  try {
    return await WebAssembly.compileStreaming(response);
  } catch (cause) {
    throw unknown(name, cause);
  }
}

async function body(response: Response, name: string): Promise<ArrayBuffer> {
  try {
    return await response.arrayBuffer();
  } catch (cause) {
    throw failure(`${name} broke off: ${String(cause)}`, cause);
  }
}

/** @throws as `fetched`. */
export async function compiled(
  bytes: ArrayBuffer | ArrayBufferView<ArrayBuffer>,
  name: string,
): Promise<WebAssembly.Module> {
  const head =
    bytes instanceof ArrayBuffer
      ? new Uint8Array(bytes)
      : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = new TextDecoder().decode(head.subarray(0, 20));
  if (!text.startsWith("\0asm"))
    throw failure(
      `${name} is no WebAssembly: it begins with ${show(text)}; is that a server's page for a file that it has not got?`,
    );
  try {
    return await WebAssembly.compile(bytes);
  } catch (cause) {
    throw unknown(name, cause);
  }
}

const unknown = (name: string, cause: unknown): TatamiError =>
  failure(
    `${name} could not be compiled: ${String(cause)}${hasRelaxed() ? "" : "; this engine has no relaxed SIMD: give binaries/simd.wasm"}`,
    cause,
  );

export function failure(text: string, cause?: unknown): TatamiError {
  return new TatamiError("backend", text, { op: "wasm", cause });
}
