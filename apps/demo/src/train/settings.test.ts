// What goes into an address comes back, and what a stranger wrote there does no harm.
import { expect, test } from "vitest";
import { append, none, smoothed } from "./curve.ts";
import { build, layersFrom, layersText, presets } from "./layers.ts";
import { partOf } from "./digits.ts";
import { backendFrom, fromQuery, toQuery, usual, type Settings } from "./settings.ts";

const queryOf = (settings: Settings): URLSearchParams =>
  new URLSearchParams(
    Object.entries(toQuery(settings, "webgpu", "drawn")).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    ),
  );

test("settings go into an address and come back", () => {
  expect([...queryOf(usual)]).toEqual([["on", "webgpu"]]);
  const other: Settings = {
    layers: layersFrom("c12k5s2p1-n-p2-o30-d100")!,
    optimizer: "momentum",
    rate: 0.1,
    batch: 64,
    epochs: 3,
    seed: 7,
    source: "site",
  };
  expect(fromQuery(queryOf(other), "drawn")).toEqual(other);
  expect(backendFrom(queryOf(other))).toBe("webgpu");
});

test.each(["c99k5", "c8k0", "p1", "d0", "c8", "x5", "c8k5--p2", "c8k5s9", Array(11).fill("n").join("-"), "c1e1k3"])(
  "%s is no network",
  (text) => {
    expect(layersFrom(text)).toBeUndefined();
    expect(fromQuery(new URLSearchParams({ layers: text, rate: "x", batch: "7", seed: "-1" }), "drawn")).toEqual(usual);
  },
);

test.each(Object.entries(presets))("%s can be built, and written down", (_, layers) => {
  expect(build(layers).problem).toBeUndefined();
  expect(layersFrom(layersText(layers))).toEqual(layers);
});

test("a layer that does not fit has the library's word", () => {
  const { rows, problem } = build(layersFrom("c8k5-p2-p5")!);
  expect(rows).toHaveLength(2);
  expect(problem?.row).toBe(2);
  expect(problem?.error.message).toMatch(/^maxPool2d: OH = .* is not an integer/);
});

test("LeNet here has the names and shapes of the weights that the house ships", () => {
  const { parts } = build(presets.lenet);
  const names = parts.flatMap(({ layer }, i) => Object.keys(layer.state).map((name) => `${i}.${name}`));
  expect(names).toEqual(["0.weight", "0.bias", "3.weight", "3.bias", "7.weight", "7.bias", "9.weight", "9.bias"]);
});

test.each([
  ["train-images-idx3-ubyte.gz", "train images"],
  ["t10k-labels.idx1-ubyte", "t10k labels"],
  ["test_images.bin", "t10k images"],
  ["cat.png", undefined],
])("%s is %s", (name, part) => {
  expect(partOf(name)).toBe(part);
});

test("a curve stays short, keeps its mean, and takes steps back", () => {
  let curve = none;
  for (let step = 1; step <= 5000; step += 10) curve = append(curve, step, Array(10).fill(step));
  expect(curve.steps.length).toBeLessThanOrEqual(1200);
  expect(curve.steps.at(-1)).toBeGreaterThan(4990);
  expect(curve.losses[0]).toBeLessThan(20);
  const again = append(curve, 101, [1, 2, 3, 4, 5, 6, 7, 8]);
  expect(again.steps.every((step) => step <= 108)).toBe(true);
  expect(smoothed([5, 5, 5, 5])).toEqual([5, 5, 5, 5]);
});
