/** The kit in node:test: one test for each case. */
import { after, before, describe, test } from "node:test";
import { chosen, opened, type Open, type Options } from "./conformance.ts";
import { groupBy } from "./group.ts";
import { failuresOf, whyNot } from "./report.ts";
import type { Result } from "./result.ts";

/** Registers the tests. A declined case is a skipped test that says why; a backend that does not open fails them all. */
export function conformance(open: Open, options: Options = {}): void {
  let got: Awaited<ReturnType<typeof opened>> | undefined;
  before(async () => {
    got = await opened(open);
  });
  after(async () => (got !== undefined && "backend" in got ? got.backend.close() : undefined));
  for (const [op, items] of groupBy(chosen(options), (one) => one.op)) {
    describe(op, () => {
      for (const one of items) {
        test(one.id, async (context) => {
          // Said in every test, so that a backend that does not open leaves nothing that looks skipped.
          if (got === undefined || "failure" in got) throw new Error(got?.failure.reason);
          const results: Result[] = [];
          for await (const result of one.check(got.backend)) results.push(result);
          const failures = failuresOf(results);
          if (failures !== undefined) throw new Error(failures);
          const reason = whyNot(results);
          if (reason !== undefined) context.skip(reason);
        });
      }
    });
  }
}
