/** Kernels against the ops' own `value` (what core folds constants with), and small sums worked out here. */
import { describe, expect, test } from "vitest";
import {
  bytesPerElement,
  primitives,
  sizeOf,
  typedArray,
  type Attrs,
  type BinaryFn,
  type DType,
  type Primitive,
  type PrimitiveName,
  type Shape,
  type UnaryFn,
} from "@tatamijs/core";
import { applyOp, prepareOp, wholes, type Value } from "../testing/apply.ts";

function value(dtype: DType, shape: Shape, seed: number, scale: number = 1): Value {
  const data = typedArray(dtype, sizeOf(shape));
  const from = wholes(data.length, seed);
  for (let i = 0; i < data.length; i++) data[i] = dtype === "bool" ? Number(from[i]! > 0) : from[i]! * scale;
  return { shape, dtype, data };
}

async function same<N extends PrimitiveName>(
  op: N,
  attrs: Attrs<N>,
  inputs: readonly Value[],
  digits: number = 6,
): Promise<void> {
  const record = primitives[op] as Primitive<Attrs<N>>;
  const output = record.infer(inputs, attrs);
  const wanted = record.value!(
    inputs.map((v) => v.data),
    attrs,
    output,
    inputs,
  );
  const got = await applyOp(op, attrs, inputs, output);
  expect(got.constructor).toBe(wanted.constructor);
  expect(got.length).toBe(wanted.length);
  for (let i = 0; i < got.length; i++) {
    if (Number.isFinite(wanted[i]!)) expect(got[i]!).toBeCloseTo(wanted[i]!, digits);
    else expect(got[i]).toBe(wanted[i]);
  }
}

const floats: readonly UnaryFn[] = [
  "copy",
  "neg",
  "abs",
  "sign",
  "reciprocal",
  "square",
  "sqrt",
  "exp",
  "log",
  "log1p",
  "expm1",
  "sin",
  "cos",
  "tanh",
  "sigmoid",
  "erf",
  "relu",
  "floor",
  "ceil",
  "round",
  "isNaN",
];

test.each(floats)("unary %s", async (fn) => {
  const special: Value = {
    shape: [8],
    dtype: "f32",
    data: Float32Array.of(NaN, Infinity, -Infinity, 0, 0.5, -0.5, 1.5, 2.5),
  };
  await same("unary", { fn }, [special], 5);
  await same("unary", { fn }, [value("f32", [3, 700], 1, 0.37)], 2);
});

test.each(["copy", "neg", "abs", "sign", "square", "relu"] as const)("unary %s, integers", async (fn) => {
  await same("unary", { fn }, [
    { shape: [5], dtype: "i32", data: Int32Array.of(-2147483648, -1, 0, 65537, 2147483647) },
  ]);
});

const binaries: readonly BinaryFn[] = [
  "add",
  "sub",
  "mul",
  "div",
  "pow",
  "mod",
  "maximum",
  "minimum",
  "equal",
  "less",
  "lessEqual",
];

test.each(binaries)("binary %s, however it broadcasts", async (fn) => {
  for (const [a, b] of [
    [
      [3, 5],
      [3, 5],
    ],
    [
      [700, 3],
      [1, 3],
    ],
    [
      [7, 1],
      [7, 90],
    ],
    [
      [1, 1],
      [20, 30],
    ],
    [
      [2, 1, 4, 1],
      [1, 3, 1, 5],
    ],
    [
      [2, 3, 1, 5, 1],
      [2, 1, 4, 5, 6],
    ],
    [
      [0, 3],
      [1, 3],
    ],
    [[], []],
  ] as const) {
    await same("binary", { fn }, [value("f32", a, 1, 0.5), value("f32", b, 2)], 4);
    if (fn !== "pow") await same("binary", { fn }, [value("i32", a, 1, 12345), value("i32", b, 2)]);
  }
});

test("binary: integers wrap", async () => {
  const a: Value = { shape: [3], dtype: "i32", data: Int32Array.of(2147483647, -2147483648, 123456789) };
  const b: Value = { shape: [3], dtype: "i32", data: Int32Array.of(1, -1, 987654321) };
  for (const fn of ["add", "sub", "mul", "div", "mod"] as const) await same("binary", { fn }, [a, b]);
});

