/** The same graphs on the backend that ships: engine and kernels agree with the interpreter. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { cpu } from "@tatamijs/backend-cpu";
import { describe, expect, test } from "vitest";
import { conv2d, input, mean, relu, square, sub } from "@tatamijs/core";
import { planFor } from "./compile.ts";
import { compile, openSession, print, type Session } from "./index.ts";
import { close, expected } from "./testing/equal.ts";
import { drawn, filters, leNet, momentum, norm, oddities, residualBlock, type Sample } from "./testing/graphs.ts";

setFlagsFromString("--expose-gc");
const gc = runInNewContext("gc") as () => void;

async function agree({ graph, runs }: Sample, tolerance?: number): Promise<void> {
  const wanted = expected(graph, runs);
  const backend = cpu();
  const session: Session = openSession(backend);
  const program = await compile(graph, session);
  for (const [run, inputs] of runs.entries()) {
    await program.step(inputs);
    for (const k of graph.outputs.keys()) close(await program.read(k), wanted.outputs[run]![k]!, tolerance);
  }
  for (const [state, value] of wanted.states) close(await session.read(state), value, tolerance);
  program.close();
  await session.close();
  await backend.close();
}

describe("on the cpu backend", () => {
  test("LeNet", () => agree(leNet(3, false)));
  test("LeNet in training", () => agree(leNet(3, true)));
  test("a residual block", () => agree(residualBlock(false)));
  test("a residual block in training", () => agree(residualBlock(true)));
  test("oddities", () => agree(oddities()));
  // Of a real size, where a value is worked out again only if that is cheap, and where a pack (Winograd) is a step.
  test.each([
    [32, 16, 28],
    [8, 64, 56],
  ] as const)("%i × %i × %i²: at most 20 steps train a convolution", async (n, c, side) => {
    const x = input([n, c, side, side]);
    const w = filters(16, c, 3, "w");
    const normal = norm(conv2d(x, w, { padding: 1 }), "bn");
    const loss = mean(square(sub(relu(normal.y), 0.3)));
    const updates = [...momentum(loss, [w, ...normal.params]), ...normal.updates];
    const plan = await planFor({ inputs: [x], outputs: [loss], updates }, cpu());
    expect(print(plan)).toContain("pack(state(w)");
    expect(plan.steps.length, print(plan)).toBeLessThanOrEqual(20);
  });
  test("a run allocates nothing on the JS heap", async () => {
    const session = openSession(cpu());
    const { graph, runs } = leNet(4, true);
    const program = await compile(graph, session);
    const used = (n: number): number => {
      gc();
      const before = process.memoryUsage().heapUsed;
      for (let i = 0; i < n; i++) {
        if (program.step(runs[0]) !== undefined) throw new Error("a synchronous backend is never waited for");
      }
      return process.memoryUsage().heapUsed - before;
    };
    used(2000);
    // One object of two fields a run would make 24 bytes × 2000.
    expect(Math.min(...Array.from({ length: 6 }, () => used(2000)))).toBeLessThan(2000 * 16);
    await session.close();
  });
  test("drawn graphs", async () => {
    for (let seed = 1; seed <= (process.env["TATAMI_ALL"] === "1" ? 400 : 60); seed++) {
      await agree(drawn(seed), 5e-5).catch((error: unknown) => expect.fail(`seed ${seed}: ${String(error)}`));
    }
  });
});
