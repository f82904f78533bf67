/** The kit in vitest: a backend's whole test file is `conformance(() => cpu())`. One test for each case. */
import { afterAll, beforeAll, describe, test } from "vitest";
import { chosen, opened, type Item, type Open, type Options } from "./conformance.ts";
import { groupBy } from "./group.ts";
import { failuresOf, whyNot } from "./report.ts";
import type { Result } from "./result.ts";

/**
 * Registers the tests. A declined case is a skipped test that says why; a backend that does not open fails them all.
 * Several backends by name (the builds of one, say) share the cases, so the oracle works each out once.
 */
export function conformance(open: Open | Readonly<Record<string, Open>>, options: Options = {}): void {
  const items = [...chosen(options)];
  if (typeof open === "function") register(open, items);
  else {
    for (const [name, one] of Object.entries(open)) {
      describe(name, () => {
        register(one, items);
      });
    }
  }
}

function register(open: Open, items: readonly Item[]): void {
  let got: Awaited<ReturnType<typeof opened>> | undefined;
  beforeAll(async () => {
    got = await opened(open);
  });
  afterAll(async () => (got !== undefined && "backend" in got ? got.backend.close() : undefined));
  for (const [op, cases] of groupBy(items, (one) => one.op)) {
    describe(op, () => {
      for (const one of cases) {
        test(one.id, async ({ skip, task }) => {
          // Said in every test, so that a backend that does not open leaves nothing that looks skipped.
          if (got === undefined || "failure" in got) throw new Error(got?.failure.reason);
          const results: Result[] = [];
          for await (const result of one.check(got.backend)) results.push(result);
          const failures = failuresOf(results);
          if (failures !== undefined) throw new Error(failures);
          const reason = whyNot(results);
          if (reason === undefined) return;
          // Reporters pass a test's `meta` on, but not why it was skipped.
          Object.assign(task.meta, { skipped: reason });
          skip(reason);
        });
      }
    });
  }
}
