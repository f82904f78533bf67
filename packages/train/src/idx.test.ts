import { TatamiError } from "@tatamijs/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readIdx, readIdxPair } from "./idx.ts";

function idx(shape: readonly number[], values: readonly number[] | number, type = 8): Uint8Array {
  const data = typeof values === "number" ? Array.from({ length: values }, () => 0) : values;
  const bytes = new Uint8Array(4 + 4 * shape.length + data.length);
  bytes.set([0, 0, type, shape.length]);
  for (const [axis, size] of shape.entries()) new DataView(bytes.buffer).setUint32(4 + 4 * axis, size);
  bytes.set(data, 4 + 4 * shape.length);
  return bytes;
}

function message(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof TatamiError) return `${error.code} ${error.message}`;
    throw error;
  }
  return "nothing was thrown";
}

test("sizes are big-endian, values row-major", () => {
  expect(readIdx(idx([2, 3], [1, 2, 3, 4, 5, 6]))).toEqual({ shape: [2, 3], data: new Uint8Array([1, 2, 3, 4, 5, 6]) });
  expect(readIdx(idx([258], 258)).shape).toEqual([258]);
  expect(readIdx(idx([0, 28, 28], 0)).shape).toEqual([0, 28, 28]);
});

describe("damaged files", () => {
  test.each([
    ["empty", new Uint8Array(0), /0 bytes, wanted at least 4/],
    ["wrong magic", idx([1], [1]).map((byte, i) => (i === 0 ? 7 : byte)), /begins with 07 00 08 01/],
    ["unknown type", idx([1], [1], 7), /wanted the IDX magic number/],
    ["floats", idx([1], [1, 2, 3, 4], 0x0d), /holds f32 values \(type 13\), wanted u8/],
    ["packed", new Uint8Array([0x1f, 0x8b, 8, 0]), /is gzip/],
    ["no axes", idx([], []), /no axes/],
    ["cut sizes", idx([1, 1, 1], [1]).subarray(0, 15), /15 bytes, wanted 16/],
    ["truncated", idx([2, 3], [1, 2, 3, 4, 5]), /5 bytes of values, wanted 2 × 3 = 6/],
    ["lying", idx([0xffffffff, 0xffffffff, 0xffffffff], [1]), /is truncated or lies/],
    ["lying with a zero", idx([...Array.from({ length: 60 }, () => 0xffffffff), 0], [1]), /= 0/],
    ["bytes left over", idx([2], [1, 2, 3]), /has bytes left over: 3 bytes of values, wanted 2 = 2/],
  ])("%s", (_, bytes, text) => {
    const found = message(() => readIdx(bytes));
    expect(found).toMatch(text);
    expect(found).toMatch(/^format /);
  });

  test("any bytes at all: a reading or a TatamiError", () => {
    const headed = fc
      .tuple(fc.nat(3), fc.uint8Array({ maxLength: 40 }))
      .map(([rank, rest]) => Uint8Array.of(0, 0, 8, rank, ...rest));
    fc.assert(
      fc.property(fc.oneof(headed, fc.uint8Array()), (bytes) => {
        expect(message(() => readIdx(bytes))).toMatch(/^(format|nothing)/);
      }),
    );
  });

  test("something other than bytes", () => {
    expect(message(() => readIdx([0, 0, 8] as unknown as Uint8Array))).toMatch(/^argument /);
  });
});

describe("images and labels", () => {
  const images = idx([2, 2, 2], [1, 2, 3, 4, 5, 6, 7, 8]);

  test("a pair that belongs together", () => {
    const { count, height, width, labels } = readIdxPair(images, idx([2], [9, 0]));
    expect([count, height, width, ...labels]).toEqual([2, 2, 2, 9, 0]);
  });

  test.each([
    ["counts differ", images, idx([3], [1, 2, 3]), /2 images and 3 labels/],
    ["swapped", idx([2], [9, 0]), images, /the file of images has shape \[2\]/],
    ["labels with axes", images, idx([2, 1], [9, 0]), /the file of labels has shape \[2, 1\]/],
    ["no such class", images, idx([2], [9, 10]), /label 1 is 10, wanted a class from 0 to 9/],
  ])("%s", (_, pictures, labels, text) => {
    expect(message(() => readIdxPair(pictures, labels))).toMatch(text);
  });
});
