/** The conformance kit on a backend of this device: the very cases that tatami's own tests run. */
import { chosen, report, type Item, type Report, type Result } from "@tatamijs/conformance";
import type { OpName } from "@tatamijs/core";
import { open, type BackendName, type OpenedBackend } from "tatamijs";

interface Opened {
  readonly backend: OpenedBackend;
  /** The device of it. */
  lost: boolean;
}

/** @throws TatamiError `backend` (rejects). */
async function opened(name: BackendName): Promise<Opened> {
  const one: Opened = { backend: await open(name), lost: false };
  void one.backend.lost.then(() => (one.lost = true));
  return one;
}

async function checked(item: Item, { backend }: Opened): Promise<readonly Result[]> {
  const results: Result[] = [];
  for await (const result of item.check(backend)) results.push(result);
  return results;
}

/**
 * Tells results in lots, ten times a second. A device that is lost on the way says nothing of a case: it is asked of another.
 * @throws TatamiError `backend` when it does not open (rejects).
 */
export async function kit(
  name: BackendName,
  ops: readonly OpName[],
  tell: (results: readonly Result[], done: number, all: number) => void,
): Promise<Report> {
  let one = await opened(name);
  const items = [...chosen({ ops })];
  const results: Result[] = [];
  let [said, told] = [performance.now(), 0];
  try {
    for (const [k, item] of items.entries()) {
      let found = await checked(item, one);
      if (one.lost) {
        one = await opened(name);
        found = await checked(item, one);
      }
      results.push(...found);
      if (performance.now() - said < 100 && k + 1 < items.length) continue;
      tell(results.slice(told), k + 1, items.length);
      said = performance.now();
      told = results.length;
    }
    return report(one.backend, results);
  } finally {
    await one.backend.close();
  }
}
