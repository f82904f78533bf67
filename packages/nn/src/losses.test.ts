import { constant, input, sigmoid, state } from "@tatamijs/core";
import { gradients } from "@tatamijs/engine";
import { expect, test } from "vitest";
import * as nn from "./index.ts";
import { close, numbers, thrown } from "./testing/run.ts";

test("mse and l1", async () => {
  const [y, t] = [constant([1, 2, 4]), constant([1, 0, 1])];
  close(await numbers(nn.mse(y, t)), [13 / 3]);
  close(await numbers(nn.mse(y, t, { reduction: "sum" })), [13]);
  close(await numbers(nn.l1(y, t, { reduction: "none" })), [0, 2, 3]);
});

test("bce of probabilities, −100 being the least logarithm", async () => {
  const [y, t] = [constant([0.9, 0.2, 0, 1]), constant([1, 0, 1, 1])];
  close(await numbers(nn.bce(y, t, { reduction: "none" })), [-Math.log(0.9), -Math.log(0.8), 100, 0]);
});

test("bceWithLogits is bce of the sigmoid, without its overflow", async () => {
  const [x, t] = [constant([0, 2, -3, 200, -200]), constant([1, 0, 1, 1, 1])];
  const exact = [Math.log(2), Math.log1p(Math.exp(2)), Math.log1p(Math.exp(3)), 0, 200];
  close(await numbers(nn.bceWithLogits(x, t, { reduction: "none" })), exact);
});

test("slopes of bce at the ends, and of bceWithLogits at 0, are numbers and right", async () => {
  const y = state(Float32Array.of(0, 1, 0, 1, 0.5), [5]);
  const [dy] = gradients(nn.bce(y, constant([0, 1, 1, 0, 1]), { reduction: "sum" }), [y]);
  close(await numbers(dy!), [1, -1, 0, 0, -2]);
  const saturated = state(Float32Array.of(200, -200), [2]);
  const [dz] = gradients(nn.bce(sigmoid(saturated), constant([0, 1]), { reduction: "sum" }), [saturated]);
  expect((await numbers(dz!)).every(Number.isFinite)).toBe(true);
  const x = state(Float32Array.of(0, 0, 2, -2, 200), [5]);
  const [dx] = gradients(nn.bceWithLogits(x, constant([0, 1, 1, 0, 1]), { reduction: "sum" }), [x]);
  close(await numbers(dx!), [0.5, -0.5, 1 / (1 + Math.exp(-2)) - 1, 1 / (1 + Math.exp(2)), 0]);
});

test("crossEntropy with label smoothing: (1 − ε) of the class and ε/K of each", async () => {
  const logits = [1, 2, 0.5];
  const logSum = Math.log(logits.reduce((a, x) => a + Math.exp(x), 0));
  const logs = logits.map((x) => x - logSum);
  const wanted = -(0.9 * logs[1]! + (0.1 / 3) * (logs[0]! + logs[1]! + logs[2]!));
  close(await numbers(nn.crossEntropy(constant([logits]), constant(Int32Array.of(1)), { smoothing: 0.1 })), [wanted]);
});

test("a target of another shape is refused, not broadcast", () => {
  const error = thrown(() => nn.mse(input([4, 1]), input([4])));
  expect(error.code).toBe("shape");
  expect(thrown(() => nn.mse(input([4]), input([4]), { reduction: "average" as "mean" })).code).toBe("argument");
});