test("binary in place: the output may lie on an operand of its shape, and on no other", async () => {
  const { kernel } = await prepareOp("binary", { fn: "add" }, [value("f32", [4, 3], 1), value("f32", [1, 3], 2)], {
    shape: [4, 3],
    dtype: "f32",
  });
  expect(kernel.inPlace).toEqual([0]);
});

test("select and cast", async () => {
  await same("select", {}, [value("bool", [3, 1, 5], 1), value("f32", [1, 4, 5], 2), value("f32", [3, 4, 1], 3)]);
  const special: Value = {
    shape: [7],
    dtype: "f32",
    data: Float32Array.of(NaN, Infinity, -Infinity, -3.7, 3.7, 300, 3e9),
  };
  for (const dtype of ["f16", "i32", "u8", "bool"] as const) await same("cast", { dtype }, [special], 2);
  for (const from of ["f16", "i32", "u8", "bool"] as const) {
    for (const dtype of ["f32", "f16", "i32", "u8", "bool"] as const)
      await same("cast", { dtype }, [value(from, [9], 4, 20)], 2);
  }
});

describe("movement", () => {
  test.each(["f32", "i32", "u8", "f16"] as const)("%s", async (dtype) => {
    const x = value(dtype, [3, 4, 5, 2], 1);
    for (const perm of [
      [0, 2, 3, 1],
      [3, 2, 1, 0],
      [0, 1, 3, 2],
      [0, 1, 2, 3],
    ])
      await same("transpose", { perm }, [x]);
    await same("transpose", { perm: [0, 3, 1, 2] }, [value(dtype, [2, 17, 33, 40], 2)]);
    await same("broadcast", { shape: [3, 4, 5, 2] }, [value(dtype, [3, 1, 5, 1], 2)]);
    await same("slice", { starts: [0, 1, 1, 0], sizes: [2, 2, 2, 1], steps: [2, 1, 2, 1] }, [x]);
    await same("pad", { before: [0, 1, 0, 2], after: [1, 0, 0, 0], interior: [0, 2, 1, 0], value: 3 }, [x]);
    await same("concat", { axis: 2 }, [x, value(dtype, [3, 4, 1, 2], 3), x]);
    const indices: Value = { shape: [4], dtype: "i32", data: Int32Array.of(2, -1, 9, 0) };
    await same("gather", { axis: 1 }, [x, indices]);
  });
  test("of nothing", async () => {
    await same("transpose", { perm: [1, 0] }, [value("f32", [0, 3], 1)]);
    await same("concat", { axis: 0 }, [value("f32", [0, 3], 1), value("f32", [2, 3], 1)]);
  });
});

test("scatterAdd adds up equal indices and drops those outside", async () => {
  const y: Value = { shape: [4, 2], dtype: "f32", data: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8) };
  const indices: Value = { shape: [4], dtype: "i32", data: Int32Array.of(1, 1, -1, 0) };
  expect(await applyOp("scatterAdd", { axis: 0, size: 3 }, [y, indices], { shape: [3, 2], dtype: "f32" })).toEqual(
    Float32Array.of(7, 8, 4, 6, 0, 0),
  );
});

test.each(["sum", "mean", "max", "min", "prod"] as const)("reduce %s over any axes", async (fn) => {
  for (const axes of [[0], [1], [2], [0, 1], [0, 2], [1, 2], [0, 1, 2], [1, 3], [0, 2, 3]]) {
    await same("reduce", { fn, axes }, [value("f32", [2, 3, 4, 2], 1, 0.5)], 3);
    if (fn !== "mean") await same("reduce", { fn, axes }, [value("i32", [2, 3, 4, 2], 1, 3001)]);
  }
  const nan: Value = { shape: [3], dtype: "f32", data: Float32Array.of(1, NaN, 3) };
  await same("reduce", { fn, axes: [0] }, [nan]);
});

test("argReduce: the first wins a tie, a NaN over numbers", async () => {
  const x: Value = { shape: [3, 4], dtype: "f32", data: Float32Array.of(1, 5, 5, 2, 0, NaN, 9, NaN, 3, 3, 3, 3) };
  expect(await applyOp("argReduce", { fn: "max", axis: 1 }, [x], { shape: [3, 1], dtype: "i32" })).toEqual(
    Int32Array.of(1, 1, 0),
  );
  expect(await applyOp("argReduce", { fn: "min", axis: 0 }, [x], { shape: [1, 4], dtype: "i32" })).toEqual(
    Int32Array.of(1, 1, 2, 1),
  );
});

