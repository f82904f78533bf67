/** A backend's memory over time: nothing leaks, nothing is half done when it is refused. */
import { expect, test } from "vitest";
import { TatamiError } from "@tatamijs/core/backend";
import { conv2d, input, relu, state } from "@tatamijs/core";
import { compile, openSession } from "@tatamijs/engine";
import { Heap } from "./heap.ts";
import { openHere, type Here } from "./here.ts";
import { load, loadRest } from "./module.ts";
import { startThreads } from "./threads.ts";
import { scenarios, values } from "./testing/scenarios.ts";

const open = (threads: number): Promise<Here> =>
  openHere({ relaxed: true, strict: false, shared: threads > 1, threads }, load("relaxed", threads > 1), {
    start: startThreads,
    restCode: () => import("./rest.ts"),
    restModule: threads > 1 ? undefined : () => loadRest("relaxed"),
  });

/** Every alloc of every heap goes through `gate`, which may refuse it; how many blocks are held is counted. */
async function watched<T>(gate: () => void, f: (held: () => number) => Promise<T>): Promise<T> {
  const { alloc, free } = Heap.prototype;
  let held = 0;
  Heap.prototype.alloc = function (bytes) {
    gate();
    held += 1;
    return alloc.call(this, bytes);
  };
  Heap.prototype.free = function (block) {
    held -= 1;
    free.call(this, block);
  };
  try {
    return await f(() => held);
  } finally {
    Object.assign(Heap.prototype, { alloc, free });
  }
}

test.each(scenarios)(
  "$name: each allocation refused in turn is a typed error, and the next run is right",
  async (scenario) => {
    const backend = await open(1);
    const wanted = await scenario.run(backend);
    let refuse = -1;
    let asked = 0;
    const gate = (): void => {
      asked += 1;
      if (asked - 1 === refuse) throw new TatamiError("out-of-memory", "refused by the test");
    };
    await watched(gate, async (held) => {
      const fresh = await open(1);
      await scenario.run(fresh);
      const atRest = held();
      const allocations = asked;
      expect(allocations).toBeGreaterThan(10);
      for (refuse = 0; refuse < allocations; refuse++) {
        asked = 0;
        // What threads have for themselves stays once it is there, so a later run asks less often.
        const outcome = await scenario.run(fresh).then(
          () => "done",
          (error: unknown) => (error as TatamiError).code,
        );
        expect(outcome).toBe(refuse < asked ? "out-of-memory" : "done");
        expect(held(), `after refusing allocation ${refuse}`).toBe(atRest);
        asked = -Infinity;
        expect(await scenario.run(fresh)).toEqual(wanted);
      }
    });
  },
);

test("memory.grow refused by the engine is out-of-memory, and the backend stays usable", async () => {
  const backend = await open(1);
  const wanted = await scenarios[0]!.run(backend);
  const fresh = await open(1);
  const { grow } = WebAssembly.Memory.prototype;
  WebAssembly.Memory.prototype.grow = () => {
    throw new RangeError("no");
  };
  try {
    await expect(scenarios[0]!.run(fresh)).rejects.toMatchObject({ code: "out-of-memory" });
  } finally {
    WebAssembly.Memory.prototype.grow = grow;
  }
  expect(await scenarios[0]!.run(fresh)).toEqual(wanted);
});

test("ten thousand runs, and a thousand programs, leave memory where it was", async () => {
  const backend = await open(1);
  const session = openSession(backend);
  const x = input([1, 4, 10, 10]);
  const w = state(values(8 * 4 * 9, 3), [8, 4, 3, 3], "w");
  const graph = { inputs: [x], outputs: [relu(conv2d(x, w))] };
  const image = values(400, 4);
  const program = await compile(graph, session);
  const first = await program.run([image]);
  let size = 0;
  const measure = async (): Promise<number> => {
    const probe = await backend.alloc(64);
    backend.free(probe);
    return probe.at;
  };
  size = await measure();
  for (let k = 0; k < 10_000; k++) void program.step([image]);
  expect(await program.run([image])).toEqual(first);
  for (let k = 0; k < 1000; k++) {
    const other = await compile(graph, session);
    other.close();
  }
  expect(await measure()).toBe(size);
  await session.close();
});

test("two programs that run by turns do not disturb each other", async () => {
  const backend = await open(1);
  const session = openSession(backend);
  const programOf = async (side: number, seed: number) => {
    const x = input([2, 4, side, side]);
    const w = state(values(16 * 4 * 9, seed), [16, 4, 3, 3], `w${seed}`);
    const program = await compile({ inputs: [x], outputs: [relu(conv2d(x, w, { padding: 1 }))] }, session);
    return { program, image: values(2 * 4 * side * side, seed + 1) };
  };
  const a = await programOf(12, 1);
  const wanted = await a.program.run([a.image]);
  const b = await programOf(31, 7);
  const other = await b.program.run([b.image]);
  for (let k = 0; k < 20; k++) {
    const both = await Promise.all([a.program.run([a.image]), b.program.run([b.image])]);
    expect(both).toEqual([wanted, other]);
  }
  await session.close();
});
