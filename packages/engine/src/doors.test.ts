/** Wrong arguments at every door, and what a compile that fails leaves behind. */
import { add, constant, input, mul, state, sum, TatamiError } from "@tatamijs/core";
import { cpu } from "@tatamijs/backend-cpu";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  compile,
  evaluate,
  freeze,
  gradients,
  jit,
  openSession,
  print,
  supports,
  type Graph,
  type Session,
} from "./index.ts";

const odd = fc.oneof(
  fc.constantFrom(
    undefined,
    null,
    0,
    Number.NaN,
    "x",
    Symbol("s"),
    true,
    [],
    {},
    [3],
    [undefined],
    () => 1,
    new Float32Array(2),
  ),
  fc.constant({ inputs: [], outputs: [3] }),
  fc.constant({ inputs: 3, outputs: [] }),
  fc.constant({ inputs: [], outputs: [], updates: [constant(1)] }),
  fc.constant({ inputs: [], outputs: [], updates: [[constant(1)]] }),
);

async function onlyTatami(call: () => unknown): Promise<void> {
  try {
    await call();
  } catch (error) {
    if (!(error instanceof TatamiError)) throw error;
  }
}

test("a wrong argument is a TatamiError at every door, never a TypeError from inside", async () => {
  const session = openSession(cpu());
  const x = input([2]);
  const program = await compile({ inputs: [x], outputs: [mul(x, 2)] }, session);
  await program.run([new Float32Array(2)]);
  const loss = sum(mul(x, x));
  const doors: readonly ((v: never) => unknown)[] = [
    (v) => compile(v, session),
    (v) => compile({ inputs: [], outputs: [constant(1)] }, v),
    (v) => compile({ inputs: [], outputs: [constant(1)] }, session, v),
    (v) => compile({ inputs: [], outputs: [constant(1)], updates: v }, session),
    (v) => gradients(v, [x]),
    (v) => gradients(loss, v),
    (v) => openSession(v),
    (v) => evaluate(v, { backend: cpu() }),
    (v) => evaluate(constant(1), v),
    (v) => evaluate(constant(1), { backend: v }),
    (v) => jit(v, session)([]),
    (v) => jit(() => v, session)([]),
    (v) => jit(() => ({ outputs: [constant(1)] }), v)([]),
    (v) => jit((a) => ({ outputs: [a] }), session)(v),
    (v) => supports(v, { inputs: [], outputs: [] }),
    (v) => supports(cpu(), v),
    (v) => print(v),
    (v) => freeze(v, session),
    (v) => freeze({ inputs: [], outputs: [] }, v),
    (v) => session.read(v),
    (v) => session.write(v, new Float32Array(1)),
    (v) => session.write(state([1], [1]), v),
    (v) => program.run(v),
    (v) => program.run([v]),
    (v) => program.run([{ data: new Float32Array(2), shape: v }]),
    (v) => program.read(v),
    (v) => program.read(0, v),
  ];
  await fc.assert(
    fc.asyncProperty(fc.nat(doors.length - 1), odd, async (k, value) => onlyTatami(() => doors[k]!(value as never))),
    { numRuns: 1500 },
  );
  await expect(compile({} as Graph, session)).rejects.toMatchObject({ code: "argument", op: "compile" });
  expect(() => openSession(Promise.resolve(cpu()) as never)).toThrow("must be awaited");
  await expect(program.read(0, new Int32Array(2))).rejects.toMatchObject({ code: "dtype" });
  await expect(program.read(0, new Float32Array(1))).rejects.toMatchObject({ code: "data-length" });
});

/** A backend whose link fails when told so, after a while. */
function failing(): { session: Session; fail: (on: boolean) => void } {
  const base = cpu();
  let fails = false;
  const session = openSession({
    ...base,
    async link(steps) {
      if (!fails) return base.link(steps);
      await new Promise((resolve) => setTimeout(resolve, 20));
      throw new TatamiError("out-of-memory", "no");
    },
  });
  return {
    session,
    fail: (on) => {
      fails = on;
    },
  };
}

test("a compile that fails leaves trained states as they are", async () => {
  const { session, fail } = failing();
  const w = state(new Float32Array([1]), [1], "w");
  const step = await compile({ inputs: [], outputs: [w], updates: [[w, add(w, 1)]] }, session);
  for (let i = 0; i < 5; i++) await step.run();
  step.close();
  fail(true);
  await expect(compile({ inputs: [], outputs: [mul(w, 2)] }, session)).rejects.toMatchObject({ code: "out-of-memory" });
  expect([...(await session.read(w))]).toEqual([6]);
});

test("a write while a compile that fails is under way is kept", async () => {
  const { session, fail } = failing();
  const w = state(new Float32Array([1]), [1], "w");
  fail(true);
  const failed = compile({ inputs: [], outputs: [mul(w, 2)] }, session);
  await new Promise((resolve) => setTimeout(resolve, 8));
  session.write(w, new Float32Array([42]));
  await expect(failed).rejects.toMatchObject({ code: "out-of-memory" });
  expect([...(await session.read(w))]).toEqual([42]);
});
