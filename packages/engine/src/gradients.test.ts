import {
  add,
  argmax,
  batchNorm,
  batchStatistics,
  cast,
  constant,
  conv2d,
  crossEntropy,
  detach,
  exp,
  input,
  layerNorm,
  linear,
  log,
  logSoftmax,
  matmul,
  mean,
  mul,
  relu,
  silu,
  softmax,
  square,
  sub,
  sum,
  tanh,
  transpose,
  type Tensor,
  state,
} from "@tatamijs/core";
import { describe, expect, test } from "vitest";
import { gradients } from "./gradients.ts";
import { rootsOf, topological } from "./graph.ts";
import { open } from "./open.ts";
import { draws, filters, values } from "./testing/graphs.ts";
import { interpret } from "./testing/values.ts";

/** Central differences of the interpreter along random directions. */
function check(loss: Tensor, wrt: readonly Tensor[], tolerance: number = 2e-2): void {
  const grads = gradients(loss, wrt);
  const start = new Map(
    wrt.map((w, i) => [
      w,
      values(
        w.shape.reduce((a, b) => a * b, 1),
        i + 11,
      ),
    ]),
  );
  const found = interpret(grads, start);
  const at = (w: Tensor, direction: Float32Array, h: number): number =>
    interpret([loss], new Map([...start, [w, start.get(w)!.map((v, i) => v + h * direction[i]!)]]))[0]![0]!;
  wrt.forEach((w, i) => {
    const next = draws(i + 3);
    const direction = Float32Array.from(start.get(w)!, () => next());
    const h = 1e-2;
    const slope = (at(w, direction, h) - at(w, direction, -h)) / (2 * h);
    const own = [...found[i]!].reduce((total, g, k) => total + g * direction[k]!, 0);
    expect(Math.abs(own - slope), `by ${i}: ${own} against ${slope}`).toBeLessThan(
      tolerance * Math.max(1, Math.abs(slope)),
    );
    expect(grads[i]!.shape).toEqual(w.shape);
  });
}

const [a, b] = [input([3, 4]), input([3, 4])];

describe("agree with differences", () => {
  const cases: Record<string, () => [Tensor, Tensor[]]> = {
    "a sum of many paths": () => [sum(mul(add(a, b), tanh(sub(a, mul(b, 2))))), [a, b]],
    "softmax and its log": () => [sum(mul(softmax(a, { axis: 1 }), logSoftmax(b, { axis: 0 }))), [a, b]],
    "a composite fed one value twice": () => [mean(square(matmul(a, transpose(a)))), [a]],
    "linear, its weights also its input": () => [sum(square(linear(a, a))), [a]],
    "silu, whose gradient needs its inside": () => [sum(mul(silu(add(a, 1)), b)), [a, b]],
    "layer norm": () => [sum(mul(layerNorm(a, [4]), b)), [a, b]],
    "cross-entropy": () => [crossEntropy(mul(a, b), constant([0, 3, 9], [3], "i32")), [a, b]],
    "batch norm on its own statistics": () => [
      sum(mul(batchNorm(a, { ...batchStatistics(a, 1), training: true }), b)),
      [a, b],
    ],
  };
  test.each(Object.keys(cases))("%s", (name) => check(...cases[name]!()));

  test("a convolution's filters as said", () => {
    const image = input([1, 3, 5, 5]);
    const leaf = input([2, 3, 3, 3]);
    check(mean(square(conv2d(image, transpose(leaf, [0, 3, 1, 2]), { padding: 1 }))), [image, leaf]);
  });
});

test("of a transposed leaf: read by the layer and by itself", () => {
  const w = filters(2, 3, 3, "w");
  const image = constant(values(75, 1), [1, 3, 5, 5]);
  const loss = add(sum(conv2d(image, w)), sum(mul(w, w)));
  const [dw] = gradients(loss, [w]);
  expect(dw!.shape).toEqual([2, 3, 3, 3]);
  const [dLeaf] = gradients(loss, [w.inputs[0]!]);
  const [said, turned] = interpret([dw!, transpose(dLeaf!, [0, 3, 1, 2])]);
  expect([...said!]).toEqual([...turned!]);
});

test("what the loss does not see has gradient 0; an intermediate value has one too", () => {
  const h = exp(a);
  const loss = sum(mul(h, 3));
  const [dh, db] = gradients(loss, [h, b]);
  const [x, y] = interpret([dh!, db!], new Map([[a, values(12, 1)]]));
  expect(new Set(x)).toEqual(new Set([3]));
  expect(new Set(y)).toEqual(new Set([0]));
});

test("none flows through detach", () => {
  const [da] = gradients(sum(add(mul(detach(exp(a)), a), 1)), [a]);
  const x = values(12, 1);
  const [found] = interpret([da!], new Map([[a, x]]));
  found!.forEach((g: number, i: number) => expect(g).toBeCloseTo(Math.exp(x[i]!), 5));
});

test("errors", () => {
  expect(() => gradients(a, [a])).toThrow(/one element/);
  expect(() => gradients(sum(argmax(a)), [a])).toThrow(expect.objectContaining({ code: "gradient" }));
  expect([...interpret(gradients(sum(cast(argmax(a), "f32")), [a]), new Map([[a, values(12, 1)]]))[0]!]).toEqual(
    Array.from({ length: 12 }, () => 0),
  );
});

test("the forward half keeps composites whole, unless the gradient reads their inside", () => {
  const w = state(values(8, 1), [2, 4], "w");
  const count = (loss: Tensor, name: string): number =>
    topological(rootsOf(open({ inputs: [a], outputs: [loss, ...gradients(loss, [w])] }))).filter(
      (y) => y.op.name === name,
    ).length;
  expect(count(sum(square(relu(linear(a, w)))), "linear")).toBe(1);
  expect(count(sum(square(softmax(linear(a, w), { axis: 1 }))), "softmax")).toBe(1);
  expect(count(sum(log(add(square(linear(a, w)), 1))), "linear")).toBe(1);
});

test("twenty thousand ops deep", () => {
  let y: Tensor = a;
  for (let i = 0; i < 20_000; i++) y = mul(y, 0.9999);
  const [da] = gradients(sum(y), [a]);
  expect(topological([da!]).length).toBeGreaterThan(20_000);
});
