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
    const forget = (): void => void kept.delete(name);
    // A failure is told to whoever asks; asking again tries again. So it does when the device is lost.
    opening.then(({ lost }) => void lost.then(forget), forget);
    kept.set(name, opening);
  }
  return opening;
}

/** Once in so many milliseconds a lost device is worth another try. */
const patience = 60_000;

/** Where work goes on when a device is lost: on the same backend, opened anew; where that was lost before, on those after it. */
export function afterLoss(): (name: BackendName) => readonly BackendName[] {
  let last = -Infinity;
  return (name) => {
    const twice = performance.now() - last < patience;
    last = performance.now();
    return backendNames.slice(backendNames.indexOf(name) + (twice ? 1 : 0));
  };
}
