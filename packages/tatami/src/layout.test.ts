/** Images channels last, from outside to outside. */
import { cpu } from "@tatamijs/backend-cpu";
import { wasm } from "@tatamijs/backend-wasm";
import { describe, expect, test } from "vitest";
import {
  cast,
  compile,
  concat,
  div,
  evaluate,
  constant,
  input,
  maxPool2d,
  mul,
  narrow,
  nn,
  print,
  resize2d,
  transpose,
  type Layer,
  type Tensor,
} from "./index.ts";
import { compile as compileGraph, openSession } from "@tatamijs/engine";
import { rejected } from "./testing/rejected.ts";

const toLast = [0, 2, 3, 1] as const;

/** Any numbers, (N, C, H, W). */
function image(...shape: number[]): Tensor {
  const data = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => ((i * 37) % 101) / 50 - 1);
  return constant(data, shape);
}

/** Pools, resizing, and what was there before. */
const plain = (x: Tensor): Tensor => {
  const small = maxPool2d(x, 2);
  return concat([x, resize2d(small, [6, 8], { mode: "linear" })], 1);
};

/** A network with convolutions, batch norm and a skip. */
function network(): Layer {
  return nn.sequential(
    nn.conv2d(3, 8, 3, { padding: 1 }),
    nn.batchNorm2d(8),
    nn.relu(),
    nn.maxPool2d(2),
    nn.conv2d(8, 5, 1),
  );
}

describe.each([
  ["cpu", "a function", async () => cpu(), () => plain],
  ["wasm", "a function", () => wasm(), () => plain],
  ["cpu", "a network", async () => cpu(), network],
  ["wasm", "a network", () => wasm(), network],
] as const)("on %s, %s", (_, __, open, make) => {
  test("channels last in and out: the same numbers, and no step that turns them", async () => {
    const backend = await open();
    const what = make() as (x: Tensor) => Tensor;
    const x = image(2, 3, 6, 8);
    const first = await compile(what, { input: [2, 3, 6, 8], backend });
    const wanted = await first({ data: x.data!, shape: x.shape });
    const given = await evaluate(transpose(x, toLast), { backend });
    const last = await compile(what, { input: [2, 3, 6, 8], layout: "NHWC", backend });
    const got = await last(given);
    expect(await last(given.data)).toEqual(got);
    expect(got).toEqual(await evaluate(transpose(constant(wanted.data, wanted.shape), toLast), { backend }));
    expect(print(last.program!.plan)).not.toContain("transpose");
    expect(last.program!.inputs).toEqual([{ shape: [2, 6, 8, 3], dtype: "f32" }]);
    expect(print(first.program!.plan)).toContain("transpose");
    const each = await compile(what, { layout: "NHWC", backend });
    expect(await each(given)).toEqual(got);
    await backend.close();
  });
});

test("a canvas: four bytes a pixel", async () => {
  const pixels = Uint8ClampedArray.from({ length: 4 * 6 * 4 }, (_, i) => (i * 41) % 256);
  const predict = await compile((x) => maxPool2d(div(cast(narrow(x, 1, 0, 3), "f32"), 255), 2), {
    input: { shape: [1, 4, 4, 6], dtype: "u8" },
    layout: { input: "NHWC" },
    backend: cpu(),
  });
  expect(print(predict.program!)).toContain("steps: [1,1,1,1]");
  const { shape, data } = await predict({ data: pixels as unknown as Uint8Array, shape: [1, 4, 6, 4] });
  expect(shape).toEqual([1, 3, 2, 3]);
  const at = (y: number, x: number, c: number): number => pixels[(y * 6 + x) * 4 + c]!;
  expect(data[7]).toBe(Math.fround(Math.max(at(0, 2, 1), at(0, 3, 1), at(1, 2, 1), at(1, 3, 1)) / 255));
});

test("what is no image has no layout", async () => {
  const predict = await compile((x) => [x, mul(x, 2)], { input: [2, 3], layout: "NHWC", backend: cpu() });
  expect((await predict([[1, 2, 3], [4, 5, 6]]))[1]!.data).toEqual(Float32Array.of(2, 4, 6, 8, 10, 12)); // prettier-ignore
});

test("errors speak of the order that is given", async () => {
  const options = { input: [1, 3, 4, 6], layout: "NHWC", backend: cpu() } as const;
  const predict = await compile((x) => maxPool2d(x, 2), options);
  const error = await rejected(predict({ data: new Float32Array(72), shape: [1, 3, 4, 6] }));
  expect(error.code).toBe("input");
  expect(error.message).toContain("[1, 4, 6, 3]");
  for (const layout of ["nhwc", 3, null, { input: "CHW" }, { output: 1 }]) {
    const wrong = await rejected(compile((x) => x, { ...options, layout: layout as "NHWC" }));
    expect(wrong.code).toBe("argument");
    expect(wrong.message).toContain("NHWC");
  }
});

test("in a graph: inputs may be named as they are said", async () => {
  const x = input([1, 2, 2, 3], { layout: "NHWC", name: "x" });
  expect(x.shape).toEqual([1, 2, 2, 3]);
  const session = openSession(cpu());
  const program = await compileGraph({ inputs: [x], outputs: [mul(x, 1)] }, session);
  expect(program.inputs).toEqual([{ shape: [1, 2, 3, 2], dtype: "f32" }]);
  const [y] = await program.run([Float32Array.from({ length: 12 }, (_, i) => i)]);
  expect(y!.shape).toEqual([1, 2, 2, 3]);
  expect([...y!.data]).toEqual([0, 2, 4, 6, 8, 10, 1, 3, 5, 7, 9, 11]);
  expect(() => input([2, 3], { layout: "NHWC" })).toThrow("give (N, C, H, W)");
  const twice = await rejected(compileGraph({ inputs: [x, x.inputs[0]!], outputs: [x] }, session));
  expect(twice.message).toContain("twice");
  await session.close();
});
