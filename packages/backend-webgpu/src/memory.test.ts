/** Buffers over time: nothing leaks, nothing is half done when one is refused, and programs do not disturb each other. */
import { conv2d, input, relu, state } from "@tatamijs/core";
import type { TatamiError } from "@tatamijs/core/backend";
import { compile, openSession } from "@tatamijs/engine";
import { expect, test } from "vitest";
import { manyRuns } from "./testing/many.ts";
import { forward, loading, training, values } from "./testing/scenarios.ts";
import { watchedGpu } from "./testing/watched.ts";
import { webgpu } from "./webgpu.ts";

test.each([forward, training, loading])(
  "$name: each buffer refused in turn is a typed error, and the next run is right",
  async (scenario) => {
    const { gpu, watch } = watchedGpu();
    const backend = await webgpu({ gpu });
    const wanted = await scenario.run(backend);
    let asked = 0;
    let refuse = -1;
    watch.refuse = () => asked++ === refuse;
    await scenario.run(backend);
    // How many buffers to read from lie ready hangs on which reads were on their way together: a few of each size.
    const held = (): number => [...watch.buffers.keys()].filter(({ label }) => label !== "staging").length;
    const staging = (): number => watch.buffers.size - held();
    const [atRest, buffers] = [held(), asked];
    const sizes = new Set([...watch.buffers].flatMap(([{ label }, bytes]) => (label === "staging" ? [bytes] : [])))
      .size;
    expect(sizes).toBeGreaterThan(0);
    expect(buffers).toBeGreaterThan(3);
    for (refuse = 0; refuse < buffers; refuse++) {
      asked = 0;
      const outcome = await scenario.run(backend).then(
        () => "done",
        (error: unknown) => (error as TatamiError).code,
      );
      // Reads that end early leave their buffers to later ones, so a run may ask less often than the first.
      expect(outcome, `buffer ${refuse}`).toBe(refuse < asked ? "out-of-memory" : "done");
      expect(held(), `after refusing buffer ${refuse}`).toBeLessThanOrEqual(atRest);
      expect(staging(), `to read from, after refusing buffer ${refuse}`).toBeLessThanOrEqual(4 * sizes);
      asked = -Infinity;
      expect(await scenario.run(backend)).toEqual(wanted);
    }
    await backend.close();
    expect(watch.buffers.size).toBe(0);
  },
);

test("a buffer to read from that is refused takes no run with it", async () => {
  const { gpu, watch } = watchedGpu();
  const backend = await webgpu({ gpu });
  const session = openSession(backend);
  const x = input([1, 4, 10, 10]);
  const program = await compile({ inputs: [x], outputs: [relu(x)] }, session);
  await program.step([values(400, 1)]);
  watch.refuse = () => true;
  await expect(program.read(0)).rejects.toMatchObject({ code: "out-of-memory" });
  watch.refuse = undefined;
  expect(await program.read(0)).toEqual(values(400, 1).map((v) => Math.max(0, v)));
  await backend.close();
});

test("five hundred runs and fifty programs leave buffers and pipelines where they were", () => manyRuns(500, 50));

test("two programs that run by turns do not disturb each other", async () => {
  const backend = await webgpu();
  const session = openSession(backend);
  const programOf = async (side: number, seed: number) => {
    const x = input([2, 4, side, side]);
    const w = state(values(16 * 4 * 9, seed), [16, 4, 3, 3], `w${seed}`);
    return {
      program: await compile({ inputs: [x], outputs: [conv2d(x, w)] }, session),
      image: values(8 * side ** 2, seed),
    };
  };
  const both = [await programOf(9, 1), await programOf(14, 2)];
  const alone = [];
  for (const { program, image } of both) alone.push(await program.run([image]));
  for (let k = 0; k < 20; k++) {
    const asked = both.map(({ program, image }) => program.run([image]));
    expect(await Promise.all(asked)).toEqual(alone);
  }
  expect(backend.info.messages).toEqual([]);
  await backend.close();
});
