import { TatamiError } from "@tatamijs/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeCheckpoint, encodeCheckpoint } from "./checkpoint.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { writeSafetensors } from "./safetensors.ts";

const checkpoint: Checkpoint = {
  weights: new Map([["0.weight", { dtype: "f32", shape: [2], data: new Float32Array([0.1, -0]) }]]),
  optimizer: new Map([
    ["0.weight.exp_avg", { dtype: "f32", shape: [2], data: new Float32Array([Number.NaN, 2 ** -149]) }],
    ["step", { dtype: "i32", shape: [1], data: new Int32Array([12]) }],
  ]),
  generator: new Map([["weights/odd name", { dtype: "i32", shape: [1], data: new Int32Array([-1]) }]]),
  step: 12,
  epoch: 1,
  position: 4,
  extra: { seed: 2 ** 53 - 1, best: { loss: 0.1 + 0.2, epoch: 0 }, schedule: ["cosine", null, true], tiny: 5e-324 },
};

function code(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof TatamiError) return `${error.code} ${error.message}`;
    throw error;
  }
  return "nothing was thrown";
}

test("what went in comes back, bit for bit", () => {
  expect(decodeCheckpoint(encodeCheckpoint(checkpoint))).toEqual(checkpoint);
});

test("equal checkpoints give equal bytes, whatever the order of their keys", () => {
  const turned: Checkpoint = {
    ...checkpoint,
    optimizer: new Map([...checkpoint.optimizer].toReversed()),
    extra: Object.fromEntries(Object.entries(checkpoint.extra).toReversed()),
  };
  expect(encodeCheckpoint(turned)).toEqual(encodeCheckpoint(checkpoint));
});

test.each([
  ["a fractional step", { step: 0.5 }, /argument .*step is 0.5, wanted a whole number/],
  ["a negative position", { position: -1 }, /argument .*position is -1/],
  ["weights in a record", { weights: {} }, /argument .*weights is an object, wanted a Map/],
  ["NaN", { extra: { best: Number.NaN } }, /argument .*extra.best is NaN/],
  ["−0", { extra: { list: [-0] } }, /argument .*extra.list\[0\] is -0/],
  ["a function", { extra: { f: () => 1 } }, /argument .*extra.f is a function/],
  ["a Map", { extra: { m: new Map() } }, /argument .*extra.m is/],
  ["no extra", { extra: undefined }, /argument .*extra is undefined/],
])("%s cannot be kept", (_, change, text) => {
  expect(code(() => encodeCheckpoint({ ...checkpoint, ...change } as unknown as Checkpoint))).toMatch(text);
});

test("a circle is an error, not a stack overflow", () => {
  const circle: Record<string, unknown> = {};
  circle["self"] = circle;
  expect(code(() => encodeCheckpoint({ ...checkpoint, extra: circle } as Checkpoint))).toMatch(/^argument /);
});

test.each([
  ["weights alone", {}, /"format" is undefined, wanted "tatami-checkpoint"; read a file of weights with load/],
  ["another version", { format: "tatami-checkpoint", version: "2" }, /of version "2", wanted "1"/],
  ["no run", { format: "tatami-checkpoint", version: "1" }, /"run" is undefined, wanted JSON/],
  ["a run that is no JSON", { format: "tatami-checkpoint", version: "1", run: "{" }, /wanted JSON/],
  ["a run that is a list", { format: "tatami-checkpoint", version: "1", run: "[]" }, /step is undefined/],
  ["no extra", { format: "tatami-checkpoint", version: "1", run: '{"step":1,"epoch":0,"position":0}' }, /extra is/],
])("%s is no checkpoint", (_, metadata, text) => {
  const bytes = writeSafetensors({ tensors: checkpoint.weights, metadata: Object.entries(metadata) });
  const found = code(() => decodeCheckpoint(bytes));
  expect(found).toMatch(text);
  expect(found).toMatch(/^format /);
});

test("mutated checkpoints: a reading or a TatamiError", () => {
  const good = encodeCheckpoint(checkpoint);
  fc.assert(
    fc.property(fc.nat(good.length - 1), fc.nat(255), (at, byte) => {
      const bytes = good.slice();
      bytes[at] = byte;
      expect(code(() => decodeCheckpoint(bytes))).toMatch(/^(format|dtype|nothing)/);
    }),
    { numRuns: 2000 },
  );
});
