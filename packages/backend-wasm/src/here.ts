/** The backend in the thread that opens it: one linear memory, programs as tables of calls. */
import { sizeOf, TatamiError, typedArray, type Backend, type Slice, type TypedArray } from "@tatamijs/core/backend";
import { controlWords, extend, instantiate } from "./instance.ts";
import { Heap, type Block } from "./heap.ts";
import type { WasmKernel } from "./kernel.ts";
import { maySleep, memoryFor } from "./memory.ts";
import { linkProgram, type Machine } from "./program.ts";
import { kernels, type RestCode } from "./table.ts";
import type { startThreads, Threads } from "./threads.ts";
import { aliases, alignment, bytesOf, ceilTo, controlBytes, dtypesHere, maxBytes, variantOf } from "./values.ts";

/** What has been decided before, and can be posted to a worker. */
export interface Opening {
  readonly relaxed: boolean;
  readonly strict: boolean;
  /** Whether the module is one for shared memory; for more than one thread it must be. */
  readonly shared: boolean;
  readonly threads: number;
}

/** What runs; threads are those that run now. */
export interface Running {
  readonly threads: number;
  /** What is not as it was asked for, and why. */
  readonly notes: readonly string[];
}

export interface Here extends Backend<WasmKernel, Block> {
  readonly running: Running;
}

/** Gets the module with the kernels that the first one has not got; see assembly/rest.ts. */
export type RestModule = () => Promise<WebAssembly.Module>;

interface Around {
  readonly restCode: RestCode;
  /** Called once, when a program needs it; again only after it failed. Left out where the module has all kernels. */
  readonly restModule?: RestModule | undefined;
  /** Is told when workers are gone. */
  readonly changed?: () => void;
  /** For more than one thread; not imported here, since it says where files lie, which not every entry may. */
  readonly start?: typeof startThreads | undefined;
}

/** @throws TatamiError `backend` when no memory can be had. */
export async function openHere(
  { relaxed, strict, shared, threads: wanted }: Opening,
  module: Promise<WebAssembly.Module>,
  { restCode, restModule, changed, start }: Around,
): Promise<Here> {
  let threads: Threads | undefined;
  let ending: Promise<void> = Promise.resolve();
  let running: Running = { threads: 1, notes: [] };
  const alone = (why: string): void => {
    if (closed) return;
    running = { threads: 1, notes: [...running.notes, `one thread: ${why}`] };
    heap.words[control / 4 + controlWords.workers] = 0;
    ending = threads!.end();
    changed?.();
  };
  if (wanted > 1) threads = start!(wanted - 1, (why) => alone(`a worker is gone (${why})`));
  const memory = memoryFor(shared);
  const made = module.then((known) => instantiate(known, memory));
  const instance = await made.catch(async (error: unknown) => {
    await threads?.end();
    throw error;
  });
  const { exports, places, control } = instance;
  let extended: Promise<void> | undefined;
  const heap = new Heap(memory, control + controlBytes);
  const tellRare = (): void => {
    heap.words[control / 4 + controlWords.rare] = places.get("instructRare") ?? 0;
  };
  tellRare();
  let local: Block | undefined;
  let localBytes = 0;
  let closed = false;
  let failure: Error | undefined;
  const views = new WeakMap<Slice<Block>, TypedArray>();

  const checkOpen = (what: string): void => {
    if (closed)
      throw new TatamiError("closed", `${what} on the wasm backend after close(); open another with wasm()`, {
        op: "wasm",
      });
  };
  const fail = async (first: Error): Promise<never> => {
    failure = undefined;
    // What a worker may still write, it writes before this is heard.
    await ending;
    throw first;
  };
  const viewOf = (slice: Slice<Block>): TypedArray => {
    const known = views.get(slice);
    if (known?.buffer === memory.buffer) return known;
    const { spec, memory: block, offset } = slice;
    const view = typedArray(spec.dtype, memory.buffer, block.at + offset, sizeOf(spec.shape));
    views.set(slice, view);
    return view;
  };
  const machine: Machine = {
    heap,
    placeOf(code) {
      const place = places.get(code);
      if (place === undefined) throw new TatamiError("internal", `the module has no ${code}`, { op: "wasm" });
      return place;
    },
    async bring(codes) {
      if (restModule === undefined || codes.every((code) => places.has(code))) return;
      extended ??= restModule()
        .then((more) => extend(instance, more, memory))
        .then(tellRare);
      try {
        await extended;
      } catch (error) {
        extended = undefined;
        throw error;
      }
    },
    needLocal(bytes) {
      if (bytes <= localBytes) return;
      const each = ceilTo(bytes, alignment);
      const larger = heap.alloc(each * wanted);
      if (local !== undefined) heap.free(local);
      local = larger;
      localBytes = each;
      heap.words[control / 4 + controlWords.local] = local.at;
      heap.words[control / 4 + controlWords.localBytes] = each;
    },
    run(program, calls) {
      try {
        checkOpen("run");
        if (exports.run(program, calls) === 0) return;
        alone("a worker did not finish its part of a run in time");
        throw new TatamiError(
          "backend",
          "a worker did not finish its part within 4 s, so its result is lost; run it again, now on one thread",
          { op: "wasm" },
        );
      } catch (error) {
        failure ??=
          error instanceof TatamiError
            ? error
            : new TatamiError("internal", "a kernel failed", { op: "wasm", cause: error });
      }
    },
  };

  if (threads !== undefined) {
    const why = await threads.join(await module, memory);
    heap.words[control / 4 + controlWords.maySleep] = Number(maySleep());
    if (why === undefined) {
      running = { threads: wanted, notes: [] };
      heap.words[control / 4 + controlWords.workers] = wanted - 1;
    } else alone(`workers could not be started (${why})`);
  }

  return {
    name: "wasm",
    get running() {
      return running;
    },
    traits: {
      get variant() {
        return variantOf(relaxed, running.threads);
      },
      dtypes: dtypesHere(),
      alignment,
      sharesBlock: true,
      maxBytes,
      inFlight: Infinity,
    },
    kernels: kernels({ strict }, restCode),
    bytes: bytesOf,
    aliases,
    alloc(bytes) {
      checkOpen("alloc");
      return heap.alloc(bytes);
    },
    free: (block) => heap.free(block),
    write(to, data) {
      checkOpen("write");
      viewOf(to).set(data);
    },
    async read(from, into) {
      checkOpen("read");
      if (failure !== undefined) await fail(failure);
      const values = viewOf(from);
      const copy = into ?? typedArray(from.spec.dtype, values.length);
      copy.set(values);
      return copy;
    },
    async link(steps) {
      checkOpen("link");
      const linked = await linkProgram(steps, machine);
      let dropped = false;
      return {
        run() {
          if (!dropped) linked.run();
          else
            failure ??= new TatamiError("closed", "run of a program after its close(); link it again", { op: "wasm" });
        },
        close() {
          dropped = true;
          linked.close();
        },
      };
    },
    async settle() {
      checkOpen("settle");
      if (failure !== undefined) await fail(failure);
    },
    // A processor is not lost.
    lost: new Promise(() => {}),
    async close() {
      closed = true;
      await Promise.all([ending, threads?.end()]);
    },
  };
}
