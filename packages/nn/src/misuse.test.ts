// Wrong arguments at every door: a TatamiError or an answer, never an error from inside.
import { input, TatamiError } from "@tatamijs/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import * as nn from "./index.ts";

const anything = fc.oneof(
  fc.constantFrom(
    undefined,
    null,
    NaN,
    Infinity,
    -1,
    0,
    1,
    2,
    3,
    1.5,
    -0,
    2 ** 31,
    "",
    "same",
    "x",
    true,
    false,
    Symbol("s"),
    7n,
    () => 1,
  ),
  fc.constantFrom(
    [],
    [1],
    [2, 2],
    [1, -1],
    [
      [1, 1],
      [0, 2],
    ],
    {},
    { stride: 2 },
    { bias: false },
    { bias: 0 },
    { groups: 2 },
    { padding: "same" },
    { rounding: "round" },
  ),
  fc.constantFrom(
    { init: 3 },
    { generator: {} },
    { eps: -1 },
    { affine: 1 },
    { reduction: "x" },
    new Float32Array(2),
    new Map(),
    input([2, 3]),
    nn.relu(),
    { state: {}, forward: 1 },
  ),
  fc.anything(),
);

/** Doors that take no tensor; their layers are then called, too. */
const doors: Readonly<Record<string, (...args: never[]) => unknown>> = {
  adaptiveAvgPool2d: nn.adaptiveAvgPool2d,
  avgPool2d: nn.avgPool2d,
  batchNorm1d: nn.batchNorm1d,
  batchNorm2d: nn.batchNorm2d,
  bce: nn.bce,
  bceWithLogits: nn.bceWithLogits,
  conv1d: nn.conv1d,
  conv2d: nn.conv2d,
  convTranspose2d: nn.convTranspose2d,
  describe: nn.describe,
  dropout: nn.dropout,
  elu: nn.elu,
  firstValues: nn.firstValues,
  flatten: nn.flatten,
  gelu: nn.gelu,
  generator: nn.generator,
  groupNorm: nn.groupNorm,
  kaimingNormal: nn.kaimingNormal,
  kaimingUniform: nn.kaimingUniform,
  l1: nn.l1,
  lambda: nn.lambda,
  layerNorm: nn.layerNorm,
  leakyRelu: nn.leakyRelu,
  linear: nn.linear,
  loadState: nn.loadState,
  logSoftmax: nn.logSoftmax,
  maxPool2d: nn.maxPool2d,
  module: nn.module,
  normal: nn.normal,
  mse: nn.mse,
  parameters: nn.parameters,
  residual: nn.residual,
  sequential: nn.sequential,
  softmax: nn.softmax,
  summary: nn.summary,
  training: nn.training,
  uniform: nn.uniform,
  xavierNormal: nn.xavierNormal,
  xavierUniform: nn.xavierUniform,
};

const guarded = (f: () => unknown): unknown => {
  try {
    return f();
  } catch (error) {
    if (!(error instanceof TatamiError)) throw error;
    expect(error.message.length).toBeGreaterThan(10);
    expect(error.code).not.toBe("internal");
    return undefined;
  }
};

test.each(Object.entries(doors))("%s", (_, door) => {
  fc.assert(
    fc.property(
      fc.array(anything, { maxLength: 4 }),
      fc.constantFrom([1, 2, 4, 4], [2, 2], [2], [1, 2, 0, 4]),
      (args, shape) => {
        const made = guarded(() => door(...(args as never[])));
        if (typeof made !== "object" || made === null || !("forward" in made)) return;
        // A layer that was made is called: with a tensor of some shape, and with nonsense.
        const layer = made as nn.Module;
        for (const x of [input(shape), args[0]]) {
          const y = guarded(() => layer.forward(x as never, nn.training())) as
            | { shape?: readonly number[] }
            | undefined;
          for (const dim of y?.shape ?? []) expect(Number.isInteger(dim)).toBe(true);
        }
        guarded(() => layer.forward(input(shape), args[0] as never));
      },
    ),
    { numRuns: 150, seed: 7 },
  );
});
