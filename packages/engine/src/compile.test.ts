import {
  add,
  avgPool2d,
  constant,
  conv2d,
  input,
  maxPool2d,
  mean,
  mul,
  neg,
  relu,
  reshape,
  state,
  sub,
  transpose,
} from "@tatamijs/core";
import { describe, expect, test } from "vitest";
import { compile, evaluate, gradients, openSession } from "./index.ts";
import { testBackend } from "./testing/backend.ts";
import { check, kinds } from "./testing/equal.ts";

const ramp = (n: number, scale: number = 0.1): Float32Array =>
  Float32Array.from({ length: n }, (_, i) => Math.sin(i * 1.7) * scale * 10);

describe.each(Object.entries(kinds))("on %s", (_, make) => {
  test("a chain of ops", async () => {
    const x = input([2, 3]);
    const y = relu(add(mul(x, constant([[1, -2, 3]])), 0.5));
    await check({ inputs: [x], outputs: [y, reshape(y, [6]), x] }, [[ramp(6)], [ramp(6, 0.3)]], make());
  });

  test("convolution and pooling", async () => {
    const x = input([2, 3, 6, 6]);
    const w = state(ramp(4 * 3 * 3 * 3), [4, 3, 3, 3], "w");
    const b = state(ramp(4), [4], "b");
    const y = relu(conv2d(x, w, { bias: b, padding: 1 }));
    await check({ inputs: [x], outputs: [maxPool2d(y, 2), avgPool2d(y, 2)] }, [[ramp(216)], [ramp(216, 0.3)]], make());
  });

  test("training: gradients and updates", async () => {
    const x = input([2, 3, 6, 6]);
    const w = state(ramp(4 * 3 * 3 * 3), [4, 3, 3, 3], "w");
    const v = state(new Float32Array(4 * 3 * 3 * 3), [4, 3, 3, 3], "v");
    const loss = mean(relu(conv2d(x, w)));
    const [dw] = gradients(loss, [w]);
    const next = add(mul(v, 0.9), dw!);
    await check(
      {
        inputs: [x],
        outputs: [loss],
        updates: [
          [v, next],
          [w, sub(w, mul(next, 0.1))],
        ],
      },
      [[ramp(216)], [ramp(216, 0.3)], [ramp(216, 0.2)]],
      make(),
    );
  });

  test("updates see old values: swaps, one value for two states, a state as output", async () => {
    const a = state([1, 2, 3], [3], "a");
    const b = state([4, 5, 6], [3], "b");
    const c = state([0, 0, 0], [3], "c");
    const d = state([7, 8, 9], [3], "d");
    const graph = {
      inputs: [],
      outputs: [a, add(a, b), c],
      updates: [
        [a, b],
        [b, a],
        [c, neg(a)],
        [d, reshape(neg(a), [3])],
      ] as const,
    };
    await check(graph, [[], [], []], make());
  });

  test("an update to a constant is written at every run", async () => {
    const backend = make();
    const session = openSession(backend);
    const a = state([1, 2], [2], "a");
    const program = await compile({ inputs: [], outputs: [a], updates: [[a, mul(constant([1, 1]), 2)]] }, session);
    await program.step();
    session.write(a, new Float32Array([9, 9]));
    await program.step();
    expect([...(await program.read(0))]).toEqual([9, 9]);
    expect([...(await session.read(a))]).toEqual([2, 2]);
    await session.close();
    expect(backend.held()).toBe(0);
  });
});

test("evaluate", async () => {
  const backend = testBackend();
  expect(await evaluate(add(constant([1, 2]), 1), { backend })).toEqual({
    data: new Float32Array([2, 3]),
    shape: [2],
    dtype: "f32",
  });
  const [a, b] = await evaluate(
    [
      constant(5),
      transpose(
        constant([
          [1, 2],
          [3, 4],
        ]),
      ),
    ],
    { backend },
  );
  expect(a!.data[0]).toBe(5);
  expect([...b!.data]).toEqual([1, 3, 2, 4]);
  expect(backend.held()).toBe(0);
});
