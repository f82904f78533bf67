import { describe, expect, it } from "vitest";
import { ceilingModule, f32x4Ceiling } from "./f32x4.ts";

describe("f32x4 ceiling", () => {
  it("the loop with a product and a sum does what it says", () => {
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(ceilingModule(false)));
    const run = exports["run"] as (count: number, a: number, b: number) => number;
    // Each of twelve accumulators starts at b; four steps of acc · a + b a turn.
    let acc = 0.5;
    for (let i = 0; i < 8; i++) acc = acc * 0.75 + 0.5;
    expect(run(2, 0.75, 0.5)).toBeCloseTo(12 * acc, 4);
  });

  it("counts two operations for each lane of each step", () => {
    const loop = f32x4Ceiling();
    void loop.run();
    expect(loop.flops).toBe(20_000 * 4 * 12 * 4 * 2);
  });
});
