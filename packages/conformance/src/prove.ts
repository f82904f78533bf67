/** Does the kit catch what is broken? Runs each broken backend until its first failure. */
import { conformance } from "./conformance.ts";
import { brokenBackends } from "./testing/broken.ts";

export interface Proof {
  readonly name: string;
  /** The first failure; undefined when the fault went unseen. */
  readonly caught?: string;
}

export async function* prove(): AsyncGenerator<Proof> {
  for (const { name, ops, open } of brokenBackends) yield { name, ...(await firstFailure(ops, open)) };
}

async function firstFailure(
  ops: (typeof brokenBackends)[number]["ops"],
  open: (typeof brokenBackends)[number]["open"],
): Promise<{ caught?: string }> {
  for await (const { status, id, check, reason } of conformance(open, { ops })) {
    if (status === "fail") return { caught: `${id} (${check}): ${reason}` };
  }
  return {};
}
