/**
 * Where the values of a check lie in a backend's memory: between guard bands, filled with NaN before anything is written.
 * Poison and guards are written and read as f32 [n] over the same bytes, which every backend can do.
 */
import type { Backend, Slice, Spec } from "@tatamijs/core";

/** A bit pattern that no kernel writes by chance. */
const guardNumber = 12345.678;
const guardBytes = 64;

// oxlint-disable-next-line typescript/no-explicit-any -- a backend's memory type is its own business
export type AnySlice = Slice<any>;
// oxlint-disable-next-line typescript/no-explicit-any -- as above
export type AnyBackend = Backend<any, any>;

/** One memory for all (a backend whose steps may share one), or one for each value. Freed together. */
export class Rooms {
  readonly #backend: AnyBackend;
  readonly #memories: unknown[] = [];
  readonly #guards: AnySlice[] = [];

  constructor(backend: AnyBackend) {
    this.#backend = backend;
  }

  /** Places values of these physical sizes. */
  async place(wanted: readonly { readonly spec: Spec; readonly bytes: number }[]): Promise<AnySlice[]> {
    const { alignment, sharesBlock } = this.#backend.traits;
    const up = (bytes: number): number => Math.ceil(bytes / alignment) * alignment;
    const guard = up(guardBytes);
    const slices: AnySlice[] = [];
    const groups = sharesBlock ? [wanted] : wanted.map((one) => [one]);
    for (const group of groups) {
      const total = group.reduce((sum, { bytes }) => sum + up(bytes) + guard, guard);
      const memory: unknown = await this.#backend.alloc(total);
      this.#memories.push(memory);
      this.#fill({ memory, offset: 0, bytes: total, spec: { shape: [], dtype: "u8" } }, NaN);
      let offset = guard;
      this.#guard(memory, 0, guard);
      for (const { spec, bytes } of group) {
        slices.push({ memory, offset, bytes, spec });
        offset += up(bytes);
        this.#guard(memory, offset, guard);
        offset += guard;
      }
    }
    return slices;
  }

  #guard(memory: unknown, offset: number, bytes: number): void {
    const slice = this.#raw({ memory, offset, bytes, spec: { shape: [], dtype: "u8" } });
    this.#guards.push(slice);
    this.#backend.write(
      slice,
      Float32Array.from({ length: slice.spec.shape[0]! }, () => guardNumber),
    );
  }

  /** The bytes of a slice as f32 [n], n as many as fit. */
  #raw({ memory, offset, bytes }: AnySlice): AnySlice {
    let n = Math.floor(bytes / 4);
    const sizeOf = (k: number): number => this.#backend.bytes({ shape: [k], dtype: "f32" });
    while (n > 0 && sizeOf(n) > bytes) n = Math.min(n - 1, Math.floor((n * bytes) / sizeOf(n)));
    const spec: Spec = { shape: [n], dtype: "f32" };
    return { memory, offset, bytes: sizeOf(n), spec };
  }

  #fill(slice: AnySlice, x: number): void {
    const raw = this.#raw(slice);
    this.#backend.write(raw, new Float32Array(raw.spec.shape[0]!).fill(x));
  }

  /** NaN over a slice, padding included: whoever reads it without having written it is found out. */
  poison(slice: AnySlice): void {
    this.#fill(slice, NaN);
  }

  /** Has anything been written between the slices? Says where. */
  async trespass(): Promise<string | undefined> {
    const bands = await Promise.all(this.#guards.map((slice) => this.#backend.read(slice)));
    const wanted = Math.fround(guardNumber);
    const broken = bands.findIndex((band) => band.some((x: number) => x !== wanted));
    if (broken < 0) return undefined;
    return `a kernel wrote outside its slices: the guard bytes at offset ${this.#guards[broken]!.offset} have changed`;
  }

  free(): void {
    for (const memory of this.#memories.splice(0)) this.#backend.free(memory);
    this.#guards.length = 0;
  }
}
