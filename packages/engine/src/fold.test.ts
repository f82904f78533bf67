import {
  add,
  batchNorm,
  batchStatistics,
  concat,
  constant,
  conv2d,
  detach,
  div,
  flatten,
  input,
  linear,
  maxPool2d,
  mean,
  mul,
  relu,
  reshape,
  state,
  sub,
  sum,
  transpose,
  less,
  cast,
  matmul,
  crossEntropy,
  type Tensor,
} from "@tatamijs/core";
import { describe, expect, test } from "vitest";
import { fold } from "./fold.ts";
import { gradients } from "./gradients.ts";
import { rootsOf, topological, type Graph } from "./graph.ts";
import { open } from "./open.ts";
import { simplify } from "./simplify.ts";
import { storedUpdates } from "./settle.ts";

const folded = (y: Tensor): Tensor => simplify({ inputs: [], outputs: [y] }).outputs[0]!;
const names = (graph: Graph): string[] => topological(rootsOf(graph)).map((y) => y.op.name);
const count = (graph: Graph, name: string): number => names(graph).filter((n) => n === name).length;
const x = input([2, 3]);

describe("identities are said by the op", () => {
  test.each<[string, Tensor]>([
    ["x + 0", add(x, 0)],
    ["0 + x", add(0, x)],
    ["x − 0", sub(x, 0)],
    ["x · 1", mul(x, 1)],
    ["x / 1", div(x, 1)],
    ["x · ones", mul(x, constant(new Float32Array(6).fill(1), [2, 3]))],
    ["detach", detach(x)],
    ["reshape there and back", reshape(reshape(x, [6]), [2, 3])],
    ["transposed there and back", transpose(transpose(x))],
  ])("%s", (_, y) => expect(folded(y)).toBe(x));

  test.each<[string, Tensor]>([
    ["x + 1e-30", add(x, 1e-30)],
    ["0 − x", sub(0, x)],
    ["1 / x", div(1, x)],
    ["x · (1 + 2⁻²³)", mul(x, 1 + 2 ** -23)],
    ["relu", relu(x)],
    ["x + [0, 0, 1]", add(x, constant([[0, 0, 1]]))],
    ["a larger shape", add(x, constant(new Float32Array(12), [2, 2, 3]))],
  ])("%s stays", (_, y) => expect(folded(y)).not.toBe(x));
});

test("constants are worked out, equal nodes are one, large results are left", () => {
  expect([...folded(add(constant([1, 2]), 3)).data!]).toEqual([4, 5]);
  const y = folded(add(mul(x, 2), mul(x, 2)));
  expect(y.inputs[0]).toBe(y.inputs[1]);
  expect(folded(concat([constant(new Float32Array(1e5)), constant(new Float32Array(1e5))])).op.name).toBe("concat");
});

test("matmul reads a transposed operand, a pointwise op an unrepeated one", () => {
  const y = folded(matmul(transpose(input([3, 2])), transpose(input([4, 3]))));
  expect(y.attrs).toEqual({ ta: true, tb: true });
  const loss = mean(mul(x, x));
  const [dx] = gradients(loss, [x]);
  expect(count(simplify({ inputs: [x], outputs: [dx!] }), "broadcast")).toBe(0);
});

const stored = (fn: number, c: number, k: number, name: string): Tensor =>
  transpose(state(new Float32Array(fn * c * k * k).fill(0.1), [fn, k, k, c], name), [0, 3, 1, 2]);

/** The leaf-stored parameters, the loss and plain SGD. */
function trained(inputs: Tensor[], loss: Tensor, params: readonly Tensor[], more: Graph["updates"] = []): Graph {
  const grads = gradients(loss, params);
  return {
    inputs,
    outputs: [loss],
    updates: [...params.map((w, i) => [w, sub(w, mul(grads[i]!, 0.1))] as const), ...more],
  };
}

const activations = (graph: Graph, least: number): Tensor[] =>
  topological(rootsOf(graph)).filter((y) => y.op.name === "transpose" && y.shape.reduce((a, b) => a * b, 1) >= least);

test("LeNet: transpositions at input and flatten only, in training one more", () => {
  const image = input([8, 3, 28, 28]);
  const targets = input([8], "i32");
  const [w1, w2] = [stored(8, 3, 5, "w1"), stored(16, 8, 3, "w2")];
  const [b1, b2] = [state(new Float32Array(8), [8], "b1"), state(new Float32Array(16), [16], "b2")];
  const dense = state(new Float32Array(10 * 400), [10, 400], "dense");
  const y = maxPool2d(relu(conv2d(maxPool2d(relu(conv2d(image, w1, { bias: b1 })), 2), w2, { bias: b2 })), 2);
  const logits = linear(flatten(y), dense);
  expect(count(fold({ inputs: [image], outputs: [logits] }), "transpose")).toBe(2);
  const loss = crossEntropy(logits, targets);
  const graph = fold(open(storedUpdates(trained([image, targets], loss, [w1, b1, w2, b2, dense]))));
  expect(count(graph, "transpose")).toBe(3);
});

test("a residual block with batch norm in training keeps one activation-sized transposition", () => {
  const image = input([4, 8, 10, 10]);
  const [w1, w2] = [stored(8, 8, 3, "w1"), stored(8, 8, 3, "w2")];
  const norm = (y: Tensor, i: number): { y: Tensor; params: Tensor[]; updates: Graph["updates"] } => {
    const gamma = state(new Float32Array(8).fill(1), [8], `gamma${i}`);
    const beta = state(new Float32Array(8), [8], `beta${i}`);
    const running = state(new Float32Array(8), [8], `mean${i}`);
    const { mean: m, variance } = batchStatistics(y, 1);
    return {
      y: batchNorm(y, { mean: m, variance, gamma, beta, training: true }),
      params: [gamma, beta],
      updates: [[running, add(mul(running, 0.9), mul(detach(m), 0.1))]],
    };
  };
  const first = norm(conv2d(image, w1, { padding: 1 }), 1);
  const second = norm(conv2d(relu(first.y), w2, { padding: 1 }), 2);
  const y = relu(add(second.y, image));
  const logits = sum(mean(y, { axis: [2, 3] }));
  const graph = fold(
    open(
      storedUpdates(
        trained(
          [image],
          logits,
          [w1, w2, ...first.params, ...second.params],
          [...(first.updates ?? []), ...(second.updates ?? [])],
        ),
      ),
    ),
  );
  expect(activations(graph, 4 * 8 * 100).length).toBeLessThanOrEqual(1);
  expect(count(graph, "transpose")).toBe(1);
});

test("a tie goes to the side of the convolution", () => {
  const graph = fold({ inputs: [x], outputs: [relu(conv2d(input([2, 3, 8, 8]), stored(4, 3, 3, "w")))] });
  expect(names(graph).slice(-3)).toEqual(["conv2d", "unary", "transpose"]);
});

test("cast and comparison turn too", () => {
  const image = conv2d(input([2, 3, 8, 8]), stored(4, 3, 3, "w"));
  expect(count(fold({ inputs: [], outputs: [sum(cast(less(image, 0), "f32"))] }), "transpose")).toBe(1);
});
