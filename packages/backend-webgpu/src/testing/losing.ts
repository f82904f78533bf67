/** A scenario during which the device is destroyed. */
import type { TatamiError } from "@tatamijs/core/backend";
import { webgpu } from "../webgpu.ts";
import type { Scenario } from "./scenarios.ts";
import { watchedGpu } from "./watched.ts";

/** Waits at most 5 s. */
export function soon<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("it hangs: nothing for 5 s")), 5000);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

export interface Told {
  readonly calls: number;
  readonly names: readonly string[];
}

/**
 * Runs the scenario and destroys its device at the n-th call of the API; then it must end in `device-lost` or, where all was
 * read already, well, within 5 s of the loss.
 * @throws Error where it ends otherwise.
 */
export async function lossAt(scenario: Scenario, n: number | undefined, name = ""): Promise<Told> {
  const { gpu, watch } = watchedGpu();
  const names: string[] = [];
  let lost: () => void = () => {};
  const loss = new Promise<void>((resolve) => (lost = resolve));
  watch.call = (called, device) => {
    if (names.push(called) - 1 !== n) return;
    device.destroy();
    lost();
  };
  const backend = await webgpu({ gpu });
  const ended = scenario.run(backend).then(
    () => "done",
    (error: unknown) => (error as Partial<TatamiError>).code ?? String(error),
  );
  const outcome = n === undefined ? await ended : await Promise.race([ended, loss.then(() => soon(ended))]);
  await soon(backend.close());
  watch.call = undefined;
  const where = `destroyed at call ${n}, ${name}: ${outcome}`;
  if (n === undefined ? outcome !== "done" : outcome !== "device-lost" && outcome !== "done") throw new Error(where);
  if (outcome === "done" && n !== undefined && n < names.lastIndexOf("buffer.getMappedRange"))
    throw new Error(`${where}, although it was not read yet`);
  if (watch.buffers.size > 0) throw new Error(`${where}: ${watch.buffers.size} buffers were left`);
  return { calls: watch.calls, names };
}
