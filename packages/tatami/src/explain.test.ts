/**
 * What explanations say is what backends compute: every cell of layers of random geometry, in whole numbers, so that they must
 * be equal; and of networks, where a NaN in a pixel tells which cells depend on it.
 */
import {
  avgPool2d,
  constant,
  conv1d,
  conv2d,
  convTranspose2d,
  linear,
  maxPool2d,
  relu,
  type Padding,
  type Pair,
  type Rounding,
  type Tensor,
  sizeOf,
} from "@tatamijs/core";
import type { Backend } from "@tatamijs/core/backend";
import { explainer, type Explained, type Field } from "@tatamijs/core/explain";
import { cpu } from "@tatamijs/backend-cpu";
import { wasm } from "@tatamijs/backend-wasm";
import * as nn from "@tatamijs/nn";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { evaluate, gradients, sum as sumOf, type Value } from "./index.ts";

let backends: Backend[] = [];
beforeAll(async () => {
  backends = [cpu(), await wasm({ threads: 1 })];
});
afterAll(() => Promise.all(backends.map((backend) => backend.close())));

/** Whole numbers below `n`, the same in every run. */
function dice(seed: number) {
  const generator = nn.generator(seed);
  const below = (n: number): number => Math.floor(generator.next() * n);
  return {
    below,
    from: (least: number, most: number): number => least + below(most - least + 1),
    of: <T>(items: readonly T[]): T => items[below(items.length)]!,
    /** Numbers from −4 to 4: their sums are exact in f32. */
    values: (...shape: number[]): Tensor =>
      constant(
        Float32Array.from({ length: sizeOf(shape) }, () => below(9) - 4),
        shape,
      ),
  };
}
type Dice = ReturnType<typeof dice>;

const pair = (d: Dice, least: number, most: number): Pair => [d.from(least, most), d.from(least, most)];

interface Case {
  readonly name: string;
  readonly x: Tensor;
  layer(x: Tensor): Tensor;
}

function padding(d: Dice, most: number): Padding {
  const sides = (): Pair => pair(d, 0, most);
  return d.of<Padding>([0, d.from(0, most), "same", "valid", sides(), [sides(), sides()]]);
}

const rounding = (d: Dice): Rounding => d.of(["floor", "ceil"]);

/** A size that the kernel fits into. */
const room = (kernel: Pair, dilation: Pair, d: Dice): Pair =>
  [0, 1].map((i) => (kernel[i]! - 1) * dilation[i]! + 1 + d.below(4)) as unknown as Pair;

