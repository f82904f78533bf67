import { cpu } from "@tatamijs/backend-cpu";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  add,
  compile,
  constant,
  evaluate,
  input,
  matmul,
  mul,
  nn,
  print,
  relu,
  state,
  sum,
  TatamiError,
  type Given,
} from "./index.ts";
import { rejected } from "./testing/rejected.ts";

describe("compile", () => {
  test("a function of one tensor, of two, with two results", async () => {
    const double = await compile((x) => mul(x, 2), { input: [3] });
    expect((await double(Float32Array.of(1, 2, 3))).data).toEqual(Float32Array.of(2, 4, 6));
    const product = await compile((a, b) => matmul(a, b), { input: [[1, 2], { shape: [2, 1], dtype: "f32" }] });
    expect(await product([[1, 2]], [[3], [4]])).toEqual({ data: Float32Array.of(11), shape: [1, 1], dtype: "f32" });
    const both = await compile((x) => [relu(x), sum(x)], { input: [2] });
    expect((await both([-1, 3])).map(({ data }) => Array.from(data))).toEqual([[0, 3], [2]]);
  });

  test("without an input shape each shape gets its program", async () => {
    const predict = await compile(
      nn.sequential(
        nn.flatten(),
        nn.lambda((x) => sum(x, { axis: 1 })),
      ),
    );
    expect((await predict({ data: Float32Array.of(1, 2, 3, 4), shape: [2, 2] })).data).toEqual(Float32Array.of(3, 7));
    expect((await predict([[1, 2, 3]])).data).toEqual(Float32Array.of(6));
    expect((await predict(constant([[1], [2], [3]]))).data).toEqual(Float32Array.of(1, 2, 3));
    expect((await rejected(predict(Float32Array.of(1, 2)))).code).toBe("input");
  });

  test("another shape than it was compiled for is an error that says so", async () => {
    const predict = await compile(nn.linear(2, 1), { input: [4, 2] });
    const error = await rejected(predict({ data: new Float32Array(4), shape: [2, 2] }));
    expect(error.code).toBe("input");
    expect(error.message).toContain("[4, 2]");
    expect(error.message).toContain("leave out the input shape");
    for (const wrong of [
      new Float32Array(7),
      new Int32Array(8),
      "x",
      null,
      undefined,
      {},
      { shape: [4, 2] },
      [[1], [2, 3]],
    ]) {
      expect(["input", "argument", "data-length"]).toContain((await rejected(predict(wrong as Given))).code);
    }
    expect((await rejected(predict())).code).toBe("input");
    expect((await rejected(predict(new Float32Array(8), new Float32Array(8)))).code).toBe("input");
  });

  test("what was compiled can be printed", async () => {
    const predict = await compile(nn.linear(2, 3), { input: [4, 2] });
    expect(print(predict.program!)).toContain("linear");
    expect((await compile(nn.linear(2, 3))).program).toBeUndefined();
  });

  test("closed is closed", async () => {
    const predict = await compile((x) => relu(x), { input: [1] });
    predict.close();
    expect((await rejected(predict([1]))).code).toBe("closed");
  });

  test("wrong arguments reject with a TatamiError", async () => {
    const anything = fc.oneof(
      fc.anything(),
      fc.constantFrom(
        3,
        null,
        "x",
        [],
        {},
        () => 3,
        () => [],
        nn.relu(),
        { input: [1.5] },
        { input: "x" },
        { input: [[1], 2] },
        { backend: "gpu" },
        { backend: {} },
      ),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(anything, { maxLength: 2 }), async (args) => {
        try {
          await compile(...(args as unknown as Parameters<typeof compile>));
        } catch (error) {
          expect(error).toBeInstanceOf(TatamiError);
        }
      }),
      { numRuns: 200, seed: 3 },
    );
  });
});

test("another kind of array than the program's is told what to give", async () => {
  const predict = await compile((x) => relu(x), { input: [2] });
  const wrong = await rejected(predict(Int32Array.of(1, 2)));
  expect(wrong.code).toBe("input");
  expect(wrong.message).toBe(
    'predict: input 0 holds i32, the program was compiled for f32; give a Float32Array, or compile with input: { shape: [2], dtype: "i32" }',
  );
  expect((await rejected(compile(null as never))).message).toMatch(/^compile: model is null/);
  const named = { inputs: [2] } as object;
  expect((await rejected(compile(nn.relu(), named))).message).toMatch(
    /^compile: "inputs" is no option; those are input, /,
  );
  expect((await rejected(evaluate(constant([1]), named))).message).toMatch(/^evaluate: "inputs" is no option/);
});

describe("evaluate", () => {
  test("one tensor, several, on a backend of one's own", async () => {
    expect(await evaluate(add(1, constant([1, 2])))).toEqual({ data: Float32Array.of(2, 3), shape: [2], dtype: "f32" });
    expect((await evaluate([constant([1]), constant([2])])).map(({ data }) => data[0])).toEqual([1, 2]);
    expect((await evaluate(state([5]), { backend: cpu() })).data[0]).toBe(5);
    expect((await evaluate(state([5]), { backend: "cpu" })).data[0]).toBe(5);
  });

  test("what cannot be evaluated", async () => {
    const open = await rejected(evaluate(relu(input([2]))));
    expect(open.code).toBe("input");
    expect(open.message).toBe(
      "evaluate: the value depends on an input of shape [2], and evaluate gives none; compile it as a function of its inputs",
    );
    for (const wrong of [3, null, [3], "x"]) expect((await rejected(evaluate(wrong as never))).code).toBe("argument");
    expect((await rejected(evaluate(constant([1]), null as never))).code).toBe("argument");
    expect((await rejected(evaluate(constant([1]), { backend: "gpu" as "cpu" }))).code).toBe("argument");
  });
});
