/** Which build, how many threads, and where: in this thread or in a worker. */
import { checkOptions, wrongArgument, type Backend } from "@tatamijs/core/backend";
import { hasRelaxed, nameOf, type BinaryName, type Build, type Made } from "./binary.ts";
import { fitting, moduleOf, type Binary } from "./given.ts";
import type { Here, Opening, RestModule, Running } from "./here.ts";
import type { openRemote } from "./remote.ts";
import { canShare, isolation } from "./sharing.ts";
import type { Early } from "./spawn.ts";
import type { startThreads } from "./threads.ts";
import { mostThreads } from "./values.ts";

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
  /**
   * Where the binary is, or the binary itself, in place of the package's own file: one of the folder `binaries`, or a function
   * that is told the name of the one that fits here. Which build it is, it says itself.
   */
  readonly binary?: Binary | PromiseLike<Binary> | ((name: BinaryName) => Binary | PromiseLike<Binary>) | undefined;
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

/** How threads and a worker are started. */
interface Workers {
  /** A page's worker, at once: its script is fetched while the code that talks to it still is. */
  host(): Worker;
  /** What talks to them. */
  starters(): Promise<{ readonly startThreads: typeof startThreads; readonly openRemote: typeof openRemote }>;
}

/** What an entry of the package brings along. */
export interface Brought {
  load(build: Build, shared: boolean): Promise<WebAssembly.Module>;
  /** What `load` leaves out where memory is not shared, if it does. */
  loadRest?(build: Build): Promise<WebAssembly.Module>;
  /** Or why there are none. */
  readonly workers: Workers | string;
}

/** `wasm` of both entries; told there. */
export async function open(options: WasmOptions, { load, loadRest, workers }: Brought): Promise<WasmBackend> {
  const {
    precision = "fast",
    build,
    binary,
    threads = processors(),
    worker = inPage(),
  } = checkOptions(options, "wasm");
  if (precision !== "fast" && precision !== "strict")
    throw wrongArgument("wasm", "precision", precision, '"fast" or "strict"');
  if (build !== undefined && build !== "relaxed" && build !== "simd")
    throw wrongArgument("wasm", "build", build, '"relaxed" or "simd", or leave it out');
  if (!Number.isInteger(threads) || threads < 1 || threads > mostThreads)
    throw wrongArgument("wasm", "threads", threads, `a whole number from 1 to ${mostThreads}`);
  if (typeof worker !== "boolean") throw wrongArgument("wasm", "worker", worker, "true or false");
  const notes: string[] = [];
  let chosen: Made = { build: build ?? (hasRelaxed() ? "relaxed" : "simd"), shared: false };
  if (threads > 1) {
    const why = typeof workers === "string" ? workers : canShare() ? undefined : isolation;
    if (why === undefined) chosen = { ...chosen, shared: true };
    else notes.push(`one thread: ${why}`);
  }
  let module: Promise<WebAssembly.Module>;
  if (binary === undefined) module = load(chosen.build, chosen.shared);
  else {
    const given = await moduleOf(typeof binary === "function" ? binary(nameOf(chosen)) : binary);
    const made = fitting(given, build);
    if (chosen.shared && !made.shared)
      notes.push(`one thread: binary is made for one; give binaries/${nameOf({ ...made, shared: true })}.wasm`);
    chosen = made;
    module = Promise.resolve(given);
  }
  const { build: own } = chosen;
  const restModule: RestModule | undefined =
    binary === undefined && !chosen.shared && loadRest !== undefined ? () => loadRest(own) : undefined;
  const early = worker && inPage() && typeof workers !== "string" ? started(workers) : undefined;
  // It is awaited once there is something to put it in; until then a failure is nobody's, and Node ends for that.
  module.catch(() => undefined);
  const opening: Opening = {
    relaxed: chosen.build === "relaxed",
    strict: precision === "strict",
    shared: chosen.shared,
    threads: chosen.shared && typeof workers !== "string" ? threads : 1,
  };
  if (worker && typeof workers === "string") notes.push(`no worker: ${workers}`);
  const remote =
    worker && typeof workers !== "string"
      ? await inWorker(opening, module, restModule, workers, early, notes)
      : undefined;
  const backend = remote ?? (await inThread(opening, module, restModule, workers));
  return Object.defineProperty(backend, "info", {
    enumerable: true,
    get: (): WasmInfo => ({
      build: chosen.build,
      threads: backend.running.threads,
      worker: remote !== undefined,
      notes: [...notes, ...backend.running.notes],
    }),
  }) as unknown as WasmBackend;
}

async function inThread(
  opening: Opening,
  module: Promise<WebAssembly.Module>,
  restModule: RestModule | undefined,
  workers: Workers | string,
): Promise<Here> {
  const { openHere } = await import("./here.ts");
  const start = opening.threads > 1 ? (await (workers as Workers).starters()).startThreads : undefined;
  return openHere(opening, module, { restCode: () => import("./rest.ts"), restModule, start });
}

async function inWorker(
  opening: Opening,
  module: Promise<WebAssembly.Module>,
  restModule: RestModule | undefined,
  workers: Workers,
  early: Early | undefined,
  notes: string[],
): Promise<(Backend & { readonly running: Running }) | undefined> {
  const { openRemote } = await workers.starters();
  try {
    return await openRemote(opening, module, restModule, early);
  } catch (error) {
    await module; // its failure is the one to be told of
    notes.push(`no worker: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

/** Undefined where workers are not allowed, which whoever starts it again is told. */
function started({ host }: Workers): Early | undefined {
  try {
    const early: Early = { worker: host(), failure: undefined };
    early.worker.addEventListener("error", (event) => {
      early.failure = event;
    });
    return early;
  } catch {
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