test("random gives the bits that core defines", async () => {
  const counter: Value = { shape: [1], dtype: "i32", data: Int32Array.of(7) };
  const attrs = { seed: 3, stream: 5, shape: [50] };
  const wanted = primitives.random.value!([counter.data], attrs, { shape: [50], dtype: "f32" }, [counter]);
  expect(await applyOp("random", attrs, [counter], { shape: [50], dtype: "f32" })).toEqual(wanted);
});

test("matmul, transposed or not, tall, narrow and batched", async () => {
  for (const [m, n, k] of [
    [1, 1, 1],
    [1, 9, 20],
    [2, 7, 3],
    [3, 2, 5],
    [17, 19, 23],
    [70, 3, 100],
    [100, 70, 1],
    [4, 5, 0],
    [1, 3, 9000],
    [5, 4, 70000],
    [3, 70001, 2],
  ] as const) {
    for (const [ta, tb] of [
      [false, false],
      [true, false],
      [false, true],
      [true, true],
    ] as const) {
      const a = value("f32", ta ? [k, m] : [m, k], 1);
      const b = value("f32", tb ? [n, k] : [k, n], 2);
      const wanted = new Float32Array(m * n);
      for (let i = 0; i < m; i++)
        for (let j = 0; j < n; j++)
          for (let l = 0; l < k; l++)
            wanted[i * n + j]! += a.data[ta ? l * m + i : i * k + l]! * b.data[tb ? j * k + l : l * n + j]!;
      expect(await applyOp("matmul", { ta, tb }, [a, b], { shape: [m, n], dtype: "f32" })).toEqual(wanted);
    }
  }
  const a = value("f32", [2, 1, 3, 4], 1);
  const b = value("f32", [1, 5, 4, 2], 2);
  const got = await applyOp("matmul", { ta: false, tb: false }, [a, b], { shape: [2, 5, 3, 2], dtype: "f32" });
  for (const [i, j] of [
    [0, 0],
    [1, 4],
  ] as const) {
    let sum = 0;
    for (let l = 0; l < 4; l++) sum += a.data[(i * 3 + 2) * 4 + l]! * b.data[(j * 4 + l) * 2 + 1]!;
    expect(got[((i * 5 + j) * 3 + 2) * 2 + 1]).toBe(sum);
  }
});

const window = {
  input: [3, 3],
  kernel: [2, 2],
  output: [2, 2],
  stride: [2, 2],
  padding: [1, 1, 0, 0],
  dilation: [1, 1],
} as const;

test("pool2d and its gradient", async () => {
  const x: Value = { shape: [1, 3, 3, 1], dtype: "f32", data: Float32Array.of(1, 2, 2, 4, NaN, 6, 7, 8, -9) };
  const to = { shape: [1, 2, 2, 1], dtype: "f32" } as const;
  expect(await applyOp("pool2d", { ...window, fn: "max", countIncludePad: false }, [x], to)).toEqual(
    Float32Array.of(1, 2, 7, NaN),
  );
  const calm = { ...x, data: Float32Array.of(1, 2, 2, 4, 5, 6, 7, 8, -9) };
  expect(await applyOp("pool2d", { ...window, fn: "avg", countIncludePad: true }, [calm], to)).toEqual(
    Float32Array.of(0.25, 1, 2.75, 2.5),
  );
  expect(await applyOp("pool2d", { ...window, fn: "avg", countIncludePad: false }, [calm], to)).toEqual(
    Float32Array.of(1, 2, 5.5, 2.5),
  );
  const dy: Value = { ...to, data: Float32Array.of(1, 10, 100, 1000) };
  const back = { shape: [1, 3, 3, 1], dtype: "f32" } as const;
  const most = await applyOp("pool2dGrad", { ...window, fn: "max", countIncludePad: false }, [dy, x], back);
  expect(most).toEqual(Float32Array.of(1, 10, 0, 0, 1000, 0, 100, 0, 0));
  const mean = await applyOp("pool2dGrad", { ...window, fn: "avg", countIncludePad: false }, [dy], back);
  expect(mean).toEqual(Float32Array.of(1, 5, 5, 50, 250, 250, 50, 250, 250));
});

