/** `#files` in pages and workers: a path is an address there, and nothing can be saved to one. */
import { TatamiError } from "@tatamijs/core";
import type { FitOptions } from "@tatamijs/train";
import { fetched } from "./weights.ts";

/** @throws TatamiError `not-found`, `io`. */
export function readFile(path: string | URL): Promise<Uint8Array> {
  return fetched(String(path), "load");
}

/** @throws TatamiError `io`, always. */
export function saveFile(path: string | URL, bytes: Uint8Array): Promise<void> {
  return Promise.reject(
    new TatamiError(
      "io",
      `${bytes.length} bytes cannot be saved to ${String(path)}: there are no files here. Leave out the path and offer the bytes for download`,
      { op: "save" },
    ),
  );
}

export function progressBar(): FitOptions["progress"] {
  return undefined;
}
