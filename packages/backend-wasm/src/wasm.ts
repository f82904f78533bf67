/** The backend: one linear memory, programs as tables of calls, runs in the caller's thread. */
import {
  bytesPerElement,
  dtypes,
  sizeOf,
  TatamiError,
  typedArray,
  type Backend,
  type Slice,
  type TypedArray,
} from "@tatamijs/core/backend";
import { alignment, Heap, type Block } from "./heap.ts";
import { ceilTo, vectorBytes, type WasmKernel } from "./kernel.ts";
import { hasRelaxed, load, type Build, type Exports } from "./module.ts";
import { linkProgram, type Machine } from "./program.ts";
import { kernels } from "./table.ts";

export interface WasmOptions {
  /** "strict" keeps to direct sums; "fast" (default) also takes Winograd's algorithm, whose rounding is a little larger. */
  readonly precision?: "fast" | "strict" | undefined;
  /** Default: "relaxed" where the engine has relaxed SIMD, else "simd". */
  readonly build?: Build | undefined;
}

/** Opens the WASM backend. @throws TatamiError `backend` where WebAssembly SIMD is missing or the binary cannot be had. */
export async function wasm({ precision = "fast", build }: WasmOptions = {}): Promise<Backend<WasmKernel, Block>> {
  const chosen = build ?? (hasRelaxed() ? "relaxed" : "simd");
  const module = await load(chosen, false);
  const memory = new WebAssembly.Memory({ initial: 16, maximum: 65536 });
  const instance = await WebAssembly.instantiate(module, { env: { memory } });
  const exports = instance.exports as unknown as Exports;
  const base = ceilTo(exports.heapBase(), alignment);
  // The first words behind the module's own say where the threads' own memory lies; see assembly/local.ts.
  const heap = new Heap(memory, base + alignment);
  let local: Block | undefined;
  let closed = false;
  let failure: Error | undefined;
  const places = new Map<string, number>();
  const views = new WeakMap<Slice<Block>, TypedArray>();

  const checkOpen = (what: string): void => {
    if (closed)
      throw new TatamiError("closed", `${what} on the wasm backend after close(); open another with wasm()`, {
        op: "wasm",
      });
  };
  const checkFailure = (): void => {
    if (failure === undefined) return;
    const first = failure;
    failure = undefined;
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
      let place = places.get(code);
      if (place !== undefined) return place;
      const kernel = instance.exports[code];
      if (typeof kernel !== "function") throw new TatamiError("internal", `the module has no ${code}`, { op: "wasm" });
      place = exports.table.grow(1, kernel);
      places.set(code, place);
      return place;
    },
    needLocal(bytes) {
      if (bytes <= (local?.bytes ?? 0)) return;
      const larger = heap.alloc(bytes);
      if (local !== undefined) heap.free(local);
      local = larger;
      heap.words[base / 4] = local.at;
      heap.words[base / 4 + 1] = local.bytes;
    },
    run(program, calls) {
      try {
        checkOpen("run");
        exports.run(program, calls);
      } catch (error) {
        failure ??=
          error instanceof TatamiError
            ? error
            : new TatamiError("internal", "a kernel failed", { op: "wasm", cause: error });
      }
    },
  };

  return {
    name: "wasm",
    traits: {
      variant: `${chosen === "relaxed" ? "relaxed simd" : "simd"}, 1 thread`,
      dtypes: dtypes.filter((dtype) => dtype !== "f16" || typeof Float16Array !== "undefined"),
      alignment,
      sharesBlock: true,
      maxBytes: 2 ** 31 - 65536,
      inFlight: Infinity,
    },
    kernels: kernels({ strict: precision === "strict" }),
    // Whole vectors: what lies behind the last element is the value's own, and undefined.
    bytes: ({ shape, dtype }) => ceilTo(sizeOf(shape) * bytesPerElement(dtype), vectorBytes),
    aliases: (from, to) => from.dtype === to.dtype,
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
      checkFailure();
      const values = viewOf(from);
      const copy = into ?? typedArray(from.spec.dtype, values.length);
      copy.set(values);
      return copy;
    },
    link(steps) {
      checkOpen("link");
      const linked = linkProgram(steps, machine);
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
      checkFailure();
    },
    // A processor is not lost.
    lost: new Promise(() => {}),
    async close() {
      closed = true;
    },
  };
}