test("resize2d: nearest and linear, and the gradient is the transpose", async () => {
  const attrs = {
    input: [2, 2],
    output: [4, 3],
    scale: [2, 1.5],
    mode: "linear",
    coordinates: "half-pixel",
    nearest: "floor",
  } as const;
  const x: Value = { shape: [1, 2, 2, 1], dtype: "f32", data: Float32Array.of(0, 2, 4, 6) };
  const y = await applyOp("resize2d", attrs, [x], { shape: [1, 4, 3, 1], dtype: "f32" });
  expect([...y].map((v) => Math.round(v * 1e4) / 1e4)).toEqual([0, 1, 2, 1, 2, 3, 3, 4, 5, 4, 5, 6]);
  const dy = value("f32", [1, 4, 3, 1], 5);
  const dx = await applyOp("resize2dGrad", attrs, [dy], { shape: [1, 2, 2, 1], dtype: "f32" });
  const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
    Array.from(a).reduce((sum, v, i) => sum + v * b[i]!, 0);
  expect(dot(y, dy.data)).toBeCloseTo(dot(x.data, dx), 4);
});

test("map is its chain", async () => {
  const steps = [
    { op: "binary", attrs: { fn: "mul" }, inputs: [0, 1] },
    { op: "unary", attrs: { fn: "tanh" }, inputs: [2] },
    { op: "binary", attrs: { fn: "less" }, inputs: [3, 0] },
    { op: "select", attrs: {}, inputs: [4, 3, 0] },
    { op: "binary", attrs: { fn: "add" }, inputs: [5, 5] },
  ] as const;
  const x = value("f32", [40, 30], 1, 0.25);
  const s = value("f32", [1, 30], 2, 0.5);
  const wanted = Float32Array.from(x.data, (v, i) => {
    const t = Math.fround(Math.tanh(Math.fround(v * s.data[i % 30]!)));
    return 2 * (t < v ? t : v);
  });
  expect(await applyOp("map", { steps }, [x, s], x)).toEqual(wanted);
});

test("mapReduce reduces the shape of its last step, not that of inputs it does not read", async () => {
  const steps = [{ op: "unary", attrs: { fn: "square" }, inputs: [0] }] as const;
  const x = value("f32", [1, 3], 1);
  const unread = value("f32", [5, 3], 2);
  const got = await applyOp("mapReduce", { steps, fn: "mean", axes: [0, 1] }, [x, unread], {
    shape: [1, 1],
    dtype: "f32",
  });
  expect(got[0]).toBeCloseTo((x.data[0]! ** 2 + x.data[1]! ** 2 + x.data[2]! ** 2) / 3, 5);
});

test("softmax, logSoftmax and crossEntropy agree", async () => {
  const x = value("f32", [4, 6], 3);
  const p = await applyOp("softmax", { axis: 1 }, [x], x);
  const l = await applyOp("logSoftmax", { axis: 1 }, [x], x);
  const targets: Value = { shape: [4], dtype: "i32", data: Int32Array.of(0, 5, -100, 2) };
  const loss = await applyOp("crossEntropy", { smoothing: 0 }, [x, targets], { shape: [4], dtype: "f32" });
  for (let i = 0; i < p.length; i++) expect(Math.log(p[i]!)).toBeCloseTo(l[i]!, 4);
  expect([...loss]).toEqual([-l[0]!, -l[11]!, 0, -l[20]!].map((v) => expect.closeTo(v, 5) as number));
});

test("linear", async () => {
  const x = value("f32", [3, 4], 1);
  const w = value("f32", [2, 4], 2);
  const b = value("f32", [2], 3);
  const wanted = new Float32Array(6);
  for (let i = 0; i < 3; i++)
    for (let j = 0; j < 2; j++) {
      let sum = b.data[j]!;
      for (let k = 0; k < 4; k++) sum += x.data[i * 4 + k]! * w.data[j * 4 + k]!;
      wanted[i * 2 + j] = Math.max(sum, 0);
    }
  expect(
    await applyOp("linear", { tb: true, bias: true, activation: "relu" }, [x, w, b], { shape: [3, 2], dtype: "f32" }),
  ).toEqual(wanted);
});

test("a kernel asks for no scratch that is not whole doubles", async () => {
  const { kernel } = await prepareOp("reduce", { fn: "sum", axes: [0] }, [value("f16", [3, 5], 1)], {
    shape: [1, 5],
    dtype: "f16",
  });
  expect((kernel.scratch ?? 0) % bytesPerElement("f32")).toBe(0);
});
