/**
 * A system in a process (or page) of its own: it answers one request at a time, and nothing of it runs between them. The
 * same in Node and in pages; only the way that requests come differs.
 */
import { f32x4Ceiling, type Ceiling } from "./f32x4.ts";
import { gpuCeiling } from "./gpuCeiling.ts";
import { jsCeiling } from "./jsCeiling.ts";
import type { Create, Gpu, Opening, Ready, Runner } from "./runner.ts";
import { taskOf } from "./workloads.ts";

export type Request =
  | { readonly do: "open"; readonly module: string; readonly opening: Opening }
  | { readonly do: "prepare"; readonly workload: string }
  /** → the answer. */
  | { readonly do: "answer" }
  /** → milliseconds of `prepare`, weights in hand, and of its first `answer`: asked for right after them. */
  | { readonly do: "first" }
  /** Runs for `ms`, 300 times at the most, twice at least (once what takes longer than `ms`). → the best time. */
  | { readonly do: "warm"; readonly ms: number }
  /** → milliseconds of one run, the mean of `count`. */
  | { readonly do: "sample"; readonly count: number }
  /** → milliseconds of one run, of `count` waited for once. */
  | { readonly do: "burst"; readonly count: number }
  /** → the GF/s of a bare loop, the best of a few. */
  | { readonly do: "ceiling"; readonly of: CeilingName }
  /** → what the GPU calls itself. */
  | { readonly do: "adapter" }
  | { readonly do: "close" };

export type CeilingName = "f32x4" | "js" | "gpu";

export type Reply = string | number | Float32Array | undefined;

export type Agent = (request: Request) => Promise<Reply>;

async function repeated(timed: Pick<Ready, "run">, count: number): Promise<number> {
  const start = performance.now();
  for (let i = 0; i < count; i++) {
    const pending = timed.run();
    if (pending !== undefined) await pending;
  }
  return (performance.now() - start) / count;
}

async function warm(timed: Ready, ms: number): Promise<number> {
  let best = Infinity;
  const start = performance.now();
  for (let i = 0; i < 300; i++) {
    best = Math.min(best, await repeated(timed, 1));
    if (performance.now() - start > ms && (i > 0 || best > ms)) break;
  }
  return best;
}

export function agent(load: (module: string) => Promise<{ readonly create: Create }>): Agent {
  let runner: Runner | undefined;
  let ready: Ready | undefined;
  let first = 0;
  let gpu: Gpu | undefined;
  const ownGpu = async (): Promise<Gpu> => {
    gpu ??= await runner?.gpu?.();
    if (gpu === undefined) throw new Error("only our own WebGPU backend tells of its adapter");
    return gpu;
  };
  const loopOf = async (name: CeilingName): Promise<Ceiling> => {
    if (name === "gpu") return gpuCeiling((await ownGpu()).device);
    return name === "js" ? jsCeiling() : f32x4Ceiling();
  };
  const loops: Partial<Record<CeilingName, Ceiling>> = {};
  const current = (): Ready => {
    if (ready === undefined) throw new Error("nothing is prepared");
    return ready;
  };
  return async (request) => {
    switch (request.do) {
      case "open": {
        runner = await (await load(request.module)).create(request.opening);
        return runner.version;
      }
      case "prepare": {
        if (runner === undefined) throw new Error("nothing is open");
        const task = taskOf(request.workload);
        const given = (await runner.translate?.(task)) ?? task;
        const start = performance.now();
        ready = await runner.prepare(given);
        first = performance.now() - start;
        return undefined;
      }
      case "answer": {
        const start = performance.now();
        const values = await current().answer();
        first += performance.now() - start;
        return values;
      }
      case "first":
        return first;
      case "warm":
        return warm(current(), request.ms);
      case "sample":
        return repeated(current(), request.count);
      case "burst": {
        const start = performance.now();
        await current().burst?.(request.count);
        return (performance.now() - start) / request.count;
      }
      case "ceiling": {
        const loop = (loops[request.of] ??= await loopOf(request.of));
        let best = Infinity;
        for (let i = 0; i < 8; i++) best = Math.min(best, await repeated(loop, 1));
        return loop.flops / best / 1e6;
      }
      case "adapter":
        return (await ownGpu()).adapter;
      case "close": {
        const closing = ready;
        ready = undefined;
        await closing?.close();
        return undefined;
      }
    }
  };
}
