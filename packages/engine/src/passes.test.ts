/** Every pass changes what is computed, never what it is: with and without each, on real graphs and drawn ones, on backends of every kind. */
import { describe, expect, test } from "vitest";
import type { CompileOptions } from "./compile.ts";
import { check, kinds } from "./testing/equal.ts";
import { drawn, leNet, oddities, residualBlock, type Sample } from "./testing/graphs.ts";

const settings: Readonly<Record<string, CompileOptions>> = {
  all: {},
  none: {
    passes: { fold: false, affine: false, recognise: false, fuse: false },
    reorder: false,
    inPlace: false,
    reuse: false,
  },
  unfolded: { passes: { fold: false } },
  "without affine": { passes: { affine: false } },
  unrecognised: { passes: { recognise: false } },
  unfused: { passes: { fuse: false } },
  "in the graph's order": { reorder: false },
  "not in place": { inPlace: false },
  unplanned: { reuse: false, reorder: false },
};

const samples: Readonly<Record<string, () => Sample>> = {
  LeNet: () => leNet(3, false),
  "LeNet in training": () => leNet(3, true),
  "residual block": () => residualBlock(false),
  "residual block in training": () => residualBlock(true),
  oddities,
};

describe.each(Object.entries(samples))("%s", (_, sample) => {
  test.each(Object.keys(settings))("%s", async (name) => {
    const { graph, runs } = sample();
    for (const make of Object.values(kinds)) await check(graph, runs, make(), settings[name]);
  });
});

const count = process.env["TATAMI_ALL"] === "1" ? 400 : 25;
describe("drawn graphs", () => {
  test.each(Object.keys(settings))("%s", async (name) => {
    const makes = Object.values(kinds);
    for (let seed = 1; seed <= count; seed++) {
      const { graph, runs } = drawn(seed);
      try {
        await check(graph, runs, makes[seed % makes.length]!(), settings[name]);
      } catch (error) {
        expect.fail(`seed ${seed}: ${String(error)}`);
      }
    }
  });
});
