/** Which build, how many threads, and where: in this thread or in a worker. */
import { checkOptions, wrongArgument, type Backend } from "@tatamijs/core/backend";
import type { Opening, Running } from "./here.ts";
import { mostThreads } from "./instance.ts";
import { canShare } from "./memory.ts";
import { hasRelaxed, load, type Build } from "./module.ts";

export interface WasmOptions {
  /** "strict" keeps to direct sums; "fast" (default) also takes Winograd's algorithm, whose rounding is a little larger. */
  readonly precision?: "fast" | "strict" | undefined;
  /** Default: "relaxed" where the engine has relaxed SIMD, else "simd". */
  readonly build?: Build | undefined;
  /**
   * How many threads compute, the one that runs a program included. Answers have the same bits with any number. Default: as
   * many as the machine has processors, 4 at the most. Without shared memory (a page that is not cross-origin isolated) it is
   * one, and `info.notes` says so.
   */
  readonly threads?: number | undefined;
  /** Puts the backend in a worker, so that the calling thread is never blocked by a run. Default: true in a page's own thread. */
  readonly worker?: boolean | undefined;
}

/** What was opened; the threads are those that run now. */
export interface WasmInfo {
  readonly build: Build;
  readonly threads: number;
  readonly worker: boolean;
  /** What is not as it was asked for, and why. */
  readonly notes: readonly string[];
}

export interface WasmBackend extends Backend {
  readonly info: WasmInfo;
}

/**
 * Opens the WASM backend. Workers that cannot be started are done without, and `info.notes` says why. When one is lost later,
 * the backend goes on with one thread; only a run that was waiting for it fails, at the next read, within 5 s.
 * @throws TatamiError `argument`; `backend` where WebAssembly SIMD is missing, or the binary cannot be had.
 */
export async function wasm(options: WasmOptions = {}): Promise<WasmBackend> {
  const { precision = "fast", build, threads = processors(), worker = inPage() } = checkOptions(options, "wasm");
  if (precision !== "fast" && precision !== "strict")
    throw wrongArgument("wasm", "precision", precision, '"fast" or "strict"');
  if (build !== undefined && build !== "relaxed" && build !== "simd")
    throw wrongArgument("wasm", "build", build, '"relaxed" or "simd", or leave it out');
  if (!Number.isInteger(threads) || threads < 1 || threads > mostThreads)
    throw wrongArgument("wasm", "threads", threads, `a whole number from 1 to ${mostThreads}`);
  if (typeof worker !== "boolean") throw wrongArgument("wasm", "worker", worker, "true or false");
  const chosen = build ?? (hasRelaxed() ? "relaxed" : "simd");
  const notes: string[] = [];
  const shared = threads > 1 && canShare();
  if (threads > 1 && !shared)
    notes.push(
      "one thread: memory cannot be shared here; a page must be cross-origin isolated (headers Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp)",
    );
  const opening: Opening = {
    relaxed: chosen === "relaxed",
    strict: precision === "strict",
    threads: shared ? threads : 1,
  };
  const module = load(chosen, shared);
  const opened = worker ? await inWorker(opening, module, notes) : undefined;
  const backend = opened ?? (await (await import("./here.ts")).openHere(opening, module));
  return Object.defineProperty(backend, "info", {
    enumerable: true,
    get: (): WasmInfo => ({
      build: chosen,
      threads: backend.running.threads,
      worker: opened !== undefined,
      notes: [...notes, ...backend.running.notes],
    }),
  }) as unknown as WasmBackend;
}

async function inWorker(
  opening: Opening,
  module: Promise<WebAssembly.Module>,
  notes: string[],
): Promise<(Backend & { readonly running: Running }) | undefined> {
  const { openRemote } = await import("./remote.ts");
  try {
    return await openRemote(opening, module);
  } catch (error) {
    await module; // its failure is the one to be told of
    notes.push(`no worker: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

/** Whether this is a page's own thread, which a run would freeze. */
function inPage(): boolean {
  return typeof document !== "undefined";
}

function processors(): number {
  const { navigator, process } = globalThis as {
    readonly navigator?: { readonly hardwareConcurrency?: number };
    readonly process?: { getBuiltinModule?(name: "node:os"): { availableParallelism(): number } };
  };
  const found = navigator?.hardwareConcurrency ?? process?.getBuiltinModule?.("node:os").availableParallelism() ?? 1;
  return Math.min(Math.max(1, found), 4);
}
