/** The size formula, its errors, and that every fix which an error suggests is one. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  conv2d,
  convTranspose2d,
  input,
  maxPool2d,
  TatamiError,
  transposedGeometry,
  windowGeometry,
  type Fix,
  type Pair,
  type Rounding,
  type Tensor,
} from "./index.ts";

function errorOf(f: () => unknown): TatamiError {
  try {
    f();
  } catch (error) {
    if (error instanceof TatamiError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

const sizes = (size: number, kernel: number, stride: number, padding: number = 0): readonly number[] =>
  conv2d(input([10, 3, size, size]), input([30, 3, kernel, kernel]), { stride, padding }).shape;

describe("the seed's figures", () => {
  test("7, kernel 3, no padding: stride 1 gives 5, stride 2 gives 3", () => {
    expect(sizes(7, 3, 1)).toEqual([10, 30, 5, 5]);
    expect(sizes(7, 3, 2)).toEqual([10, 30, 3, 3]);
  });
  test("stride 3 is an error that shows the formula and the fixes", () => {
    const error = errorOf(() => sizes(7, 3, 3));
    expect(error.code).toBe("size-fractional");
    expect(error.op).toBe("conv2d");
    expect(error.message).toBe(
      'conv2d: OH = (7 + 2·0 − 3)/3 + 1 = 2.33… is not an integer. Use stride 1, 2 or 4, padding 1 (OH = 3), an input of 6 (OH = 2), rounding: "floor" (OH = 2, last row unused), or rounding: "ceil" (OH = 3).',
    );
    const { formula, inputs, value, fixes } = error;
    expect(error.details).toEqual({ formula, inputs, value, fixes });
    expect({ formula, inputs, value, fixes }).toEqual({
      formula: "(7 + 2·0 − 3)/3 + 1",
      inputs: { side: "H", size: 7, kernel: 3, stride: 3, before: 0, after: 0, dilation: 1 },
      value: 4 / 3 + 1,
      fixes: [
        { option: "stride", value: 1, output: 5 },
        { option: "stride", value: 2, output: 3 },
        { option: "stride", value: 4, output: 2 },
        { option: "padding", value: 1, output: 3 },
        { option: "crop", value: 1, output: 2 },
        { option: "rounding", value: "floor", output: 2, unused: 1 },
        { option: "rounding", value: "ceil", output: 3, unused: 0 },
      ],
    });
  });
  test("28 → 24 → 12, LeNet's way; 224 at stride 2 is fractional", () => {
    expect(sizes(28, 5, 1)).toEqual([10, 30, 24, 24]);
    expect(maxPool2d(input([1, 8, 24, 24]), 2).shape).toEqual([1, 8, 12, 12]);
    expect(errorOf(() => sizes(224, 7, 2, 3)).message).toContain(
      "OH = (224 + 2·3 − 7)/2 + 1 = 112.5 is not an integer",
    );
    expect(
      conv2d(input([1, 3, 224, 224]), input([8, 3, 7, 7]), { stride: 2, padding: 3, rounding: "floor" }).shape,
    ).toEqual([1, 8, 112, 112]);
  });
});

test("a kernel larger than the input says what would fit", () => {
  const error = errorOf(() => sizes(2, 5, 1));
  expect(error.code).toBe("size-negative");
  expect(error.message).toBe(
    "conv2d: the kernel spans 5 rows, the padded input has only 2 (2 + 0 + 0): OH = (2 + 2·0 − 5)/1 + 1 is below 1. Use padding 2 (OH = 2), padding [[0, 3], …] (OH = 1), or a kernel of 2 (OH = 1).",
  );
});

test("same, valid, per side, rectangular, dilated", () => {
  const at = (options: object): Pair => windowGeometry([7, 8], [3, 2], options, "op").output;
  expect(at({ padding: "same", stride: 2 })).toEqual([4, 4]);
  expect(at({ padding: "valid" })).toEqual([5, 7]);
  expect(at({ padding: [1, 0] })).toEqual([7, 7]);
  expect(
    at({
      padding: [
        [1, 0],
        [0, 2],
      ],
    }),
  ).toEqual([6, 9]);
  expect(at({ dilation: [3, 4] })).toEqual([1, 4]);
  expect(at({ stride: [2, 3] })).toEqual([3, 3]);
  // The odd element goes to the end.
  expect(windowGeometry([4, 4], [2, 2], { padding: "same" }, "op").padding).toEqual([0, 0, 1, 1]);
});

test("ceil adds a window only where it begins inside the input or the padding before it", () => {
  expect(windowGeometry([5, 5], [2, 2], { stride: 2, rounding: "ceil" }, "op").output).toEqual([3, 3]);
  // PyTorch: size 3, kernel 1, stride 3, padding 1 … the window at row 6 of 5 would begin in the padding after.
  expect(windowGeometry([3, 3], [1, 1], { stride: 3, padding: 1, rounding: "ceil" }, "op").output).toEqual([2, 2]);
  expect(windowGeometry([1, 1], [2, 2], { stride: 2, padding: 1, rounding: "ceil" }, "op").output).toEqual([1, 1]);
});

const whole = (min: number, max: number): fc.Arbitrary<number> => fc.integer({ min, max });
const axis = fc.record({
  size: whole(1, 40),
  kernel: whole(1, 12),
  stride: whole(1, 9),
  before: whole(0, 4),
  after: whole(0, 4),
  dilation: whole(1, 4),
});
type AxisOptions = { size: number; kernel: number; stride: number; before: number; after: number; dilation: number };

function outputOf({ size, kernel, stride, before, after, dilation }: AxisOptions, rounding: Rounding): Pair {
  return windowGeometry(
    [size, 1],
    [kernel, 1],
    {
      stride: [stride, 1],
      padding: [
        [before, after],
        [0, 0],
      ],
      dilation: [dilation, 1],
      rounding,
    },
    "op",
  ).output;
}

/** The options with one of them, or the input, as a fix says. */
function mended(options: AxisOptions, { option, value }: Fix): AxisOptions {
  if (option === "rounding") return options;
  if (option === "crop") return { ...options, size: options.size - Number(value) };
  if (option !== "padding") return { ...options, [option]: value };
  const [before, after] = typeof value === "number" ? [value, value] : (value as Pair);
  return { ...options, before, after };
}

