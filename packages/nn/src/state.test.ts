// Weights by PyTorch's names: all or nothing, and one error for everything that does not fit.
import { constant, state, transpose, type Layer } from "@tatamijs/core";
import { expect, test } from "vitest";
import * as nn from "./index.ts";
import { thrown, wave } from "./testing/run.ts";

const model = (): Layer => nn.sequential(nn.conv2d(2, 3, 2), nn.batchNorm2d(3), nn.linear(3, 2));
const fileOf = (layer: Layer): Record<string, nn.FileTensor> => Object.fromEntries(nn.firstValues(layer));

test("what a model says of itself loads into another, in the said form", () => {
  const [from, to] = [model(), model()];
  const saved = fileOf(from);
  saved["0.weight"] = { shape: [3, 2, 2, 2], data: wave(24) };
  nn.loadState(to, saved);
  expect(nn.firstValues(to).get("0.weight")!.data).toEqual(wave(24));
  // Stored (FN, FH, FW, C): element (0, 0, 0, 1) is said element (0, 1, 0, 0).
  expect(nn.storedForm(to.state["0.weight"]!).leaf.data![1]).toBe(wave(24)[4]);
  expect(nn.toSaid(to.state["0.weight"]!, nn.toStored(to.state["0.weight"]!, wave(24)))).toEqual(wave(24));
});

test("a Map, f16 values and num_batches_tracked are taken", () => {
  const layer = model();
  const file = new Map(Object.entries(fileOf(layer)));
  file.set("1.num_batches_tracked", { shape: [], data: BigInt64Array.of(7n) });
  if (typeof Float16Array !== "undefined") file.set("2.bias", { shape: [2], data: Float16Array.of(0.5, -2) });
  nn.loadState(layer, file);
  if (typeof Float16Array !== "undefined")
    expect(nn.firstValues(layer).get("2.bias")!.data).toEqual(Float32Array.of(0.5, -2));
});

test("one error lists all that is missing, extra and misshapen, and nothing is changed", () => {
  const layer = model();
  const before = fileOf(layer);
  const file = fileOf(model());
  delete file["1.running_var"];
  file["2.weight"] = { shape: [3, 2], data: new Float32Array(6) };
  file["2.bias"] = { shape: [2], data: new Int32Array(2) };
  file["1.weight"] = { shape: [3], data: new Float32Array(2) };
  file["head.weight"] = { shape: [1], data: new Float32Array(1) };
  file["num_batches"] = { shape: [1], data: new Float32Array(1) };
  const error = thrown(() => nn.loadState(layer, file));
  expect(error.code).toBe("weights");
  expect(error.details).toEqual({
    missing: ["1.running_var"],
    extra: ["head.weight", "num_batches"],
    misshapen: [
      "1.weight has 2 values, wanted 3",
      "2.weight is [3, 2], wanted [2, 3]",
      "2.bias holds Int32Array, wanted f32",
    ],
  });
  for (const part of ["1.running_var", "head.weight", "2.weight is [3, 2], wanted [2, 3]"])
    expect(error.message).toContain(part);
  expect(fileOf(layer)).toEqual(before);
});

test("what is no record of tensors is refused", () => {
  const layer = nn.linear(1, 1);
  for (const wrong of [
    undefined,
    null,
    3,
    "weights",
    [],
    new Uint8Array(3),
    { weight: 3 },
    { weight: { shape: 3, data: new Float32Array(1) } },
    new Map([[1, 2]]),
  ]) {
    expect(thrown(() => nn.loadState(layer, wrong as unknown as nn.Tensors)).code).toBe("argument");
  }
});

test("a state is a state or one transpose of it", () => {
  const leaf = state([[1, 2, 3]]);
  expect(nn.storedForm(leaf)).toEqual({ leaf });
  expect(nn.storedForm(transpose(leaf))).toEqual({ leaf, perm: [1, 0] });
  expect(thrown(() => nn.storedForm(constant([1]))).code).toBe("state");
  expect(thrown(() => nn.setFirstValues(leaf, [1])).code).toBe("data-length");
});

test("tied weights are counted once", () => {
  const shared = nn.linear(3, 3);
  expect(nn.parameterCount(nn.sequential(shared, nn.relu(), shared))).toBe(12);
});
