/** `#files` in Node: what the umbrella needs of `@tatamijs/train/node`. */
import { fileURLToPath } from "node:url";
import type { FitOptions } from "@tatamijs/train";
import { readBytes, saveBytes, terminalProgress } from "@tatamijs/train/node";

const pathOf = (path: string | URL): string =>
  path instanceof URL || path.startsWith("file:") ? fileURLToPath(path) : path;

/** @throws TatamiError `not-found`, `io`. */
export function readFile(path: string | URL): Promise<Uint8Array> {
  return readBytes(pathOf(path));
}

/** @throws TatamiError `io`. */
export function saveFile(path: string | URL, bytes: Uint8Array): Promise<void> {
  return saveBytes(pathOf(path), bytes);
}

export function progressBar(): FitOptions["progress"] {
  return terminalProgress();
}