function wordOf({ option, value }: Fix, size: number): string {
  if (option === "kernel") return `a kernel of ${String(value)} (`;
  if (option === "crop") return `an input of ${size - Number(value)} (`;
  if (option === "rounding") return `rounding: "${String(value)}" (`;
  if (option === "padding" && typeof value === "object") return `padding [[${value.join(", ")}], …] (`;
  return option === "stride" ? "stride " : `${option} ${String(value)} (`;
}

test("a size is whole and counts the windows that fit, or the error's every fix gives the size it says", () => {
  fc.assert(
    fc.property(axis, fc.constantFrom<Rounding>("exact", "floor", "ceil"), (options, rounding) => {
      const room = options.size + options.before + options.after - options.dilation * (options.kernel - 1) - 1;
      try {
        const [count] = outputOf(options, rounding);
        expect(Number.isInteger(count) && count >= 1).toBe(true);
        if (rounding !== "ceil")
          expect(count).toBe([...Array(room + 1).keys()].filter((start) => start % options.stride === 0).length);
      } catch (error) {
        if (!(error instanceof TatamiError)) throw error;
        expect(error.code).toBe(room < 0 ? "size-negative" : "size-fractional");
        const { fixes = [], value: size } = error;
        // Rows after the end let one more window begin there, where it still sees the input.
        const next = options.stride * (Math.floor(room / options.stride) + 1) - options.before;
        if (room < 0 || (next < options.size && options.before <= options.dilation * (options.kernel - 1)))
          expect(fixes.some((fix) => fix.option === "padding")).toBe(true);
        expect(size).toBeCloseTo(room / options.stride + 1);
        for (const fix of fixes) {
          const fixed = mended(options, fix);
          const [output] = outputOf(fixed, fix.option === "rounding" ? (fix.value as Rounding) : rounding);
          expect(output).toBe(fix.output);
          expect(error.message).toContain(wordOf(fix, options.size));
          if (fix.option !== "rounding") continue;
          // Rows behind the last window.
          const end = (output - 1) * options.stride - options.before + options.dilation * (options.kernel - 1) + 1;
          expect(fix.unused).toBe([...Array(options.size).keys()].filter((row) => row >= end).length);
        }
      }
    }),
    { numRuns: 5000, seed: 7 },
  );
});

test("pooling takes every padding that its errors name", () => {
  fc.assert(
    fc.property(axis, ({ size, kernel, stride, before, after }) => {
      const pool = (pads: Pair): Tensor =>
        maxPool2d(input([1, size, 1]), [kernel, 1], { stride: [stride, 1], padding: [pads, [0, 0]] });
      try {
        pool([before % kernel, after % kernel]);
      } catch (error) {
        for (const { option, value, output } of (error as TatamiError).fixes ?? []) {
          if (option !== "padding") continue;
          const [first, last] = typeof value === "number" ? [value, value] : (value as Pair);
          expect(pool([first, last]).shape[1]).toBe(output);
        }
      }
    }),
    { numRuns: 2000, seed: 9 },
  );
});

