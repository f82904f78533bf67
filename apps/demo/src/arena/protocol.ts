/** What the arena's page and its worker tell each other. */
import type { Report, Result } from "@tatamijs/conformance";
import type { OpName } from "@tatamijs/core";
import type { BackendName } from "tatamijs";

/** What the page asks for. A worker does one thing at a time; to stop it is to end the worker. */
export type Asked =
  | { readonly job: "open"; readonly names: readonly BackendName[] }
  | {
      readonly job: "race";
      readonly names: readonly BackendName[];
      readonly ids: readonly string[];
      readonly budget: number;
    }
  | { readonly job: "kit"; readonly name: BackendName; readonly ops: readonly OpName[] };

export type Told =
  | { readonly what: "device"; readonly device: Device }
  | { readonly what: "opened"; readonly opened: Opened }
  | { readonly what: "timed"; readonly timed: Timed }
  | { readonly what: "results"; readonly results: readonly Result[]; readonly done: number; readonly all: number }
  | { readonly what: "reported"; readonly report: Report }
  | { readonly what: "ended" }
  | { readonly what: "failed"; readonly why: string };

export interface Device {
  readonly processors: number;
  readonly isolated: boolean;
  /** Milliseconds between two ticks of the clock. */
  readonly tick: number;
}

/** A backend that was opened, which means that its known answers came out right; or why there is none. */
export type Opened =
  | {
      readonly name: BackendName;
      readonly here: true;
      readonly variant: string;
      /** From nothing to the known answers. */
      readonly ms: number;
      readonly threads: number | undefined;
      readonly adapter: string | undefined;
      /** The adapter is a processor. */
      readonly fallback: boolean;
      readonly notes: readonly string[];
    }
  | { readonly name: BackendName; readonly here: false; readonly why: string };

/** One contest on one backend so far. Times in milliseconds, from numbers given to numbers back. */
export interface Timed {
  readonly id: string;
  readonly name: BackendName;
  readonly state: "preparing" | "running" | "done" | "failed";
  readonly why?: string;
  /** Floating-point operations of a run. */
  readonly operations?: number;
  /** Compiled, weights packed, and run once. */
  readonly first?: number;
  readonly runs?: number;
  /** Runs to a sample, of which median and p95 are taken. */
  readonly each?: number;
  readonly median?: number;
  readonly p95?: number;
  /** Largest difference to the CPU backend, and as a share of the largest number. */
  readonly difference?: number;
  readonly share?: number;
}
