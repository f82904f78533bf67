/** One program run many times, and made many times. */
import { conv2d, input, relu, state } from "@tatamijs/core";
import { compile, openSession } from "@tatamijs/engine";
import { expect } from "vitest";
import { webgpu } from "../webgpu.ts";
import { values } from "./scenarios.ts";
import { watchedGpu } from "./watched.ts";

/** Buffers, their bytes and pipelines are as many after it as after the first of each. */
export async function manyRuns(runs: number, programs: number): Promise<void> {
  const { gpu, watch } = watchedGpu();
  const backend = await webgpu({ gpu });
  const session = openSession(backend);
  const x = input([1, 4, 10, 10]);
  const w = state(values(8 * 4 * 9, 3), [8, 4, 3, 3], "w");
  const graph = { inputs: [x], outputs: [relu(conv2d(x, w))] };
  const image = values(400, 4);
  const program = await compile(graph, session);
  const first = await program.run([image]);
  const held = () => ({
    buffers: watch.buffers.size,
    bytes: [...watch.buffers.values()].reduce((sum, bytes) => sum + bytes, 0),
    pipelines: backend.info.pipelines,
  });
  const before = held();
  for (let k = 0; k < runs; k++) await program.step([image]);
  expect(await program.run([image])).toEqual(first);
  for (let k = 0; k < programs; k++) (await compile(graph, session)).close();
  expect(held()).toEqual(before);
  expect(backend.info.messages).toEqual([]);
  await session.close();
  await backend.close();
  expect(watch.buffers.size).toBe(0);
}
