/** The conformance kit on a backend of this device: the very cases that tatami's own tests run. */
import { chosen, report, type Report, type Result } from "@tatamijs/conformance";
import type { OpName } from "@tatamijs/core";
import { open, type BackendName } from "tatamijs";

/** Tells results in lots, ten times a second. @throws TatamiError `backend` when it does not open (rejects). */
export async function kit(
  name: BackendName,
  ops: readonly OpName[],
  tell: (results: readonly Result[], done: number, all: number) => void,
): Promise<Report> {
  const backend = await open(name);
  const items = [...chosen({ ops })];
  const results: Result[] = [];
  let [said, told] = [performance.now(), 0];
  try {
    for (const [k, item] of items.entries()) {
      for await (const result of item.check(backend)) results.push(result);
      if (performance.now() - said < 100 && k + 1 < items.length) continue;
      tell(results.slice(told), k + 1, items.length);
      said = performance.now();
      told = results.length;
    }
    return report(backend, results);
  } finally {
    await backend.close();
  }
}