const kinds: Readonly<Record<string, (d: Dice) => Case>> = {
  conv2d(d) {
    const [groups, kernel, dilation] = [d.of([1, 1, 2, 3]), pair(d, 1, 3), pair(d, 1, 2)];
    const [c, fn] = [groups * d.from(1, 2), groups * d.from(1, 2)];
    const w = d.values(fn, c / groups, ...kernel);
    const options = { stride: pair(d, 1, 3), padding: padding(d, 2), dilation, groups, rounding: rounding(d) };
    const bias = d.of([undefined, d.values(fn), d.values(fn, 1, 1)]);
    const activation = d.of([relu, (x: Tensor) => x]);
    return {
      name: JSON.stringify({ ...options, kernel, bias: bias?.shape }),
      x: d.values(d.from(1, 2), c, ...room(kernel, dilation, d)),
      layer: (x) => activation(conv2d(x, w, { ...options, bias })),
    };
  },
  border(d) {
    const w = d.values(2, 1, 3, 3);
    const paddingMode = d.of(["reflect", "replicate", "circular"] as const);
    const sides: Pair<Pair> = [pair(d, 0, 2), pair(d, 0, 2)];
    return {
      name: JSON.stringify({ paddingMode, sides }),
      x: d.values(1, 1, 4, 5),
      layer: (x) => conv2d(x, w, { padding: sides, paddingMode }),
    };
  },
  conv1d(d) {
    const w = d.values(2, 3, 3);
    const options = { stride: d.from(1, 2), padding: d.from(0, 2), rounding: rounding(d) };
    return { name: JSON.stringify(options), x: d.values(2, 3, 7), layer: (x) => conv1d(x, w, options) };
  },
  convTranspose2d(d) {
    const [groups, kernel, stride] = [d.of([1, 1, 2, 3]), pair(d, 1, 3), pair(d, 1, 3)];
    const c = groups * d.from(1, 2);
    const w = d.values(c, d.from(1, 2), ...kernel);
    const outputPadding: Pair = [d.below(stride[0]), d.below(stride[1])];
    const options = { stride, dilation: pair(d, 1, 2), outputPadding, groups };
    const bias = d.of([undefined, d.values(w.shape[1]! * groups)]);
    return {
      name: JSON.stringify({ ...options, kernel, bias: bias?.shape }),
      x: d.values(d.from(1, 2), c, d.from(2, 4), d.from(2, 4)),
      layer: (x) => convTranspose2d(x, w, { ...options, bias, padding: 0 }),
    };
  },
  "convTranspose2d, cropped"(d) {
    const w = d.values(1, 2, 3, 3);
    const sides: Pair<Pair> = [pair(d, 0, 2), pair(d, 0, 2)];
    return {
      name: JSON.stringify({ sides }),
      x: d.values(1, 3, 4),
      layer: (x) => convTranspose2d(x, w, { padding: sides, stride: 2 }),
    };
  },
  maxPool2d(d) {
    const [kernel, dilation] = [pair(d, 1, 3), pair(d, 1, 2)];
    const options = {
      stride: pair(d, 1, 3),
      dilation,
      rounding: rounding(d),
      padding: kernel.map((k) => d.below(Math.floor(k / 2) + 1)) as unknown as Pair,
    };
    return {
      name: JSON.stringify({ ...options, kernel }),
      x: d.values(2, 2, ...room(kernel, dilation, d)),
      layer: (x) => maxPool2d(x, kernel, options),
    };
  },
  // Windows of 1, 2 and 4 elements: their means are exact.
  avgPool2d(d) {
    const kernel: Pair = d.of([
      [2, 2],
      [1, 2],
      [2, 1],
    ]);
    const options = {
      stride: pair(d, 1, 3),
      rounding: rounding(d),
      padding: kernel.map((k) => d.below(k)) as unknown as Pair,
      countIncludePad: d.of([true, false]),
    };
    return {
      name: JSON.stringify({ ...options, kernel }),
      x: d.values(2, 2, d.from(2, 5), d.from(2, 5)),
      layer: (x) => avgPool2d(x, kernel, options),
    };
  },
  linear(d) {
    const [w, bias] = [d.values(3, 5), d.of([undefined, d.values(3)])];
    return { name: JSON.stringify({ bias: bias?.shape }), x: d.values(2, 5), layer: (x) => linear(x, w, bias) };
  },
};

const drawn = (draw: (d: Dice) => Case): Case[] => Array.from({ length: 25 }, (_, seed) => draw(dice(1000 + seed)));

describe.each(Object.entries(kinds))("%s", (_, draw) => {
  test("of 25 geometries, each cell is what both backends compute", async () => {
    for (const { name, x, layer } of drawn(draw)) {
      const told = explainer(layer, x);
      const mine = cellsOf(told.output).map(([n, f, y, i]) => told.explain({ n, f, y, x: i }).value + 0);
      for (const value of await both(layer(x)))
        expect(
          Array.from(value.data, (v) => v + 0),
          name,
        ).toEqual(mine);
    }
  });

  test("what all input cells feed adds up to the sums", () => {
    for (const { name, x, layer } of drawn(draw)) {
      const told = explainer(layer, x);
      const cells = cellsOf(told.output);
      const sums = new Map(cells.map((cell) => [String(cell), 0]));
      for (const [n, c, y, i] of cellsOf(told.input)) {
        for (const fed of told.feeds({ n, c, y, x: i }).cells) {
          const to = String([n, fed.f, fed.y, fed.x]);
          sums.set(to, sums.get(to)! + fed.product);
        }
      }
      for (const [n, f, y, i] of cells) {
        expect(sums.get(String([n, f, y, i])), name).toBeCloseTo(told.explain({ n, f, y, x: i }).sum, 12);
      }
    }
  });
});

test.each(["conv2d", "border", "conv1d", "linear"])(
  "im2col of %s gives the same sums, and its indices agree both ways",
  (kind) => {
    for (const { name, x, layer } of drawn(kinds[kind]!)) {
      const told = explainer(layer, x);
      const groups = told.output[1] / told.im2col().filters.length;
      for (const laid of Array.from({ length: groups }, (_, group) => told.im2col(group))) {
        for (const [r, { n, y, x: i }] of laid.rows.entries()) {
          for (const [k, f] of laid.filters.entries()) {
            const { sum, bias = 0 } = told.explain({ n, f, y, x: i });
            expect(laid.product[r]![k], name).toBe(sum + bias);
          }
        }
        const there = laid.from.flatMap((row, r) => row.flatMap((at, k) => (at < 0 ? [] : [`${at} ${r} ${k}`])));
        const back = laid.to.flatMap((places, at) => places.map(([r, k]) => `${at} ${r} ${k}`));
        expect(back.toSorted(), name).toEqual(there.toSorted());
      }
    }
  },
);

