/** The workers that take part in a program's calls; see assembly/run.ts. */
import type { Joining } from "./thread.ts";
import { spawn, type Spawned } from "./spawn.ts";

export interface Threads {
  /** Hands them the module and the memory; resolves when all take part, or with why one does not: none is left then. */
  join(module: WebAssembly.Module, memory: WebAssembly.Memory): Promise<string | undefined>;
  /** Resolves when none runs any more. */
  end(): Promise<void>;
}

/** How long they may take to start, in ms. */
const startTime = 5000;

/** Workers need some time to start, and may use it while the module is still being loaded. `lost`: one ended that took part. */
export function startThreads(count: number, lost: (why: string) => void): Threads {
  const workers: Spawned[] = [];
  let joined = false;
  let fail: (why: string) => void = () => undefined;
  let ready: () => void = () => undefined;
  const failed = new Promise<string>((resolve) => {
    fail = resolve;
  });
  const allReady = new Promise<undefined>((resolve) => {
    let left = count;
    ready = () => {
      left -= 1;
      if (left === 0) resolve(undefined);
    };
  });
  const ended = (why: string): void => (joined ? lost(why) : fail(why));
  const end = async (): Promise<void> => {
    await Promise.all(workers.splice(0).map((worker) => worker.terminate()));
  };
  try {
    for (let k = 0; k < count; k++) {
      workers.push(
        spawn("thread", {
          heard: (message) => (message === "ready" ? ready() : ended(String(message))),
          ended,
        }),
      );
    }
  } catch (error) {
    fail(String(error));
  }
  return {
    async join(module, memory) {
      workers.forEach((worker, k) => worker.post({ module, memory, thread: k + 1 } satisfies Joining));
      const timer = setTimeout(() => fail(`they did not start within ${startTime / 1000} s`), startTime);
      const why = await Promise.race([allReady, failed]);
      clearTimeout(timer);
      joined = true;
      if (why !== undefined) await end();
      return why;
    },
    end,
  };
}
