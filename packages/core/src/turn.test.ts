/** The answers that let the engine move transpositions: `turn`, `reads`, `scaled`; each by its law, in numbers. */
import { describe, expect, test } from "vitest";
import { evaluate, list, noise } from "../testing.ts";
import * as t from "./index.ts";
import type { AnyOp, Perm, Shape, Tensor } from "./index.ts";

const constant = (shape: Shape, seed: number = 1): Tensor => t.constant(noise(t.sizeOf(shape), seed), shape);
const bools = (shape: Shape): Tensor => t.greater(constant(shape, 5), 0);

const perms: readonly Perm[] = [
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
  [0, 2, 1],
];

const cases: readonly [string, AnyOp, readonly Tensor[], unknown][] = [
  ["unary", t.primitives.unary, [constant([2, 3, 4])], { fn: "tanh" }],
  ["binary", t.primitives.binary, [constant([2, 3, 4]), constant([1, 3, 1], 2)], { fn: "sub" }],
  ["select", t.primitives.select, [bools([2, 1, 4]), constant([2, 3, 4]), constant([1, 3, 1])], {}],
  ["cast", t.primitives.cast, [constant([2, 3, 4])], { dtype: "f16" }],
  ["detach", t.primitives.detach, [constant([2, 3, 4])], {}],
  ["reduce", t.primitives.reduce, [constant([2, 3, 4])], { fn: "sum", axes: [0, 2] }],
  ["argReduce", t.primitives.argReduce, [constant([2, 3, 4])], { fn: "max", axis: 1 }],
  ["broadcast", t.primitives.broadcast, [constant([2, 1, 4])], { shape: [2, 3, 4] }],
  ["slice", t.primitives.slice, [constant([4, 3, 5])], { starts: [1, 0, 1], sizes: [2, 3, 2], steps: [2, 1, 3] }],
  [
    "pad",
    t.primitives.pad,
    [constant([2, 3, 2])],
    { before: [1, 0, 2], after: [0, 1, 3], interior: [2, 0, 1], value: 7 },
  ],
  ["concat", t.primitives.concat, [constant([2, 3, 4]), constant([2, 1, 4], 2)], { axis: 1 }],
  ["softmax", t.composites.softmax, [constant([2, 3, 4])], { axis: 1 }],
  ["logSoftmax", t.composites.logSoftmax, [constant([2, 3, 4])], { axis: 2 }],
  ["gelu", t.composites.gelu, [constant([2, 3, 4])], {}],
  ["silu", t.composites.silu, [constant([2, 3, 4])], {}],
  [
    "layerNorm",
    t.composites.layerNorm,
    [constant([2, 3, 4]), constant([1, 3, 4], 2), constant([1, 3, 4], 3)],
    { axes: [1, 2], epsilon: 0.1 },
  ],
  [
    "groupNorm",
    t.composites.groupNorm,
    [constant([2, 4, 3]), constant([4], 2), constant([4], 3)],
    { groups: 2, axis: 1, batch: 0, epsilon: 0.1 },
  ],
  [
    "batchNorm",
    t.composites.batchNorm,
    [constant([2, 4, 3]), constant([4], 2), t.abs(constant([4], 3)), constant([4], 4), constant([4], 5)],
    { axis: 1, epsilon: 0.1, training: false },
  ],
  [
    "mapReduce",
    t.composites.mapReduce,
    [constant([2, 3, 4]), constant([1, 3, 1], 2)],
    {
      steps: [{ op: "binary", attrs: { fn: "mul" }, inputs: [0, 1] }],
      fn: "sum",
      axes: [0, 1],
    } satisfies t.MapReduceAttrs,
  ],
  [
    "map",
    t.composites.map,
    [constant([2, 3, 4]), constant([1, 3, 1], 2)],
    {
      steps: [
        { op: "binary", attrs: { fn: "mul" }, inputs: [0, 1] },
        { op: "binary", attrs: { fn: "less" }, inputs: [2, 0] },
        { op: "unary", attrs: { fn: "exp" }, inputs: [2] },
        { op: "select", attrs: {}, inputs: [3, 4, 0] },
        { op: "cast", attrs: { dtype: "i32" }, inputs: [5] },
      ],
    } satisfies t.MapAttrs,
  ],
];

