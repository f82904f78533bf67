import { cpu } from "@tatamijs/backend-cpu";
import { constant, TatamiError, type Tensor } from "@tatamijs/core";
import { evaluate } from "@tatamijs/engine";
import { expect, test } from "vitest";
import { clipNorm, clipValue, type Clip } from "./clip.ts";

async function clipped(clip: Clip, grads: Readonly<Record<string, Tensor>>): Promise<number[]> {
  const values = await evaluate(Object.values(clip(grads)), { backend: cpu() });
  return values.flatMap(({ data }) => Array.from(data));
}

test("clipNorm scales all by one factor, and only down", async () => {
  const grads = { a: constant([[3, 0]]), b: constant([4]) };
  (await clipped(clipNorm(1), grads)).forEach((v, i) => expect(v).toBeCloseTo([0.6, 0, 0.8][i]!, 5));
  expect(await clipped(clipNorm(6), grads)).toEqual([3, 0, 4]);
  expect(clipNorm(1)({})).toEqual({});
});

test("clipValue cuts each element", async () => {
  expect(await clipped(clipValue(2), { a: constant([3, -1]), b: constant([-4]) })).toEqual([2, -1, -2]);
});

test("NaN stays NaN: it must reach the loss", async () => {
  expect(await clipped(clipValue(2), { a: constant([NaN, 1]) })).toEqual([NaN, 1]);
  expect(await clipped(clipNorm(2), { a: constant([NaN, 1]) })).toEqual([NaN, NaN]);
});

test("wrong limits", () => {
  expect(() => clipNorm(-1)).toThrow(TatamiError);
  expect(() => clipValue(NaN)).toThrow(TatamiError);
});
