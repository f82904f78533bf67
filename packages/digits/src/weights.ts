/**
 * The weights that the repository ships: where they are, how they are read, checked and written. The file is a plain
 * safetensors file; its metadata say what it was trained on and what it reached.
 */
import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { english, TatamiError } from "@tatamijs/core";
import { loadState } from "@tatamijs/nn";
import type { Module } from "@tatamijs/nn";
import type { StoredTensor } from "@tatamijs/train";
import { loadSafetensors, saveSafetensors } from "@tatamijs/train/node";
import { digitsNetwork } from "./network.ts";

/** The shipped file's path. */
export const shippedWeights: string = fileURLToPath(new URL("../weights/digits.safetensors", import.meta.url));

/** Key of the metadata that guards the values: safetensors itself would not notice a flipped bit. */
const CHECKSUM = "values sha256";

/** The network with weights, ready to compile, and what its file says of itself. */
export interface TrainedNetwork {
  readonly model: Module;
  readonly about: ReadonlyMap<string, string>;
}

/**
 * The trained network from a file that `saveDigits` wrote.
 *
 * @throws TatamiError, each naming the file and what to do: "not-found", "io", "format" (truncated, damaged, or no
 * weights file), "weights" (another network's).
 */
export async function loadDigits(path: string = shippedWeights): Promise<TrainedNetwork> {
  try {
    const { tensors, metadata } = await loadSafetensors(path);
    const model = digitsNetwork();
    loadState(model, tensors);
    if (metadata.get(CHECKSUM) !== checksum(tensors)) {
      throw new TatamiError(
        "format",
        "the values are not those that were saved (another SHA-256); the file is damaged",
      );
    }
    return { model, about: metadata };
  } catch (error) {
    if (!(error instanceof TatamiError)) throw error;
    const remedy =
      path === shippedWeights
        ? "Restore it from the repository (git checkout packages/digits/weights) or train it anew (pnpm train:digits)."
        : "Give a file that pnpm train:digits wrote.";
    throw new TatamiError(error.code, `the digits' weights cannot be used. ${english.message(error)}\n${remedy}`, {
      details: { ...error.details, path },
      cause: error,
    });
  }
}

/** Writes weights and what there is to say of them. Equal content gives equal bytes. @throws TatamiError "io". */
export async function saveDigits(
  path: string,
  tensors: ReadonlyMap<string, StoredTensor>,
  about: Readonly<Record<string, string>>,
): Promise<void> {
  const metadata = Object.entries({ ...about, [CHECKSUM]: checksum(tensors) });
  await saveSafetensors(path, { tensors, metadata });
}

function checksum(tensors: ReadonlyMap<string, StoredTensor>): string {
  const hash = createHash("sha256");
  for (const [name, { data }] of [...tensors].sort(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(`${name}\n`).update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return hash.digest("hex");
}
