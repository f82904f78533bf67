/** The backend: memories are buffers, a link is a list of commands, and all that was called in a turn is one submit. */
import {
  checkChoice,
  checkOptions,
  sizeOf,
  TatamiError,
  type Backend,
  type DType,
  type Loss,
  type Slice,
  type TypedArray,
} from "@tatamijs/core/backend";
import { findDevice } from "./device.ts";
import { usage } from "./flags.ts";
import { allWays, type Way } from "./conv/tile.ts";
import { ceilTo, type GpuKernel, type Part, type Profile, type Tiles } from "./kernel.ts";
import { Pipelines } from "./pipelines.ts";
import { linkProgram, type Machine, type Memory } from "./program.ts";
import { Queue } from "./queue.ts";
import { kernels } from "./table.ts";
import { Tuner } from "./tuner.ts";
import { Ways } from "./ways.ts";
import { aliases, bytesOf, decode, elementBytes, encode } from "./values.ts";

export interface WebGpuOptions {
  /** Where adapters come from. Default: `navigator.gpu`, else, in Node, the npm package `webgpu`. */
  readonly gpu?: GPU | undefined;
  /** Which of several GPUs. Default: the browser's choice. */
  readonly powerPreference?: "low-power" | "high-performance" | undefined;
  /** Whether an adapter that is a processor will do: right, and slower than wasm(). Default true. */
  readonly fallback?: boolean | undefined;
  /** Tensors of f16, stored in two bytes and computed in f32. Default false; needs an adapter with `shader-f16`. */
  readonly f16?: boolean | undefined;
  /** "strict" keeps to direct sums (no Winograd). Default "fast". */
  readonly precision?: "fast" | "strict" | undefined;
  /** Which tiles products run on. Default: "direct" on a fallback adapter, else "gpu". */
  readonly profile?: Profile | undefined;
  /** Whether the tiles of "gpu" are measured when a program is compiled, once per adapter. Default true, but on a fallback adapter. */
  readonly tune?: boolean | undefined;
  /** The one tile of "gpu" for all products. Default: what was measured, else what their sizes suggest. */
  readonly tile?: Way | undefined;
  /** Whether threads may exchange values where the adapter lets them. Default true. */
  readonly subgroups?: boolean | undefined;
}

export interface WebGpuInfo {
  readonly adapter: string;
  /** A processor that plays a GPU: right, and slow. */
  readonly fallback: boolean;
  readonly profile: Profile;
  /** What was measured on this adapter: products, and the tile that was the fastest for each. */
  readonly tuned: Readonly<Record<string, Way>>;
  /** Pipelines made so far. */
  readonly pipelines: number;
  /** Submits so far. */
  readonly submits: number;
  /** What the shader compiler remarked; none is expected. */
  readonly messages: readonly string[];
}

export interface WebGpuBackend extends Backend<GpuKernel, Memory> {
  readonly info: WebGpuInfo;
  readonly device: GPUDevice;
}

const alignment = 256;

/**
 * Opens the WebGPU backend on a device of its own.
 * @throws TatamiError `argument`; `backend` where there is no WebGPU, no adapter or no device (rejects).
 */
