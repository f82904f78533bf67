import { describe, expect, it } from "vitest";
import type { SweepRow } from "./sweep.ts";
import { bestOf, sweepLine, sweepNotes, sweepSection } from "./sweepTable.ts";

const cell = { single: 3, first: 500 };
const row: SweepRow = {
  name: "c",
  title: "1×1 256→64 @56",
  multiplyAdds: 50e6,
  cells: {
    direct: { ...cell, busy: 2, error: 1e-7 },
    gpu: { ...cell, busy: 1, error: 1e-7 },
    quick: { ...cell, busy: 0.1, error: 0.5 },
    none: { failed: "no such tile\nat all" },
  },
};
const ways = Object.keys(row.cells);

describe("the sweep's table", () => {
  it("the best is the fastest of the right ones", () => {
    expect(bestOf(row)).toEqual({ way: "gpu", speed: 100 });
    expect(bestOf({ ...row, cells: { none: row.cells["none"]! } })).toBeUndefined();
  });

  it("tells times, GF/s and shares, and what is wrong", () => {
    const line = sweepLine(row, ways, { ceiling: 200, peak: 400 });
    expect(line).toMatch(/2\.00 50\.0 +1\.00 100 +\.100 WRONG +– +gpu 50\.0% 25\.0%$/);
    expect(sweepNotes([row])).toEqual([
      "c, quick: its answer is off by 5e-1 of the largest value",
      "c, none: no such tile",
    ]);
  });

  it("writes its section", () => {
    const machine = { date: "2026-01-02", processor: "a processor", cores: 2, node: "24", v8: "13" };
    const sweep = { adapter: "nvidia / hopper", ceiling: 200, ways, rows: [row] };
    const section = sweepSection(sweep, machine, undefined, "pnpm bench:gpu");
    expect(section).toContain("2026-01-02; nvidia / hopper; a processor, 2 cores; Node 24. `pnpm bench:gpu`");
    expect(section).toMatch(/\| 1×1 256→64 @56 \| +2\.00 50\.0 \| .* \| +gpu \| +50\.0% \|/);
    expect(section).toMatch(/\| 1×1 256→64 @56 +\| +gpu \| +3\.00 \| +500 \|/);
  });
});
