/**
 * The device's queue in the order of the calls. Runs are encoded into one pass; a read adds its copy; all of it is one submit,
 * at the end of the caller's turn or when a write comes, which must not overtake what was run before.
 */
import { mapForReading, usage } from "./flags.ts";
import type { Part } from "./kernel.ts";

/** What a program is at run time: nothing is made when it runs. */
export interface Command {
  readonly pipeline: GPUComputePipeline;
  readonly group: GPUBindGroup;
  readonly groups: readonly [number, number, number];
}

export function record(pass: GPUComputePassEncoder, commands: readonly Command[]): void {
  for (const { pipeline, group, groups } of commands) {
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    pass.dispatchWorkgroups(groups[0], groups[1], groups[2]);
  }
}

export class Queue {
  readonly #device: GPUDevice;
  readonly #guarded: (what: string, work: () => void) => Promise<void>;
  /** Buffers that reads are on their way through. */
  readonly #busy = new Set<GPUBuffer>();
  readonly #idle = new Map<number, GPUBuffer[]>();
  #encoder: GPUCommandEncoder | undefined;
  #pass: GPUComputePassEncoder | undefined;
  #soon = false;
  /** So far, for tests. */
  submits = 0;

  /** `guarded`: work in error scopes. */
  constructor(device: GPUDevice, guarded: (what: string, work: () => void) => Promise<void>) {
    this.#device = device;
    this.#guarded = guarded;
  }

  run(commands: readonly Command[]): void {
    if (commands.length === 0) return;
    const pass = (this.#pass ??= this.#open().beginComputePass());
    record(pass, commands);
  }

  write(to: Part, bytes: Uint8Array<ArrayBuffer>): void {
    this.flush();
    // Deno ends where nothing is to be written.
    if (bytes.length > 0) this.#device.queue.writeBuffer(to.buffer, to.offset, bytes);
  }

  /** The bytes as of this call; `use` gets them while they are mapped. */
  async read<T>(from: Part, bytes: number, use: (mapped: ArrayBuffer) => T): Promise<T> {
    const size = 2 ** Math.ceil(Math.log2(Math.max(bytes, 256)));
    const known = this.#idle.get(size)?.pop();
    // A buffer that is refused spoils the submit that it is in: a new one has a submit of its own.
    if (known === undefined) this.flush();
    const { staging, refused } = known === undefined ? this.#staging(size) : { staging: known, refused: undefined };
    this.#busy.add(staging);
    const encoder = this.#open();
    this.#pass?.end();
    this.#pass = undefined;
    encoder.copyBufferToBuffer(from.buffer, from.offset, staging, 0, bytes);
    if (known === undefined) this.flush();
    await Promise.resolve();
    this.flush();
    try {
      await refused;
      await staging.mapAsync(mapForReading, 0, bytes);
      const value = use(staging.getMappedRange(0, bytes));
      staging.unmap();
      const idle = this.#idle.get(size);
      if (idle === undefined) this.#idle.set(size, [staging]);
      else if (idle.length < 4) idle.push(staging);
      else staging.destroy();
      return value;
    } catch (error) {
      staging.destroy();
      throw error;
    } finally {
      this.#busy.delete(staging);
    }
  }

  /** Hands over what was encoded. */
  flush(): void {
    if (this.#encoder === undefined) return;
    this.#pass?.end();
    this.#device.queue.submit([this.#encoder.finish()]);
    this.#encoder = this.#pass = undefined;
    this.submits++;
  }

  async settle(): Promise<void> {
    // Reads of the same turn join.
    await Promise.resolve();
    this.flush();
    await this.#device.queue.onSubmittedWorkDone();
  }

  destroy(): void {
    this.#encoder = this.#pass = undefined;
    for (const buffers of this.#idle.values()) for (const buffer of buffers) buffer.destroy();
    for (const buffer of this.#busy) buffer.destroy();
    this.#idle.clear();
  }

  #staging(size: number): { staging: GPUBuffer; refused: Promise<void> } {
    let staging!: GPUBuffer;
    const refused = this.#guarded(`a buffer of ${size} bytes to read from`, () => {
      staging = this.#device.createBuffer({ size, usage: usage.mapRead | usage.copyTarget, label: "staging" });
    });
    refused.catch(() => {});
    return { staging, refused };
  }

  #open(): GPUCommandEncoder {
    if (this.#encoder !== undefined) return this.#encoder;
    this.#encoder = this.#device.createCommandEncoder();
    if (!this.#soon) {
      this.#soon = true;
      queueMicrotask(() => {
        this.#soon = false;
        // Reads of the same turn join: their copies come in their own microtasks, after this one's.
        queueMicrotask(() => this.flush());
      });
    }
    return this.#encoder;
  }
}