export async function webgpu(options: WebGpuOptions = {}): Promise<WebGpuBackend> {
  const {
    gpu,
    powerPreference,
    fallback: processors = true,
    f16 = false,
    precision = "fast",
    profile,
    tune,
    tile,
    subgroups = true,
  } = checkOptions(options, "webgpu");
  checkChoice(precision, ["fast", "strict"], "webgpu", "precision");
  if (profile !== undefined) checkChoice(profile, ["direct", "gpu"], "webgpu", "profile");
  if (tile !== undefined) checkChoice(tile, allWays, "webgpu", "tile");
  const found = await findDevice({ gpu, powerPreference, fallback: processors, f16, subgroups });
  const { device, adapter, fallback } = found;
  const chosen = profile ?? (fallback ? "direct" : "gpu");
  const pipelines = new Pipelines(device);
  const queue = new Queue(device, (what, work) => guarded(what, work));
  let closed = false;
  let loss: string | undefined;
  let failure: Error | undefined;

  const lostError = (why: string): TatamiError =>
    new TatamiError("device-lost", `the GPU device was lost (${why}), and what it held with it; open a backend again`, {
      op: "webgpu",
    });
  const closedMeanwhile = (): TatamiError =>
    new TatamiError("closed", "the webgpu backend was closed meanwhile", { op: "webgpu" });
  const lost: Promise<Loss> = device.lost.then(({ reason, message }) => {
    // A device that close() destroyed is not lost.
    if (closed) return new Promise<Loss>(() => {});
    loss = message === "" ? reason : `${reason}: ${message}`;
    return { reason: loss };
  });
  const onError = ({ error }: GPUUncapturedErrorEvent): void => {
    failure ??= typed("a run", error);
  };
  device.addEventListener("uncapturederror", onError as EventListener);

  const typed = (what: string, error: GPUError): TatamiError =>
    error.constructor.name === "GPUOutOfMemoryError"
      ? new TatamiError("out-of-memory", `${what}: the GPU gives no more memory; use a smaller batch`, {
          op: "webgpu",
          details: { message: error.message },
        })
      : new TatamiError("internal", `${what} is not valid WebGPU: ${error.message}`, { op: "webgpu" });
  const check = (what: string): void => {
    if (closed) {
      throw new TatamiError("closed", `${what} on the webgpu backend after close(); open another with webgpu()`, {
        op: "webgpu",
      });
    }
  };
  const checkLoss = (): void => {
    if (closed) throw closedMeanwhile();
    if (loss !== undefined) throw lostError(loss);
  };
  const checkFailure = (): void => {
    if (failure === undefined) return;
    const first = failure;
    failure = undefined;
    throw first;
  };
  /** What a promise of the device rejects with, in our words. */
  const explained = async (error: unknown): Promise<unknown> => {
    if (error instanceof TatamiError && error.code !== "internal") return error;
    // The news of a loss may come a moment after the rejection that it caused.
    await Promise.race([device.lost, new Promise((resolve) => setTimeout(resolve, 100))]);
    await Promise.resolve();
    if (closed) return closedMeanwhile();
    if (loss !== undefined) return lostError(loss);
    if (error instanceof TatamiError) return error;
    return new TatamiError("internal", error instanceof Error ? error.message : String(error), {
      op: "webgpu",
      cause: error,
    });
  };
  const guarded = async <T>(what: string, work: () => T | Promise<T>): Promise<T> => {
    device.pushErrorScope("validation");
    device.pushErrorScope("out-of-memory");
    let result: Promise<T>;
    try {
      result = Promise.resolve(work());
    } catch (error) {
      result = Promise.reject(error instanceof Error ? error : new Error(String(error)));
    }
    const [value, full, wrong] = await Promise.allSettled([result, device.popErrorScope(), device.popErrorScope()]);
    for (const scope of [full, wrong])
      if (scope.status === "fulfilled" && scope.value !== null) throw typed(what, scope.value);
    if (value.status === "rejected") throw await explained(value.reason);
    checkLoss();
    return value.value;
  };
  const machine: Machine = {
    device,
    pipelines,
    run: (commands) => {
      if (!closed && loss === undefined) queue.run(commands);
    },
    filled(words, use, label) {
      const buffer = device.createBuffer({ size: ceilTo(Math.max(16, words.byteLength), 16), usage: use, label });
      // Deno ends where nothing is to be written.
      if (words.length > 0) device.queue.writeBuffer(buffer, 0, words);
      return buffer;
    },
    destroy(buffer) {
      queue.flush();
      buffer.destroy();
    },
    guarded,
  };
  const partOf = ({ memory, offset, bytes }: Slice<Memory>): Part => ({ buffer: memory.buffer, offset, bytes });
  const dtypes: readonly DType[] = f16 ? ["f32", "f16", "i32", "u8", "bool"] : ["f32", "i32", "u8", "bool"];
  const ways = new Ways(adapter, chosen === "direct" ? "direct" : tile);
  const [least, most] = found.subgroup;
  const tiles: Tiles = { profile: chosen, quads: least === 4 && most === 4, wayOf: (product) => ways.of(product) };
  const tuner = (tune ?? !fallback) ? new Tuner(machine, tiles, ways) : undefined;
  const { maxBufferSize, maxStorageBufferBindingSize, maxStorageBuffersPerShaderStage } = device.limits;

  return {
    name: "webgpu",
    device,
    get info() {
      return {
        adapter,
        fallback,
        profile: chosen,
        tuned: ways.known,
        pipelines: pipelines.size,
        submits: queue.submits,
        messages: pipelines.messages,
      };
    },
    traits: {
      variant: `${adapter}${fallback ? " (a processor)" : ""}, ${chosen} tiles`,
      dtypes,
      alignment,
      sharesBlock: false,
      maxBytes: Math.min(maxBufferSize, maxStorageBufferBindingSize, 2 ** 31 - alignment),
      inFlight: 3,
    },
    kernels: kernels({
      ...tiles,
      strict: precision === "strict",
      subgroup: least,
      half: f16,
      maxBindings: maxStorageBuffersPerShaderStage,
    }),
    bytes: bytesOf,
    aliases,
    async alloc(bytes) {
      check("alloc");
      checkLoss();
      const size = ceilTo(Math.max(bytes, 16), 16);
      let buffer: GPUBuffer | undefined;
      try {
        await guarded(`a buffer of ${size} bytes`, () => {
          buffer = device.createBuffer({ size, usage: usage.storage | usage.copySource | usage.copyTarget });
        });
        return { buffer: buffer!, bytes: size };
      } catch (error) {
        buffer?.destroy();
        throw error;
      }
    },
    free({ buffer }) {
      if (loss === undefined && !closed) queue.flush();
      buffer.destroy();
    },
    write(to, data) {
      check("write");
      if (loss !== undefined) return;
      queue.write(partOf(to), encode(to.spec, data));
    },
    async read(from, into) {
      check("read");
      checkLoss();
      const bytes = ceilTo(sizeOf(from.spec.shape) * elementBytes(from.spec.dtype), 4);
      let values: TypedArray;
      try {
        values =
          bytes === 0
            ? await queue.settle().then(() => decode(from.spec, new ArrayBuffer(0), into))
            : await queue.read(partOf(from), bytes, (mapped) => decode(from.spec, mapped, into));
      } catch (error) {
        throw await explained(error);
      }
      checkFailure();
      return values;
    },
    async link(steps) {
      check("link");
      checkLoss();
      await tuner?.tune(steps.flatMap(({ kernel }) => kernel.products ?? []));
      const linked = await linkProgram(steps, machine);
      let dropped = false;
      return {
        run() {
          if (!dropped) linked.run();
          else
            failure ??= new TatamiError("closed", "run of a program after its close(); link it again", {
              op: "webgpu",
            });
        },
        close() {
          if (dropped) return;
          dropped = true;
          linked.close();
        },
      };
    },
    async settle() {
      check("settle");
      checkLoss();
      try {
        await queue.settle();
      } catch (error) {
        throw await explained(error);
      }
      checkLoss();
      checkFailure();
    },
    lost,
    async close() {
      if (closed) return;
      closed = true;
      device.removeEventListener("uncapturederror", onError as EventListener);
      queue.destroy();
      device.destroy();
      // The door is kept until here: some implementations end their devices with it.
      void found.gpu;
    },
  };
}
