/** The backends of this device, opened when they are first asked for and then kept. One that cannot be had says why. */
import { open, type BackendName, type OpenedBackend } from "tatamijs";

/** The fastest first. */
export const backendNames: readonly BackendName[] = ["webgpu", "wasm", "cpu"];

const kept = new Map<BackendName, Promise<OpenedBackend>>();

/** @throws TatamiError `backend` with the reason (rejects). */
export function backend(name: BackendName): Promise<OpenedBackend> {
  let opening = kept.get(name);
  if (opening === undefined) {
    opening = open(name);
    // A failure is told to whoever asks; asking again tries again.
    opening.catch(() => kept.delete(name));
    kept.set(name, opening);
  }
  return opening;
}
