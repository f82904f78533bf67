/**
 * The contract between the engine and a backend: a memory, a table of kernels and a linker.
 *
 * Three times. *Compile*: `prepare` sees all that is static, may be async, may decline with a reason; `link` sees every
 * address. *Once per version*: the engine runs steps that depend only on constants and states again when one of them
 * changed (packing, for one). *Every run*: `Linked.run`.
 *
 * One in-order queue: write, run and read take effect in the order of the calls. Nothing but the promises reports a
 * failure: what went wrong in a run arrives at the next `read` or `settle`.
 */
import type { DType, TypedArray } from "./dtype.ts";
import { show, TatamiError } from "./errors.ts";
import type { Spec } from "./op.ts";
import { checkOptions } from "./operand.ts";
import {
  compositeNames,
  primitiveNames,
  type Attrs,
  type CompositeName,
  type OpName,
  type PrimitiveName,
} from "./ops/index.ts";

/** A new primitive raises the minor number: backends that lack it decline it. A changed meaning raises the major one. */
export const contractVersion: string = "1.0";

/** What a kernel is told of an operand. A plain record, so that it can be cloned to a worker. */
export interface Operand extends Spec {
  /** Small constants only (the engine decides); the engine still passes a slice at run time. */
  readonly data?: TypedArray;
  /**
   * Its value is the same from run to run: a constant, or weights that the program does not train. When they are written anew, packs run
   * again, and nothing else does: what a kernel wants to keep of it, it keeps by `packs`, which cost a run nothing.
   */
  readonly fixed?: boolean | undefined;
}

/** One op application, with all that is static about it. */
export interface Call<N extends OpName = OpName> {
  readonly op: N;
  readonly attrs: Attrs<N>;
  readonly inputs: readonly Operand[];
  readonly output: Spec;
}

/**
 * The planner's view of a prepared kernel. Each backend extends it privately with what it needs to run.
 */
export interface Kernel {
  /** How it runs, for people (`print`, `--trace`): `winograd 4×4, 3×3`. */
  readonly variant?: string;
  /** Bytes of scratch memory while it runs. Contents undefined at the start. */
  readonly scratch?: number;
  /** Inputs k whose slice the output slice may *equal* (same address, same bytes). Never claimed for a partial overlap. */
  readonly inPlace?: readonly number[];
  /** Its sums are not in the order of the definition (Winograd): the conformance kit then holds whole numbers to the bound for fractions. */
  readonly exact?: false;
  /** Operands it wants in another form. The engine owns the bytes and packs again when the value changed. */
  readonly packs?: readonly Pack[];
}

/** Operand `input` is to arrive packed. Equal (value, key) is one packing, shared by all kernels of a session that ask for it. */
export interface Pack {
  readonly input: number;
  /** Says the packed form completely: `f32-panel4`. */
  readonly key: string;
  /** Size of the packed form. The kernel is then given a slice of this many bytes, spec u8 [bytes]. */
  readonly bytes: number;
  /** Takes the operand (1 input), writes the packed form. */
  readonly kernel: Kernel;
}

export interface Declined {
  /** Why, for the person who reads the support table: `f16 is not supported on this adapter`. */
  readonly declined: string;
}

export type Prepare<N extends OpName, K extends Kernel> = (call: Call<N>) => K | Declined | Promise<K | Declined>;

/** All primitives, and the composites that the backend runs whole; any other composite gets opened. */
export type Kernels<K extends Kernel> = { readonly [N in PrimitiveName]: Prepare<N, K> } & {
  readonly [N in CompositeName]?: Prepare<N, K>;
};

/** A range of a backend's memory that holds one value. `bytes` is the physical size, as `Backend.bytes` gives it. */
export interface Slice<M> {
  readonly memory: M;
  /** In bytes, a multiple of `traits.alignment`. */
  readonly offset: number;
  readonly bytes: number;
  readonly spec: Spec;
}

export interface Step<K extends Kernel, M> {
  readonly kernel: K;
  readonly inputs: readonly Slice<M>[];
  readonly output: Slice<M>;
  readonly scratch?: Slice<M>;
}

