/** Sentences recognised: expand(match(y)) = y in numbers, in either order of the operands, and nothing else is. */
import { describe, expect, test } from "vitest";
import { evaluate, list, noise } from "../testing.ts";
import * as t from "./index.ts";
import type { Activation, AnyOp, Composite, CompositeName, Shape, Tensor } from "./index.ts";

const constant = (shape: Shape, seed: number = 1): Tensor => t.constant(noise(t.sizeOf(shape), seed), shape);
const geometry = { ...t.windowGeometry([5, 5], [3, 3], { padding: 1 }, "conv2d"), groups: 1 };
const x = constant([2, 5, 5, 3]);
const conv = (of: Tensor = x, seed: number = 2): Tensor =>
  t.node(t.primitives.conv2d, [of, constant([4, 3, 3, of.shape[3]!], seed)], geometry);
const bias = constant([1, 1, 1, 4], 3);
const residual = constant([2, 5, 5, 4], 4);

function checkMatch(name: CompositeName, y: Tensor, attrs: object, alone?: t.Alone): t.Match<unknown> {
  const op = t.composites[name] as Composite<unknown>;
  const found = op.match!(y, alone)!;
  expect(found).toBeDefined();
  expect(found.attrs).toMatchObject(attrs);
  expect(found.inside).not.toContain(y);
  expect(new Set(found.inside).size).toBe(found.inside.length);
  for (const input of found.inputs) expect(found.inside).not.toContain(input);
  const again = t.node(op as AnyOp, found.inputs, found.attrs);
  expect(again.shape).toEqual(y.shape);
  const wanted = list(evaluate(y));
  list(evaluate(again)).forEach((v, i) => expect(v).toBeCloseTo(wanted[i]!, 4));
  return found;
}

const activations: readonly [Activation, (z: Tensor) => Tensor][] = [
  ["relu", t.relu],
  ["relu6", t.relu6],
  ["relu6", (z) => t.minimum(6, t.maximum(0, z))],
  ["relu6", (z) => t.maximum(t.minimum(z, 6), 0)],
  ["sigmoid", t.sigmoid],
  ["tanh", t.tanh],
  ["silu", t.silu],
  ["silu", (z) => t.mul(z, t.sigmoid(z))],
  ["silu", (z) => t.mul(t.sigmoid(z), z)],
];

describe("convBlock", () => {
  test.each(activations)("%s(conv + bias + residual), in every order", (activation, act) => {
    for (const sum of [
      t.add(t.add(conv(), bias), residual),
      t.add(residual, t.add(bias, conv())),
      t.add(t.add(conv(), residual), bias),
      t.add(bias, t.add(residual, conv())),
    ]) {
      const found = checkMatch("convBlock", act(sum), { bias: true, residual: true, activation });
      expect(found.inputs.map((i) => i.shape)).toEqual([[2, 5, 5, 3], [4, 3, 3, 3], [4], [2, 5, 5, 4]]);
    }
    checkMatch("convBlock", act(t.add(conv(), bias)), { bias: true, residual: false, activation });
    checkMatch("convBlock", act(conv()), { bias: false, residual: false, activation });
  });

  test("conv + bias, conv + residual, without an activation", () => {
    checkMatch("convBlock", t.add(bias, conv()), { bias: true, residual: false, activation: "none" });
    checkMatch("convBlock", t.add(residual, conv()), { bias: false, residual: true, activation: "none" });
  });

  test("of two convolutions in a sum, the one that nobody else reads", () => {
    const stem = conv();
    const next = conv(t.slice(stem, { end: [undefined, undefined, undefined, 3] }), 9);
    for (const y of [t.add(stem, next), t.add(next, stem)]) {
      const found = checkMatch("convBlock", y, { bias: false, residual: true }, (inner) => inner !== stem);
      expect(found.inputs.at(-1)).toBe(stem);
    }
    const shared = t.add(stem, bias);
    const found = checkMatch(
      "convBlock",
      t.relu(t.add(shared, next)),
      { bias: false, residual: true },
      (inner) => inner !== shared && inner !== stem,
    );
    expect(found.inputs.at(-1)).toBe(shared);
  });

  test("two biases, a scalar, another shape or no convolution are no block", () => {
    const { match } = t.composites.convBlock;
    expect(match!(conv())).toBeUndefined();
    expect(match!(t.relu(residual))).toBeUndefined();
    expect(match!(t.add(residual, bias))).toBeUndefined();
    expect(match!(t.add(conv(), 1))).toBeUndefined();
    expect(match!(t.add(conv(), constant([1, 5, 1, 4])))).toBeUndefined();
    expect(match!(t.sub(conv(), bias))).toBeUndefined();
    // The outer sum is one, of which the inner is the convolution and its bias; the second bias is not swallowed.
    expect(match!(t.add(t.add(conv(), bias), bias))).toBeUndefined();
  });
});

