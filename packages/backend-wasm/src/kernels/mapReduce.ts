import { decline, sizeOf, type Prepare } from "@tatamijs/core/backend";
import { chainLocal, chainSumPhases, sums, sumScratch, tooLong, valueOf } from "../elementwise/chain.ts";
import { isEmpty, type WasmKernel } from "../kernel.ts";

/** Sums and means over the outer axes of f32, which is what training needs; others are a chain, then a reduction. */
export const mapReduce: Prepare<"mapReduce", WasmKernel> = ({ attrs: { steps, fn, axes }, inputs, output }) => {
  const reason = tooLong({ inputs, steps });
  if (reason !== undefined) return decline(reason);
  const value = valueOf(inputs, steps);
  const kept = sizeOf(output.shape);
  // Axes that stay stand behind those that go.
  const firstKept = value.shape.findIndex((size, axis) => size !== 1 && !axes.includes(axis));
  const outer = firstKept < 0 || axes.every((axis) => axis < firstKept || value.shape[axis] === 1);
  const chain = { inputs, steps, output: value };
  const fits = (fn === "sum" || fn === "mean") && value.dtype === "f32" && outer && !isEmpty(value);
  if (!fits || !sums(chain, kept)) return decline("a chain, then a reduction");
  const factor = fn === "mean" ? kept / sizeOf(value.shape) : 1;
  return {
    variant: `chain of ${steps.length}, summed up`,
    local: chainLocal(chain),
    scratch: sumScratch(chain, kept),
    phases: (io) => chainSumPhases(io, chain, kept, factor),
  };
};