test("a transposed convolution leads to a size that the convolution maps back", () => {
  fc.assert(
    fc.property(axis, whole(0, 8), (options, more) => {
      const { size, kernel, stride, before, after, dilation } = options;
      const given = {
        stride,
        padding: [
          [before, after],
          [before, after],
        ] as const,
        dilation,
        outputPadding: more,
      };
      try {
        const { input: large } = transposedGeometry([size, size], [kernel, kernel], given, "op");
        // outputPadding chooses among the sizes that floor to the same.
        expect(
          windowGeometry(large, [kernel, kernel], { stride, padding: given.padding, dilation, rounding: "floor" }, "op")
            .output[0],
        ).toBe(size + Math.floor(more / stride));
      } catch (error) {
        if (!(error instanceof TatamiError)) throw error;
        expect(["argument", "size-negative"]).toContain(error.code);
        for (const { value, output } of error.fixes ?? []) {
          expect(
            transposedGeometry([size, size], [kernel, kernel], { ...given, padding: value as number }, "op").input[0],
          ).toBe(output);
        }
      }
    }),
    { numRuns: 2000, seed: 8 },
  );
});

test("transposed sizes as in PyTorch", () => {
  expect(convTranspose2d(input([1, 2, 3, 3]), input([2, 5, 4, 4]), { stride: 2, padding: 1 }).shape).toEqual([
    1, 5, 6, 6,
  ]);
  expect(
    convTranspose2d(input([1, 2, 3, 3]), input([2, 5, 3, 3]), { stride: 2, padding: 1, outputPadding: 1 }).shape,
  ).toEqual([1, 5, 6, 6]);
  expect(errorOf(() => convTranspose2d(input([1, 2, 3, 3]), input([2, 5, 3, 3]), { outputPadding: 1 })).message).toBe(
    "convTranspose2d: outputPadding is 1; use 0 to 0: less than the stride (1) or the dilation (1)",
  );
});

test("huge options end at once", () => {
  const start = performance.now();
  for (const stride of [1e9, 2 ** 31 - 1]) errorOf(() => maxPool2d(input([1, 1, 9, 9]), 2, { stride, padding: 1 }));
  for (const padding of [1e9, 2 ** 31 - 1]) errorOf(() => maxPool2d(input([1, 1, 9, 9]), 2, { padding }));
  for (const dilation of [1e9, 2 ** 31 - 1]) errorOf(() => maxPool2d(input([1, 1, 9, 9]), 2, { dilation, padding: 1 }));
  for (const kernel of [1e9, 2 ** 31 - 1]) errorOf(() => maxPool2d(input([1, 1, 9, 9]), kernel, { stride: 3 }));
  expect(performance.now() - start).toBeLessThan(500);
});

test("windows of padding alone are refused, also where taps step over the input", () => {
  const pooled = (size: number, kernel: number, options: object): number[] => [
    ...maxPool2d(input([1, size, size]), kernel, options).shape,
  ];
  expect(errorOf(() => pooled(4, 2, { stride: 1, padding: 2 })).code).toBe("argument");
  expect(pooled(4, 2, { stride: 1, padding: 1 })).toEqual([1, 5, 5]);
  expect(errorOf(() => pooled(2, 2, { stride: 1, padding: 3, dilation: 5 })).message).toContain(
    "lies in the padding alone",
  );
  for (const [size, kernel, padding, dilation, stride] of [
    [3, 2, 2, 3, 1],
    [1, 3, 2, 2, 1],
    [2, 3, 3, 2, 1],
    [5, 2, 3, 4, 2],
  ] as const) {
    const { output } = windowGeometry(
      [size, size],
      [kernel, kernel],
      { padding, dilation, stride, rounding: "floor" },
      "op",
    );
    const empty = [...Array(output[0]).keys()].some(
      (o) =>
        ![...Array(kernel).keys()].some(
          (f) => o * stride - padding + f * dilation >= 0 && o * stride - padding + f * dilation < size,
        ),
    );
    if (empty)
      expect(() => pooled(size, kernel, { padding, dilation, stride, rounding: "floor" })).toThrow("padding alone");
    else expect(pooled(size, kernel, { padding, dilation, stride, rounding: "floor" })).toEqual([1, ...output]);
  }
});