describe("linear", () => {
  const rows = constant([2, 3]);
  const weights = constant([4, 3], 2);
  const product = (): Tensor => t.node(t.primitives.matmul, [rows, weights], { ta: false, tb: true });
  test.each(activations)("%s(x·w + bias)", (activation, act) => {
    checkMatch("linear", act(t.add(product(), constant([4], 3))), { tb: true, bias: true, activation });
    checkMatch("linear", act(t.add(constant([1, 4], 3), t.matmul(rows, t.transpose(weights)))), {
      tb: false,
      bias: true,
      activation,
    });
    checkMatch("linear", act(product()), { bias: false, activation });
    checkMatch("linear", act(t.linear(rows, weights, constant([4], 3))), { bias: true, activation });
  });
  test("x·w + bias; not x·w alone, nor aᵀ·b, nor products of more axes", () => {
    checkMatch("linear", t.add(product(), constant([4], 3)), { bias: true, activation: "none" });
    const { match } = t.composites.linear;
    expect(match!(product())).toBeUndefined();
    expect(match!(t.linear(rows, weights))).toBeUndefined();
    expect(
      match!(t.relu(t.node(t.primitives.matmul, [constant([3, 2]), weights], { ta: true, tb: true }))),
    ).toBeUndefined();
    expect(match!(t.relu(t.matmul(constant([2, 2, 3]), constant([2, 3, 4]))))).toBeUndefined();
    expect(match!(t.add(product(), constant([2, 1])))).toBeUndefined();
  });
});

test("softmax, silu, gelu", () => {
  const z = constant([3, 4]);
  checkMatch("softmax", t.expansion(t.softmax(z, { axis: 0 })), { axis: 0 });
  const shifted = t.exp(t.sub(z, t.max(z, { axis: 1, keepDims: true })));
  checkMatch("softmax", t.div(shifted, t.sum(shifted, { axis: 1, keepDims: true })), { axis: 1 });
  expect(t.composites.softmax.match!(t.div(shifted, t.sum(shifted, { axis: 0, keepDims: true })))).toBeUndefined();
  checkMatch("silu", t.mul(t.sigmoid(z), z), {});
  expect(t.composites.silu.match!(t.mul(t.sigmoid(z), t.tanh(z)))).toBeUndefined();
  expect(t.composites.silu.match!(t.silu(z))).toBeUndefined();
  const gate = t.add(1, t.erf(t.div(z, Math.SQRT2)));
  checkMatch("gelu", t.expansion(t.gelu(z)), {});
  checkMatch("gelu", t.mul(gate, t.mul(0.5, z)), {});
  checkMatch("gelu", t.mul(0.5, t.mul(z, gate)), {});
  checkMatch("gelu", t.mul(t.mul(gate, z), 0.5), {});
  expect(t.composites.gelu.match!(t.mul(t.mul(gate, z), 0.4))).toBeUndefined();
  expect(t.composites.gelu.match!(t.mul(t.mul(gate, t.tanh(z)), 0.5))).toBeUndefined();
  expect(t.composites.gelu.match!(t.mul(z, z))).toBeUndefined();
});
