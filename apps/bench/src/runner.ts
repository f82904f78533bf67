/** Something that runs a net: we ourselves, or a peer. */
import type { WebGpuOptions } from "@tatamijs/backend-webgpu";
import type { Net } from "./layers.ts";

/** One op, timed by itself; a network, with its input given and its answer read; a training step, with its loss read. */
export type Kind = "op" | "network" | "train";

export interface Task {
  readonly kind: Kind;
  readonly net: Net;
  /** NHWC (or rows). */
  readonly input: Float32Array;
  /** Training: a class for each row. */
  readonly labels: Int32Array;
}

/** Training is plain gradient descent at this rate on the mean cross-entropy. */
export const learningRate = 0.01;

/** Losses that a training task answers with. */
export const lossesShown = 5;

/** A task made ready: weights loaded, input in place. */
export interface Ready {
  /** One run, until its answer stands in host memory (an op: in the runner's, if that is not a GPU's). A plain function where the runner computes in the caller's thread. */
  run(): void | Promise<unknown>;
  /** `count` runs handed over together and waited for once: what a GPU does when it is kept busy. Ours, on WebGPU. */
  burst?(count: number): Promise<void>;
  /** The answer of a run, NHWC; of a training task, asked once before any run, the first losses. */
  answer(): Promise<Float32Array>;
  close(): void | Promise<void>;
}

/** What a runner computes on, for the bare loop that it is held against. */
export interface Gpu {
  readonly device: GPUDevice;
  /** `nvidia / hopper`; a processor that plays a GPU is said to be one. */
  readonly adapter: string;
}

export interface Runner {
  readonly version: string;
  /** The task as its users have theirs, on a disk; made before anything is timed. */
  translate?(task: Task): Promise<Task>;
  /** Another device of the same adapter. Ours, on WebGPU. */
  gpu?(): Promise<Gpu>;
  /** Rejects where it cannot run the task: the message is shown. */
  prepare(task: Task): Promise<Ready>;
}

/** What a system is opened with; each module takes what it knows. */
export interface Opening {
  readonly threads: number;
  readonly precision?: "fast" | "strict";
  readonly build?: "simd" | "relaxed";
  /** Of the WASM backend at a cold start; without it, a page's is in a worker. */
  readonly worker?: boolean;
  /** Of the WebGPU backend; without it, the adapter's. */
  readonly profile?: "direct" | "gpu";
  readonly tile?: NonNullable<WebGpuOptions["tile"]>;
  /** In a page: the folder (a URL) under which the system's own files are served. */
  readonly files?: string;
}

/** Each system is a module that exports this. */
export type Create = (opening: Opening) => Promise<Runner>;
