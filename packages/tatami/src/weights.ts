/** Weights from and to safetensors: a path (Node), a URL, or bytes. */
import { english, show, TatamiError, type Layer } from "@tatamijs/core";
import { checkLayer, firstValues, matchState, setFirstValues } from "@tatamijs/nn";
import { readSafetensors, writeSafetensors, type Safetensors, type StoredTensor } from "@tatamijs/train";
import { readFile, saveFile } from "#files";
import { homesOf, tell } from "./sessions.ts";

/**
 * Loads weights of PyTorch's names into the model, compiled or not: programs that use it see them at their next call.
 *
 * `source`: a path (Node), a URL, or the bytes of a safetensors file.
 * @throws TatamiError `weights`, one error that lists all missing, extra and misshapen tensors; `not-found`, `io`,
 * `format`, `argument`. Then nothing is changed.
 */
export async function load(model: Layer, source: string | URL | Uint8Array | ArrayBuffer): Promise<void> {
  checkLayer(model, "load", "model");
  const { tensors } = await named("load", async () => tensorsFrom(source));
  const found = matchState(model, tensors, "load");
  const homes = homesOf(model);
  for (const [said, values] of found) setFirstValues(said, values);
  tell(homes, found);
}

/**
 * The model's weights as the bytes of a safetensors file, by PyTorch's names; given a path (Node), also written there,
 * whole or not at all.
 * @throws TatamiError `io`, `argument`.
 */
export async function save(model: Layer, path?: string | URL): Promise<Uint8Array> {
  checkLayer(model, "save", "model");
  const [session] = homesOf(model);
  const tensors: [string, StoredTensor][] = [];
  for (const [name, { dtype, shape, data }] of firstValues(model)) {
    tensors.push([name, { dtype, shape, data: session === undefined ? data : await session.read(model.state[name]!) }]);
  }
  const bytes = writeSafetensors({ tensors });
  if (path !== undefined) await named("save", () => saveFile(path, bytes));
  return bytes;
}

/** What goes wrong in here is said by the function that was called. */
async function named<T>(op: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof TatamiError)) throw error;
    const { code, text, details } = error;
    throw new TatamiError(code, text, { op, details, cause: error });
  }
}

async function tensorsFrom(source: unknown): Promise<Safetensors> {
  const bytes = await bytesFrom(source, "load");
  const name = source instanceof URL ? source.href : typeof source === "string" ? source : "the file";
  // "<": no length of a header, and the beginning of every page.
  if (bytes[0] === 0x3c)
    throw new TatamiError(
      "format",
      `${show(name)} is no safetensors file: it begins with ${show(new TextDecoder().decode(bytes.subarray(0, 20)))}; is that a server's page for a file that it has not got?`,
    );
  try {
    return readSafetensors(bytes);
  } catch (error) {
    if (!(error instanceof TatamiError) || name === "the file") throw error;
    throw new TatamiError(error.code, `${name}: ${english.message(error)}`, { details: error.details, cause: error });
  }
}

export async function bytesFrom(source: unknown, op: string): Promise<Uint8Array> {
  if (source instanceof Uint8Array) return source;
  if (source instanceof ArrayBuffer) return new Uint8Array(source);
  if (source instanceof URL && source.protocol !== "file:") return fetched(source.href, op);
  if (typeof source === "string" && /^(?:https?|data|blob):/i.test(source)) return fetched(source, op);
  if ((typeof source === "string" && source !== "") || source instanceof URL) return readFile(source);
  throw new TatamiError("argument", `source is ${show(source)}; give a path, a URL, or the bytes of a file`, { op });
}

/** @throws TatamiError `not-found`, `io`. */
export async function fetched(url: string, op: string): Promise<Uint8Array> {
  const shown = url.length > 80 ? `${url.slice(0, 77)}...` : url;
  try {
    const response = await fetch(url);
    if (response.ok) return new Uint8Array(await response.arrayBuffer());
    const code = response.status === 404 || response.status === 410 ? "not-found" : "io";
    throw new TatamiError(code, `${shown} answered ${response.status} ${response.statusText}. Check the address.`, {
      op,
      details: { url, status: response.status },
    });
  } catch (cause) {
    if (cause instanceof TatamiError) throw cause;
    throw new TatamiError(
      "io",
      `${shown} could not be fetched: ${cause instanceof Error ? cause.message : String(cause)}. Check the address and the network.`,
      {
        op,
        details: { url },
        cause,
      },
    );
  }
}
