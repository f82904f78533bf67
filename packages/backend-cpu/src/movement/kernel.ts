/** Kernels that move elements: what they share. */
import type { Spec, TypedArray } from "@tatamijs/core/backend";
import type { CpuKernel } from "../kernel.ts";
import { mover, wordOf, words, type Box } from "./strided.ts";

/** One input, moved box by box; where `fill` is given the output is filled with it first. */
export function move(boxes: readonly Box[], fill?: number): CpuKernel {
  const moves = boxes.map(mover);
  return {
    bind({ inputs, output }) {
      const out = words(output);
      const from = inputs.map(words);
      const word = fill === undefined ? 0 : wordOf(output, fill);
      return () => {
        if (fill !== undefined) out.fill(word);
        for (let i = 0; i < moves.length; i++) moves[i]!(out, from[i]!);
      };
    },
  };
}

/** The values as they stand (reshape and detach, where the engine kept no alias). */
export function same(_input: Spec): CpuKernel {
  return {
    inPlace: [0],
    bind({ inputs, output }) {
      const from: TypedArray = inputs[0]!;
      if (from.buffer === output.buffer && from.byteOffset === output.byteOffset) return () => {};
      const out = words(output);
      const source = words(from);
      return () => out.set(source);
    },
  };
}