test.each(Object.entries(kinds))("%s: the weights of all that a cell feeds are its gradient", async (_, draw) => {
  for (const { name, x, layer } of drawn(draw)) {
    const told = explainer(layer, x);
    if (told.explain({ f: 0 }).steps.length > 0) continue;
    const [dx] = gradients(sumOf(layer(x)), [x]);
    const mine = cellsOf(told.input).map(([n, c, y, i]) =>
      told.feeds({ n, c, y, x: i }).cells.reduce((all, { weight }) => all + weight, 0),
    );
    for (const value of await both(dx!))
      expect(
        Array.from(value.data, (v) => v + 0),
        name,
      ).toEqual(mine);
  }
});

describe("networks", () => {
  const random = { generator: nn.generator(7) };
  const networks: Readonly<Record<string, { shape: number[]; layers: Explained & readonly unknown[] }>> = {
    "convolutions and pooling": {
      shape: [1, 2, 11, 9],
      layers: [
        nn.conv2d(2, 3, 3, { ...random, padding: 1 }),
        nn.batchNorm2d(3),
        nn.relu(),
        nn.maxPool2d(2, { rounding: "floor" }),
        nn.conv2d(3, 2, 3, {
          ...random,
          dilation: 2,
          padding: [
            [2, 0],
            [1, 1],
          ],
        }),
        nn.sigmoid(),
      ],
    },
    "up again": {
      shape: [1, 1, 6, 6],
      layers: [
        nn.conv2d(1, 2, 2, { ...random, stride: 2 }),
        nn.relu(),
        nn.convTranspose2d(2, 1, 3, { ...random, stride: 2 }),
      ],
    },
    "a shortcut": {
      shape: [1, 2, 5, 5],
      layers: [nn.residual(nn.conv2d(2, 2, 3, { ...random, padding: 1 })), nn.avgPool2d(2, { stride: 1 })],
    },
    "a dense end": {
      shape: [1, 1, 6, 6],
      layers: [nn.conv2d(1, 2, 3, random), nn.relu(), nn.flatten(), nn.linear(32, 3, random)],
    },
  };

  test.each(Object.entries(networks))(
    "%s: cells are what the backends compute, fields what a NaN reaches",
    async (_, { shape, layers }) => {
      const data = Float32Array.from({ length: sizeOf(shape) }, () => random.generator.next() - 0.5);
      const model = nn.sequential(...(layers as readonly never[]));
      const run = (values: Float32Array): Promise<Value[]> =>
        both(model.forward(constant(values, shape), nn.inference()));
      const told = explainer(layers, { shape, data });
      const [exact, vector] = await run(data);
      const cells = cellsOf(told.output).map(([n, f, y, x]) => told.explain({ n, f, y, x }));
      for (const [i, cell] of cells.entries()) {
        expect(exact!.data[i]).toBeCloseTo(cell.value, 5);
        expect(vector!.data[i]).toBeCloseTo(cell.value, 5);
      }
      const pixels = cellsOf([shape[0]!, shape[1]!, shape[2]!, shape[3]!]);
      const fields: Rows[] = cells.map(() => []);
      const reaches: Rows[] = pixels.map(() => []);
      for (const [at, [, , row, column]] of pixels.entries()) {
        const [value] = await run(data.with(at, NaN));
        for (const [i, { cell }] of cells.entries()) {
          if (!Number.isNaN(value!.data[i])) continue;
          fields[i]!.push([row, column]);
          reaches[at]!.push([cell.y, cell.x]);
        }
      }
      expect(cells.map((cell) => cell.field)).toEqual(fields.map(around));
      expect(pixels.map(([n, c, y, x]) => told.reach({ n, c, y, x }))).toEqual(reaches.map(around));
    },
  );
});

type Rows = (readonly [row: number, column: number])[];

/** The rectangle around places. */
function around(places: Rows): Field | undefined {
  const ends = (values: readonly number[]): [number, number] => [Math.min(...values), Math.max(...values)];
  return places.length === 0
    ? undefined
    : { rows: ends(places.map(([y]) => y)), columns: ends(places.map(([, x]) => x)) };
}

/** All cells of a map, in its order. */
function cellsOf([count, channels, height, width]: readonly [number, number, number, number]): [
  number,
  number,
  number,
  number,
][] {
  return Array.from({ length: count * channels * height * width }, (_, i) => [
    Math.floor(i / (channels * height * width)),
    Math.floor(i / (height * width)) % channels,
    Math.floor(i / width) % height,
    i % width,
  ]);
}

function both(y: Tensor): Promise<Value[]> {
  return Promise.all(backends.map((backend) => evaluate(y, { backend })));
}