describe("op(turned operands; turned attrs) = the result turned", () => {
  test.each(cases)("%s", (_, op, inputs, attrs) => {
    const y = t.node(op, inputs, attrs);
    for (const perm of perms) {
      const turned = t.node(
        op,
        inputs.map((x) => (x.shape.length === y.shape.length ? t.transpose(x, perm) : x)),
        op.turn!(perm, attrs),
      );
      const wanted = t.transpose(y, perm);
      expect(turned.shape).toEqual(wanted.shape);
      const values = list(evaluate(wanted));
      list(evaluate(turned)).forEach((v, i) => expect(v).toBeCloseTo(values[i]!, 5));
    }
  });

  test("every op that turns is tried here, and none turns whose layout is fixed", () => {
    const turning = Object.values<AnyOp>({ ...t.primitives, ...t.composites }).filter((op) => op.turn !== undefined);
    const tried = new Set(cases.map(([name]) => name));
    expect(turning.map((op) => op.name).filter((name) => !tried.has(name))).toEqual([]);
  });
});

describe("an operand that arrives turned is said in attrs", () => {
  const swap: Perm = [1, 0];
  test.each([
    [false, false],
    [true, false],
    [false, true],
    [true, true],
  ])("matmul, ta %s, tb %s", (ta, tb) => {
    const a = constant(ta ? [3, 2] : [2, 3]);
    const b = constant(tb ? [4, 3] : [3, 4], 2);
    const wanted = list(evaluate(t.node(t.primitives.matmul, [a, b], { ta, tb })));
    const { reads } = t.primitives.matmul;
    expect(
      list(evaluate(t.node(t.primitives.matmul, [t.transpose(a, swap), b], reads!(0, swap, { ta, tb })!))),
    ).toEqual(wanted);
    expect(
      list(evaluate(t.node(t.primitives.matmul, [a, t.transpose(b, swap)], reads!(1, swap, { ta, tb })!))),
    ).toEqual(wanted);
    expect(reads!(0, [0, 1, 2], { ta, tb })).toBeUndefined();
    expect(reads!(0, [1, 0, 2], { ta, tb })).toBeUndefined();
    expect(reads!(0, [0, 2, 1], { ta, tb })).toEqual({ ta: !ta, tb });
  });

  test("linear reads its weights either way, its rows only one", () => {
    const attrs: t.LinearAttrs = { tb: true, bias: false, activation: "tanh" };
    const [x, w] = [constant([2, 3]), constant([4, 3], 2)];
    const wanted = list(evaluate(t.node(t.composites.linear, [x, w], attrs)));
    expect(
      list(evaluate(t.node(t.composites.linear, [x, t.transpose(w)], t.composites.linear.reads!(1, swap, attrs)!))),
    ).toEqual(wanted);
    expect(t.composites.linear.reads!(0, swap, attrs)).toBeUndefined();
  });
});

describe("scaled by output channel", () => {
  const near = (y: Tensor, s: Tensor): void => {
    const op = y.op as t.Primitive<unknown>;
    const scaled = op.scaled!(y, s)!;
    const wanted = list(evaluate(t.mul(y, s)));
    list(evaluate(scaled)).forEach((v, i) => expect(v).toBeCloseTo(wanted[i]!, 5));
  };
  test.each([
    [false, false],
    [true, true],
    [false, true],
  ])("matmul, ta %s, tb %s", (ta, tb) => {
    const y = t.node(t.primitives.matmul, [constant(ta ? [3, 2] : [2, 3]), constant(tb ? [4, 3] : [3, 4], 2)], {
      ta,
      tb,
    });
    near(y, constant([1, 4], 3));
    near(y, constant([1, 1], 3));
    expect(t.primitives.matmul.scaled!(y as never, constant([2, 4]))).toBeUndefined();
    expect(t.primitives.matmul.scaled!(y as never, constant([4]))).toBeUndefined();
  });
  test("conv2d", () => {
    const geometry = t.windowGeometry([4, 4], [3, 3], {}, "conv2d");
    const y = t.node(t.primitives.conv2d, [constant([1, 4, 4, 2]), constant([4, 3, 3, 1], 2)], {
      ...geometry,
      groups: 2,
    });
    near(y, constant([1, 1, 1, 4], 3));
    near(y, constant([1, 1, 1, 1], 3));
    expect(t.primitives.conv2d.scaled!(y as never, constant([1, 2, 1, 4]))).toBeUndefined();
  });
});
