/** A module with its memory, as every thread makes it: the same kernels at the same places of the function table. */
import type { Address } from "./kernel.ts";
import { ceilTo } from "./values.ts";

/** What assembly/index.ts exports, besides one function for each kernel. */
interface Exports {
  readonly table: WebAssembly.Table;
  heapBase(): Address;
  /** 0: done; 1: a worker did not leave a call. */
  run(program: Address, calls: number): number;
  /** Never returns. */
  work(thread: number): void;
}

export interface Instance {
  readonly exports: Exports;
  /** Where kernels stand in the function table. */
  readonly places: Map<string, number>;
  /** The address of the control block; see assembly/local.ts. */
  readonly control: Address;
}

/** Words of the control block that a backend writes. */
export const controlWords = { local: 0, localBytes: 1, workers: 2, maySleep: 4, rare: 5 } as const;

/** The longest that a worker is waited for, in ms. */
const patience = 4000;

export async function instantiate(module: WebAssembly.Module, memory: WebAssembly.Memory): Promise<Instance> {
  let since = 0;
  const late = (first: number): number => {
    const now = performance.now();
    if (first !== 0) since = now;
    return now - since > patience ? 1 : 0;
  };
  const instance = await WebAssembly.instantiate(module, { env: { memory, late } });
  const exports = instance.exports as unknown as Exports;
  const made: Instance = { exports, places: new Map(), control: ceilTo(exports.heapBase(), 64) };
  place(instance, made);
  return made;
}

/** Another module on the same memory, whose kernels join the others. Both keep the same memory for themselves: none. */
export async function extend(made: Instance, module: WebAssembly.Module, memory: WebAssembly.Memory): Promise<void> {
  const instance = await WebAssembly.instantiate(module, { env: { memory } });
  place(instance, made);
}

function place({ exports }: WebAssembly.Instance, { exports: { table }, places }: Instance): void {
  for (const [name, value] of Object.entries(exports)) {
    if (typeof value === "function") places.set(name, table.grow(1, value));
  }
}
