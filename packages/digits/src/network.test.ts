import { input } from "@tatamijs/core";
import { inference, parameterCount } from "@tatamijs/nn";
import { expect, test } from "vitest";
import { digitsNetwork, pixels } from "./network.ts";

test("at most 120,000 parameters, under PyTorch's names and shapes", () => {
  const network = digitsNetwork();
  expect(parameterCount(network)).toBe(58_106);
  expect(Object.entries(network.state).map(([name, { shape }]) => `${name} ${shape.join("×")}`)).toEqual([
    "0.weight 12×1×5×5",
    "0.bias 12",
    "3.weight 24×12×5×5",
    "3.bias 24",
    "7.weight 128×384",
    "7.bias 128",
    "9.weight 10×128",
    "9.bias 10",
  ]);
});

test("pictures in, ten scores each out", () => {
  expect(digitsNetwork().forward(input([5, 1, 28, 28]), inference()).shape).toEqual([5, 10]);
});

test("a seed gives the same first weights, another seed others", () => {
  const first = (seed: number): unknown => digitsNetwork(seed).state["9.bias"]?.data;
  expect(first(3)).toEqual(first(3));
  expect(first(3)).not.toEqual(first(4));
});

test("bytes to 0 … 1", () => {
  const bytes = new Uint8Array(2 * 784);
  bytes.set([0, 51, 255], 783);
  const { data, shape } = pixels(bytes);
  expect(shape).toEqual([2, 1, 28, 28]);
  expect(data.subarray(783, 786)).toEqual(new Float32Array([0, 0.2, 1]));
});

test.each([
  [new Uint8Array(783), "data-length", "783 bytes"],
  [new Float32Array(784), "argument", "Float32Array"],
  [undefined, "argument", "undefined"],
])("%s are no pictures", (given, code, text) => {
  expect(() => pixels(given as Uint8Array)).toThrow(
    expect.objectContaining({ code, message: expect.stringContaining(text) }),
  );
});
