import { expect, test } from "vitest";
import { lossAt } from "./testing/losing.ts";
import { descent, forward, training } from "./testing/scenarios.ts";

test.each([descent, forward, training])(
  "$name: lost at every call of the API",
  async (scenario) => {
    const { calls, names } = await lossAt(scenario, undefined);
    expect(calls).toBeGreaterThan(50);
    for (let n = 0; n < calls; n++) await lossAt(scenario, n, names[n]);
  },
  3_600_000,
);
