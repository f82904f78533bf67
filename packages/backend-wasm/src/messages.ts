/** What a page and its worker say to each other; see remote.ts and host.ts. Order is kept both ways. */
import { TatamiError, type Call, type ErrorFacts, type Kernel, type Spec } from "@tatamijs/core/backend";
import type { Block } from "./heap.ts";
import type { Opening, Running } from "./here.ts";

/** A kernel as the page knows it: the planner's view, and the call that it is prepared for once more when a program is linked. */
export interface RemoteKernel extends Kernel {
  readonly call: Call;
  /** The kernel of this pack of it. */
  readonly pack?: number;
}

/** A slice without its backend's types. */
export interface RemoteSlice {
  readonly memory: Block;
  readonly offset: number;
  readonly bytes: number;
  readonly spec: Spec;
}

export interface RemoteStep {
  readonly kernel: Pick<RemoteKernel, "call" | "pack">;
  readonly inputs: readonly RemoteSlice[];
  readonly output: RemoteSlice;
  readonly scratch?: RemoteSlice;
}

/** Where workers/rest.js is, and whether the page is to be asked for the rest of the module. */
export interface RestPlace {
  readonly code: string;
  readonly module: boolean;
}

/** What is answered. Values go as bytes: not every engine posts a Float16Array. */
export type Question =
  | { readonly kind: "open"; readonly opening: Opening; readonly module: WebAssembly.Module; readonly rest: RestPlace }
  | { readonly kind: "prepare"; readonly call: Call }
  | { readonly kind: "alloc"; readonly bytes: number }
  | { readonly kind: "link"; readonly steps: readonly RemoteStep[] }
  | { readonly kind: "read"; readonly from: RemoteSlice }
  | { readonly kind: "settle" }
  | { readonly kind: "close" };

/** What is not; a failure arrives at the next read. */
export type Order =
  | { readonly kind: "free"; readonly memory: Block }
  | { readonly kind: "write"; readonly to: RemoteSlice; readonly bytes: ArrayBuffer }
  | { readonly kind: "run" | "drop"; readonly program: number };

/** What a worker that wants the rest is told, out of turn: the question that needs it is not answered before. */
export type RestAnswer = { readonly restModule: WebAssembly.Module } | { readonly restFailure: Failure };

export type Request = Order | (Question & { readonly id: number });

export type Reply =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly failure: Failure }
  | { readonly running: Running }
  | { readonly wants: "restModule" };

/** An error that survives being posted. */
export type Failure = ErrorFacts;

export function failureOf(error: unknown): Failure {
  if (!(error instanceof TatamiError))
    return { code: "internal", text: String(error), op: "wasm", details: {}, layers: [] };
  const { code, text, op, details, layers } = error;
  return { code, text, op, details, layers };
}

export function errorOf({ code, text, ...facts }: Failure): TatamiError {
  return new TatamiError(code, text, facts);
}
