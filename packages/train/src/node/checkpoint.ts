/** Checkpoints and weights as files: the bytes are safetensors.ts's and checkpoint.ts's, the care is files.ts's. */
import { english, TatamiError } from "@tatamijs/core";
import { decodeCheckpoint, encodeCheckpoint } from "../checkpoint.ts";
import type { Checkpoint } from "../checkpoint.ts";
import { readSafetensors, writeSafetensors } from "../safetensors.ts";
import type { Safetensors, SafetensorsInput } from "../safetensors.ts";
import { readBytes, saveBytes } from "./files.ts";

/**
 * Saves a checkpoint. When the promise resolves, it is on disk; until then the file holds the old one, whole.
 *
 * @throws TatamiError "io" (a full disk, no permission: the old file is untouched), "argument" as `encodeCheckpoint`.
 */
export async function saveCheckpoint(path: string, checkpoint: Checkpoint): Promise<void> {
  await saveBytes(path, encodeCheckpoint(checkpoint));
}

/** @throws TatamiError "not-found", "io", "format" (the text names the file). */
export async function loadCheckpoint(path: string): Promise<Checkpoint> {
  return named(path, decodeCheckpoint, await readBytes(path));
}

/** Saves tensors as a safetensors file, whole or not at all. @throws TatamiError as `writeSafetensors`, and "io". */
export async function saveSafetensors(path: string, content: SafetensorsInput): Promise<void> {
  await saveBytes(path, writeSafetensors(content));
}

/** @throws TatamiError "not-found", "io", "format", "dtype" (the text names the file). */
export async function loadSafetensors(path: string): Promise<Safetensors> {
  return named(path, readSafetensors, await readBytes(path));
}

/** Runs a reader of bytes, which knows no path, and puts the path in front of what it complains of. */
function named<T>(path: string, read: (bytes: Uint8Array) => T, bytes: Uint8Array): T {
  try {
    return read(bytes);
  } catch (error) {
    if (!(error instanceof TatamiError)) throw error;
    throw new TatamiError(error.code, `${path}: ${english.message(error)}`, {
      details: { ...error.details, path },
      cause: error,
    });
  }
}
