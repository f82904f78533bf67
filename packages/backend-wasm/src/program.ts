/** From steps with addresses to a table of calls in linear memory; see assembly/run.ts. */
import type { Linked, Step } from "@tatamijs/core/backend";
import type { Block, Heap } from "./heap.ts";
import type { Address, Io, Operand, Phase, WasmKernel } from "./kernel.ts";

/** What the linker needs of the backend. */
export interface Machine {
  readonly heap: Heap;
  /** The place of a kernel in the function table. */
  placeOf(code: string): number;
  /** Sees to it that all of these have a place. */
  bring(codes: readonly string[]): Promise<void>;
  /** Each thread is to have this many bytes for itself. */
  needLocal(bytes: number): void;
  /** Runs a table of calls; never throws: what went wrong is kept for the next read. */
  run(program: Address, calls: number): void;
}

/** Words of a call. */
const callWords = 4;

/** @throws TatamiError `out-of-memory`, or what `bring` throws; what was taken is given back. */
export async function linkProgram(steps: readonly Step<WasmKernel, Block>[], machine: Machine): Promise<Linked> {
  const { heap } = machine;
  const held: Block[] = [];
  const tables = new Map<string, Address>();
  const take = (bytes: number): Address => {
    const block = heap.alloc(bytes);
    held.push(block);
    return block.at;
  };
  const table: Io["table"] = (key, make) => {
    const known = tables.get(key);
    if (known !== undefined) return known;
    const values = make();
    const at = take(values.byteLength);
    new Uint8Array(heap.memory.buffer).set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at);
    tables.set(key, at);
    return at;
  };
  try {
    const phases: Phase[] = [];
    for (const { kernel, inputs, output, scratch } of steps) {
      machine.needLocal(kernel.local ?? 0);
      const at = scratch === undefined ? 0 : scratch.memory.at + scratch.offset;
      const made = kernel.phases({ inputs: inputs.map(operandOf), output: operandOf(output), scratch: at, table });
      for (const phase of made) if (phase.units > 0) phases.push(phase);
    }
    await machine.bring(phases.flatMap(({ code, calls = code }) => [code, calls]));
    const words: number[] = [];
    const size = phases.reduce((sum, { args }) => sum + args.length, phases.length * callWords);
    const program = take(size * 4);
    let next = program + phases.length * callWords * 4;
    for (const { code, units, grain, args } of phases) {
      words.push(machine.placeOf(code), next, units, grain ?? 1);
      next += args.length * 4;
    }
    for (const { args } of phases) words.push(...args);
    heap.words.set(words, program / 4);
    return {
      run: () => machine.run(program, phases.length),
      close() {
        for (const block of held.splice(0)) heap.free(block);
      },
    };
  } catch (error) {
    for (const block of held) heap.free(block);
    throw error;
  }
}

function operandOf({ memory, offset, bytes, spec }: Step<WasmKernel, Block>["output"]): Operand {
  return { at: memory.at + offset, bytes, spec };
}
