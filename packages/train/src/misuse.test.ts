// Wrong arguments at every door: a TatamiError or an answer, never an error from inside.
import { crossEntropy, TatamiError } from "@tatamijs/core";
import * as nn from "@tatamijs/nn";
import fc from "fast-check";
import { expect, test } from "vitest";
import * as train from "./index.ts";
import { bars, network, session } from "./testing/toy.ts";

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
    0.5,
    "",
    "x",
    true,
    Symbol("s"),
    7n,
    () => 1,
    [],
    [1],
    [0.9, 2],
    {},
  ),
  fc.constantFrom(
    network(),
    bars(3),
    train.sgd(),
    train.clipNorm(1),
    new Map(),
    new Float32Array(3),
    { lr: "x" },
    { betas: 3 },
    { steps: 0 },
  ),
  fc.anything(),
);

const settled = async (f: () => unknown): Promise<void> => {
  try {
    await f();
  } catch (error) {
    if (!(error instanceof TatamiError)) throw error;
    expect(error.code).not.toBe("internal");
  }
};

/** Makers of optimisers, schedules, clips, augmentations; what they make is used. */
test.each<[string, (...args: never[]) => unknown]>([
  ["adam", train.adam],
  ["adamw", train.adamw],
  ["clipNorm", train.clipNorm],
  ["clipValue", train.clipValue],
  ["constantLr", train.constantLr],
  ["cosine", train.cosine],
  ["exponentialLr", train.exponentialLr],
  ["inTurn", train.inTurn],
  ["multiStepLr", train.multiStepLr],
  ["oneCycle", train.oneCycle],
  ["randomAffine", train.randomAffine],
  ["randomFlip", train.randomFlip],
  ["sgd", train.sgd],
  ["stepLr", train.stepLr],
  ["warmup", train.warmup],
])("%s", async (_, door) => {
  await fc.assert(
    fc.asyncProperty(fc.array(anything, { maxLength: 3 }), (args) => settled(() => door(...(args as never[])))),
    { numRuns: 200, seed: 2 },
  );
});

test("fit: any option may be wrong, and nothing is run", async () => {
  const on = session();
  const good: train.FitOptions = { session: on, loss: crossEntropy, optimizer: train.sgd(), epochs: 0 };
  const names = [
    "session",
    "loss",
    "optimizer",
    "epochs",
    "batchSize",
    "dropLast",
    "shuffle",
    "seed",
    "schedule",
    "clip",
    "augment",
    "validation",
  ];
  const rest = ["callbacks", "progress", "signal", "checkpoint", "resume", "reopen", "keepEvery"];
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...names, ...rest), anything, (name, value) =>
      settled(async () => {
        // A large number of epochs is no wrong one.
        if (name === "epochs") return void train.fit(network(), bars(3), { ...good, epochs: value as number });
        for await (const _ of train.fit(network(), bars(3), { ...good, [name]: value })) break;
      }),
    ),
    { numRuns: 400, seed: 3 },
  );
});

test("fit, measure, accuracy: any argument may be wrong", async () => {
  const on = session();
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(train.fit, train.measure, train.accuracy),
      fc.array(anything, { maxLength: 3 }),
      (door, args) => settled(() => (door as (...given: unknown[]) => unknown)(...args)),
    ),
    { numRuns: 300, seed: 4 },
  );
  await fc.assert(
    fc.asyncProperty(fc.constantFrom("loss", "batchSize", "signal"), anything, (name, value) =>
      settled(() => train.measure(network(), bars(3), { session: on, [name]: value })),
    ),
    { numRuns: 150, seed: 5 },
  );
  await settled(() => train.measure(nn.linear(3, 2), bars(3), { session: on }));
});
