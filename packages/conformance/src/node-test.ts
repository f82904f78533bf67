/** The kit in node:test: one test for each case. */
import { after, before, describe, test } from "node:test";
import { chosen, opened, type Open, type Options } from "./conformance.ts";
import { groupBy } from "./group.ts";
import type { AnyBackend } from "./memory.ts";
import { failuresOf, whyNot } from "./report.ts";
import type { Result } from "./result.ts";

/** Registers the tests. A declined case is a skipped test that says why; a backend that does not open fails them all. */
export function conformance(open: Open, options: Options = {}): void {
  let backend: AnyBackend | undefined;
  before(async () => {
    const got = await opened(open);
    if ("failure" in got) throw new Error(got.failure.reason);
    ({ backend } = got);
  });
  after(async () => backend?.close());
  for (const [op, items] of groupBy(chosen(options), (one) => one.op)) {
    describe(op, () => {
      for (const one of items) {
        test(one.id, async (context) => {
          const results: Result[] = [];
          for await (const result of one.check(backend!)) results.push(result);
          const failures = failuresOf(results);
          if (failures !== undefined) throw new Error(failures);
          const reason = whyNot(results);
          if (reason !== undefined) context.skip(reason);
        });
      }
    });
  }
}
