/** One graph on the test backends, with and without passes, against the interpreter. */
import type { Tensor, TypedArray } from "@tatamijs/core";
import { expect } from "vitest";
import { compile, type CompileOptions } from "../compile.ts";
import type { Graph } from "../graph.ts";
import { openSession } from "../session.ts";
import { storedUpdates } from "../settle.ts";
import { nullGpu, proxied, testBackend, type TestBackend } from "./backend.ts";
import { interpret } from "./values.ts";

export const kinds: Readonly<Record<string, () => TestBackend>> = {
  plain: () => testBackend(),
  "no composite": () => testBackend({ composites: [] }),
  "not in place, packing": () =>
    testBackend({ inPlace: false, packs: ["conv2d", "matmul", "convBlock", "linear"], scratch: 24 }),
  "null GPU": () => nullGpu(),
  "null GPU, packing": () =>
    nullGpu({ inPlace: false, packs: ["conv2d", "matmul", "convBlock", "linear"], scratch: 300 }),
  proxied: () => proxied(nullGpu({ composites: ["map", "convBlock"] })),
};

/** States after each run and outputs of each run, as the interpreter has them. */
export function expected(
  graph: Graph,
  runs: readonly (readonly TypedArray[])[],
): { outputs: TypedArray[][]; states: Map<Tensor, TypedArray> } {
  const states = new Map<Tensor, TypedArray>();
  const outputs = runs.map((inputs) => {
    const given = new Map<Tensor, TypedArray>([
      ...states,
      ...graph.inputs.map((x, k): [Tensor, TypedArray] => [x, inputs[k]!]),
    ]);
    const updates = storedUpdates(graph).updates ?? [];
    const values = interpret([...graph.outputs, ...updates.map(([, value]) => value)], given);
    updates.forEach(([state], i) => states.set(state, values[graph.outputs.length + i]!));
    return values.slice(0, graph.outputs.length);
  });
  return { outputs, states };
}

export function close(actual: ArrayLike<number>, wanted: ArrayLike<number>, tolerance: number = 2e-5): void {
  expect(actual.length).toBe(wanted.length);
  for (let i = 0; i < wanted.length; i++) {
    const [a, w] = [actual[i]!, wanted[i]!];
    if (Object.is(a, w) || Math.abs(a - w) <= tolerance * Math.max(1, Math.abs(w))) continue;
    expect.fail(`element ${i} is ${a}, wanted ${w}`);
  }
}

/** Runs the graph on a backend and compares every output of every run and every state at the end. Nothing may stay allocated. */
export async function check(
  graph: Graph,
  runs: readonly (readonly TypedArray[])[],
  backend: TestBackend,
  options: CompileOptions = {},
): Promise<void> {
  const wanted = expected(graph, runs);
  const session = openSession(backend);
  const program = await compile(graph, session, options);
  const pending: { run: number; values: Promise<TypedArray>[] }[] = [];
  for (const [run, inputs] of runs.entries()) {
    const room = program.step(inputs);
    pending.push({ run, values: graph.outputs.map((_, k) => program.read(k)) });
    await room;
  }
  for (const { run, values } of pending) {
    for (const [k, value] of values.entries()) close(await value, wanted.outputs[run]![k]!);
  }
  for (const [state, value] of wanted.states) close(await session.read(state), value);
  program.close();
  await session.close();
  expect(backend.held()).toBe(0);
}
