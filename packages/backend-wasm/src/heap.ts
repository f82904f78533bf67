/**
 * The one linear memory and what is free of it: first fit, neighbours joined. Memory grows only here, so never while a
 * program runs; views die when it grows, so they are taken anew from `buffer`.
 */
import { TatamiError } from "@tatamijs/core/backend";
import type { Address } from "./kernel.ts";
import { alignment, ceilTo } from "./values.ts";

/** A range of the linear memory: the backend's memory type. */
export interface Block {
  readonly at: Address;
  readonly bytes: number;
}

const page = 65536;
/** Never given away: vectors that are read at the end of the last value may reach beyond it; the most by assembly/dense.ts. */
const slack = 128;

export class Heap {
  readonly memory: WebAssembly.Memory;
  /** Sorted by address; no two touch. */
  readonly #free: { at: number; bytes: number }[] = [];
  #end: number;
  #words: Int32Array;

  /** `base`: what lies below belongs to the module. */
  constructor(memory: WebAssembly.Memory, base: Address) {
    this.memory = memory;
    this.#words = new Int32Array(memory.buffer);
    const first = ceilTo(base, alignment);
    this.#end = memory.buffer.byteLength - slack;
    if (this.#end > first) this.#free.push({ at: first, bytes: this.#end - first });
  }

  /** All of memory as words, as it is now. */
  get words(): Int32Array {
    if (this.#words.buffer !== this.memory.buffer) this.#words = new Int32Array(this.memory.buffer);
    return this.#words;
  }

  /** @throws TatamiError `out-of-memory`; nothing has changed then. */
  alloc(bytes: number): Block {
    const size = Math.max(alignment, ceilTo(bytes, alignment));
    let found = this.#free.findIndex((hole) => hole.bytes >= size);
    if (found < 0) {
      this.#grow(size);
      found = this.#free.length - 1;
    }
    const hole = this.#free[found]!;
    const { at } = hole;
    hole.at += size;
    hole.bytes -= size;
    if (hole.bytes === 0) this.#free.splice(found, 1);
    return { at, bytes: size };
  }

  free({ at, bytes }: Block): void {
    let i = this.#free.findIndex((hole) => hole.at > at);
    if (i < 0) i = this.#free.length;
    this.#free.splice(i, 0, { at, bytes });
    if (i + 1 < this.#free.length) this.#join(i);
    if (i > 0) this.#join(i - 1);
  }

  /** A hole and the next become one where they touch. */
  #join(i: number): void {
    const [a, b] = [this.#free[i]!, this.#free[i + 1]!];
    if (a.at + a.bytes !== b.at) return;
    a.bytes += b.bytes;
    this.#free.splice(i + 1, 1);
  }

  /** Room for `size` bytes at the end, in the last hole. */
  #grow(size: number): void {
    const last = this.#free.at(-1);
    const open = last !== undefined && last.at + last.bytes === this.#end ? last : undefined;
    // A quarter more than there is, so that many small requests do not grow it one by one; less where that is refused.
    const need = ceilTo(size - (open?.bytes ?? 0), page) / page;
    const pages = Math.max(need, Math.ceil(this.#end / page / 4));
    if (!this.#try(pages) && !(pages > need && this.#try(need))) {
      throw new TatamiError(
        "out-of-memory",
        `linear memory of ${this.#end} bytes was refused ${need * page} more; use a smaller batch, or close sessions`,
        { op: "wasm", details: { bytes: size } },
      );
    }
    const grown = this.memory.buffer.byteLength - slack;
    if (open === undefined) this.#free.push({ at: this.#end, bytes: grown - this.#end });
    else open.bytes += grown - this.#end;
    this.#end = grown;
  }

  #try(pages: number): boolean {
    try {
      this.memory.grow(pages);
      return true;
    } catch {
      return false;
    }
  }
}
