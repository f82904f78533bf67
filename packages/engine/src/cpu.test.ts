/** The same graphs on the backend that ships: engine and kernels agree with the interpreter. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { cpu } from "@tatamijs/backend-cpu";
import { describe, expect, test } from "vitest";
import { compile, openSession, type Session } from "./index.ts";
import { close, expected } from "./testing/equal.ts";
import { drawn, leNet, oddities, residualBlock, type Sample } from "./testing/graphs.ts";

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