/** Steps with their addresses. `run` may be called as often as you like and allocates nothing. */
export interface Linked {
  run(): void;
  close(): void;
}

export interface Traits {
  /** What runs, for people: `plain TypeScript`, `relaxed simd, 2 threads`. */
  readonly variant: string;
  /** Element types it can hold. */
  readonly dtypes: readonly DType[];
  /** Offsets of slices are multiples of this many bytes. */
  readonly alignment: number;
  /** True: inputs and output of a step may lie in one memory, so one arena holds all temporaries. False: a step's output lies in a memory that none of its inputs lies in (WebGPU), unless it equals an `inPlace` input. */
  readonly sharesBlock: boolean;
  /** The largest memory that `alloc` can give, in bytes. */
  readonly maxBytes: number;
  /** Runs that may be in flight before the caller is made to wait. */
  readonly inFlight: number;
}

/** Why a device was lost. */
export interface Loss {
  readonly reason: string;
}

// oxlint-disable-next-line typescript/no-explicit-any -- a backend's kernel and memory types are its own business
export interface Backend<K extends Kernel = any, M = any> {
  readonly name: string;
  readonly traits: Traits;
  readonly kernels: Kernels<K>;
  /** Physical size of a value: padding, f16 pairs, slack are the backend's own business. */
  bytes(spec: Spec): number;
  /** May a value of `from` be read as `to` (same elements, same order) at the same address? */
  aliases(from: Spec, to: Spec): boolean;
  /** @throws TatamiError `out-of-memory`; the backend stays usable. */
  alloc(bytes: number): M | Promise<M>;
  free(memory: M): void;
  /** Logical row-major values; copies before it returns. */
  write(to: Slice<M>, data: TypedArray): void;
  /** Logical row-major values as of this call; in `into`, and `into` itself, if given. An earlier failure arrives here. */
  read(from: Slice<M>, into?: TypedArray): Promise<TypedArray>;
  /** Fixes addresses; also allocates what runs need, so that errors show up here. */
  link(steps: readonly Step<K, M>[]): Linked | Promise<Linked>;
  /** All before is done, or rejects with the first failure. */
  settle(): Promise<void>;
  /** Resolves when the device is gone; never rejects. Never resolves on a backend that cannot lose its device. */
  readonly lost: Promise<Loss>;
  close(): Promise<void>;
}

/** A kernel's answer when it cannot do a call: a reason that users read in the support table. */
export function decline(reason: string): Declined {
  return { declined: reason };
}

/** @throws TatamiError `backend` when `answer` is neither a kernel nor a reason. */
export function isDeclined(answer: Kernel | Declined): answer is Declined {
  if (typeof answer === "object" && (answer as unknown) !== null) return "declined" in answer;
  throw new TatamiError("backend", `a prepare gave ${show(answer)}; give a kernel (an object), or decline("why")`);
}

/**
 * Fills a table of kernels: primitives it does not name are declined, so that a new primitive breaks no backend.
 * @throws TatamiError `backend` for a name that is no op, or a kernel that is no function.
 */
export function kernelTable<K extends Kernel>(table: { readonly [N in OpName]?: Prepare<N, K> }): Kernels<K> {
  const full: Record<string, unknown> = {};
  for (const name of primitiveNames) full[name] = () => decline(`no kernel for ${name}`);
  const known: readonly string[] = [...primitiveNames, ...compositeNames];
  for (const [name, prepare] of Object.entries(checkOptions(table, "kernelTable", "table"))) {
    if (!known.includes(name))
      throw new TatamiError("backend", `kernels.${name}: there is no such op; the ops are ${known.join(", ")}`);
    if (typeof prepare !== "function") {
      throw new TatamiError(
        "backend",
        `kernels.${name} is ${show(prepare)}; give (call) => kernel, or leave it out to decline ${name}`,
      );
    }
    full[name] = prepare;
  }
  return full as Kernels<K>;
}
