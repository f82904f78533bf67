/** Something that runs a net: we ourselves, or a peer. */
import type { Net } from "./layers.ts";

/** A net made ready: weights loaded, input in place. */
export interface Ready {
  /** One run, until its answer stands in host memory. A plain function where the runner computes in the caller's thread. */
  run(): void | Promise<unknown>;
  /** The answer of a run, NHWC. */
  answer(): Promise<Float32Array>;
  close(): void | Promise<void>;
}

export interface Runner {
  readonly name: string;
  readonly version: string;
  prepare(net: Net, input: Float32Array, kind: "op" | "network"): Promise<Ready>;
}
