/** Trees of a workgroup: the same bits whether neighbours exchange values themselves or through memory, and the CPU's answer. */
import { cpu } from "@tatamijs/backend-cpu";
import { input, logSoftmax, max, mean, mul, softmax, sum, type Tensor } from "@tatamijs/core";
import { sizeOf, type Backend } from "@tatamijs/core/backend";
import { compile, openSession, print } from "@tatamijs/engine";
import { expect, test } from "vitest";
import { values } from "./testing/scenarios.ts";
import { webgpu } from "./webgpu.ts";

const shape = [3, 70, 200];
const x = input(shape);
const built: readonly Tensor[] = [
  softmax(x, { axis: -1 }),
  logSoftmax(x, { axis: 1 }),
  sum(x, { axis: 2 }),
  max(x, { axis: 2 }),
  mean(mul(x, x)),
];

async function answers(backend: Backend): Promise<{ text: string; all: Float32Array[] }> {
  const session = openSession(backend);
  const program = await compile({ inputs: [x], outputs: built }, session);
  const found = await program.run([values(sizeOf(shape), 3)]);
  const text = print(program);
  await session.close();
  await backend.close();
  return { text, all: found.map(({ data }) => data as Float32Array) };
}

test("softmax, sums, a maximum and a mean", async () => {
  const opened = await webgpu({ profile: "gpu" });
  expect(opened.device.features.has("subgroups")).toBe(true);
  const shared = await answers(opened);
  const alone = await answers(await webgpu({ profile: "gpu", subgroups: false }));
  const { all: wanted } = await answers(cpu());
  expect(shared.text).toMatch(/a workgroup each, joined/);
  expect(alone.all).toEqual(shared.all);
  wanted.forEach((one, n) => {
    expect(one.length).toBe(sizeOf(built[n]!.shape));
    one.forEach((value, k) => expect(Math.abs(shared.all[n]![k]! - value)).toBeLessThan(2e-5));
  });
});
