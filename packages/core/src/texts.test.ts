/** Errors as people read them: what was given, what was wanted, how to fix it. */
import { describe, expect, test } from "vitest";
import * as t from "./index.ts";

// Plain tensors, which types do not follow: what is wrong here is wrong on purpose.
const input: (shape: t.Shape, dtype?: t.DType) => t.Tensor = t.input;
const image = input([1, 3, 8, 8]);

test.each<[string, () => unknown, t.ErrorCode, string]>([
  [
    "channels",
    () => t.conv2d(image, input([4, 2, 3, 3])),
    "channels",
    "conv2d: x has 3 channels, the filters take 2; use filters of shape (FN, 3, FH, FW)",
  ],
  [
    "groups",
    () => t.conv2d(image, input([4, 1, 3, 3]), { groups: 2 }),
    "groups",
    "conv2d: 2 groups do not divide 3 channels; use a divisor of both 3 and 4",
  ],
  [
    "rank",
    () => t.conv2d(input([8, 8]), input([4, 1, 3, 3])),
    "rank",
    "conv2d: x has 2 axes (shape [8, 8]), wanted 3 or 4: (C, H, W) or (N, C, H, W)",
  ],
  [
    "an empty batch",
    () => t.conv2d(input([0, 3, 8, 8]), input([4, 3, 3, 3])),
    "zero-size",
    "conv2d: x [0, 3, 8, 8] is empty (axis 0 has size 0); it needs an element",
  ],
  [
    "bias",
    () => t.conv2d(image, input([4, 3, 3, 3]), { bias: input([3]) }),
    "shape",
    "conv2d: bias is [3], wanted [4] or [4, 1, 1]: one number per filter",
  ],
  [
    "an option of another type",
    () => t.conv2d(image, input([4, 3, 3, 3]), { stride: "2" as never }),
    "argument",
    'conv2d: stride is "2"; give a whole number ≥ 1, or two of them [height, width]',
  ],
  [
    "options",
    () => t.conv2d(image, input([4, 3, 3, 3]), null as never),
    "argument",
    "conv2d: options is null; give an object, or leave it out",
  ],
  [
    "no tensor",
    () => t.relu([1, 2] as never),
    "argument",
    "relu: x is [1, 2]; give a tensor, such as constant([1, 2, 3])",
  ],
  [
    "the operand that is wrong",
    () => t.greater(input([2]), "3" as never),
    "argument",
    'greater: b is "3"; give a tensor, such as constant([1, 2, 3])',
  ],
  [
    "broadcasting",
    () => t.add(input([2, 3]), input([4])),
    "shape",
    "add: shapes [2, 3] and [4] do not broadcast: 3 against 4, at the last axis; sizes must be equal or 1",
  ],
  [
    "an axis",
    () => t.sum(input([2, 3]), { axis: 2 }),
    "axis",
    "sum: axis is 2, but the tensor has 2 axes; use -2 to 1",
  ],
  [
    "an axis twice",
    () => t.sum(input([2, 3]), { axis: [1, -1] }),
    "axis",
    "sum: axis [1, -1] names an axis twice; name each axis once",
  ],
  ["a shape", () => input([2, NaN]), "shape", "input: shape [2, NaN] has NaN at axis 1; sizes are whole numbers ≥ 0"],
  [
    "too many values",
    () => t.constant([1, 2, 3], [2]),
    "data-length",
    "constant: 3 values for shape [2], which holds 2; give as many values as the shape holds",
  ],
  [
    "uneven values",
    () => t.constant([[1, 2], [3]]),
    "argument",
    "constant: values hold [3]; give numbers, nested evenly, or a Float32Array, Float16Array, Int32Array or Uint8Array",
  ],
  [
    "a value that does not fit",
    () => t.constant([300], [1], "u8"),
    "argument",
    'constant: value 300 at 0 is none that u8 holds; round it first, or use "f32"',
  ],
  [
    "a dtype",
    () => t.cast(input([1]), "f64" as never),
    "dtype",
    'cast: dtype is "f64"; use one of "f32", "f16", "i32", "u8", "bool"',
  ],
  [
    "features",
    () => t.linear(input([2, 5]), input([10, 4])),
    "shape",
    "linear: x [2, 5] has 5 features, w [10, 4] takes 4; use w of shape (O, 5)",
  ],
  [
    "matmul",
    () => t.matmul(input([2, 5]), input([4, 3])),
    "shape",
    "matmul: [2, 5] has 5 columns, [4, 3] has 4 rows; they must be equal",
  ],
  [
    "reshape",
    () => t.reshape(input([2, 5]), [3, -1]),
    "shape",
    "reshape: [2, 5] has 10 elements, which [3, -1] cannot hold; use one −1 where the other sizes divide",
  ],
  [
    "targets",
    () => t.crossEntropy(input([2, 5]), input([2, 4])),
    "shape",
    "crossEntropy: targets are f32 of shape [2, 4], wanted classes (i32) of shape [2] or probabilities (f32) of shape [2, 5]",
  ],
  [
    "batch norm without statistics",
    () => t.batchNorm(image, {}),
    "argument",
    "batchNorm: mean and variance are missing; give both ([C]), or training: true to use those of x",
  ],
  [
    "conv1d says its own name",
    () => t.conv1d(input([3, 8]), input([4, 3, 3]), { stride: 2 }),
    "size-fractional",
    'conv1d: OW = (8 + 2·0 − 3)/2 + 1 = 3.5 is not an integer. Use stride 1 or 5, padding [0, 1] (OW = 4), an input of 7 (OW = 3), rounding: "floor" (OW = 3, last column unused), or rounding: "ceil" (OW = 4).',
  ],
  [
    "the second derivative of max pooling",
    () =>
      t.primitives.pool2dGrad.grad!(
        t.primitives.pool2d.grad!(t.maxPool2d(image, 2).inputs[0] as never, input([1, 4, 4, 3]))[0] as never,
        input([1, 8, 8, 3]),
      ),
    "gradient",
    "pool2dGrad: max pooling has no second derivative; use average pooling where one is needed",
  ],
])("%s", (_, f, code, text) => {
  expect(f).toThrow(t.TatamiError);
  try {
    f();
  } catch (error) {
    const { code: given, message, op } = error as t.TatamiError;
    expect(message).toBe(text);
    expect(given).toBe(code);
    expect(message.startsWith(`${op}: `)).toBe(true);
  }
});

describe("show", () => {
  test.each<[unknown, string]>([
    [undefined, "undefined"],
    [-0, "-0"],
    [5n, "5n"],
    ["a".repeat(100), `"${"a".repeat(57)}..."`],
    [[1, [2], "x"], '[1, [...], "x"]'],
    [new Float32Array(3), "Float32Array(3)"],
    [new DataView(new ArrayBuffer(1)), "DataView"],
    [{ a: 1 }, "{ a }"],
    [input([2, 3]), "a tensor [2, 3]"],
    [show, "a function (show)"],
    [Symbol("s"), "Symbol(s)"],
  ])("%o", (value, text) => {
    expect(t.show(value)).toBe(text);
  });
  function show(): void {}
});
