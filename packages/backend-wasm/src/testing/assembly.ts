/** The module by itself, for what the kit cannot see: one call on bytes that lie where the test puts them. */
import { extend, instantiate } from "../instance.ts";
import type { Build } from "../binary.ts";
import { load, loadRest } from "../module.ts";
import { controlBytes } from "../values.ts";

export interface Assembly {
  /** All of memory that is free, from `base` on. */
  readonly bytes: ArrayBuffer;
  readonly base: number;
  /** Units 0 … units − 1 of an exported kernel. */
  call(code: string, units: number, args: readonly number[]): void;
}

export async function assembly(build: Build, pages: number = 64): Promise<Assembly> {
  const memory = new WebAssembly.Memory({ initial: pages, maximum: 65536 });
  const instance = await instantiate(await load(build, false), memory);
  await extend(instance, await loadRest(build), memory);
  const { exports, places, control } = instance;
  const words = control + controlBytes;
  return {
    bytes: memory.buffer,
    base: words + 1024,
    call(code, units, args) {
      new Int32Array(memory.buffer, words).set(args);
      const kernel = exports.table.get(places.get(code)!) as (
        args: number,
        begin: number,
        end: number,
        thread: number,
      ) => void;
      kernel(words, 0, units, 0);
    },
  };
}
