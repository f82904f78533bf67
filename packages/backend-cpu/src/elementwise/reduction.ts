/**
 * A chain whose value is reduced and never written. Sums are taken in doubles; integer sums and products wrap; a NaN
 * sticks to a maximum (Math.max has it so).
 */
import { sizeOf, type ReduceAttrs, type ReduceFn, type Shape, type Spec } from "@tatamijs/core/backend";
import type { CpuKernel } from "../kernel.ts";
import { once } from "../once.ts";
import { chain } from "./machine.ts";
import { blockSize, registers } from "./registers.ts";
import type { Steps } from "./steps.ts";

/** Alternating runs of kept and reduced axes, outermost first. */
interface Run {
  size: number;
  readonly kept: boolean;
}

function runsOf(shape: Shape, axes: readonly number[]): Run[] {
  const runs: Run[] = [];
  shape.forEach((size, axis) => {
    if (size === 1) return;
    const kept = !axes.includes(axis);
    const last = runs.at(-1);
    if (last?.kept === kept) last.size *= size;
    else runs.push({ size, kept });
  });
  return runs;
}

const starts: Readonly<Record<ReduceFn, number>> = { sum: 0, mean: 0, prod: 1, max: -Infinity, min: Infinity };

/** `shape` is the chain's; register `steps.result` is reduced over `axes`. */
export function reduction(
  { fn, axes }: ReduceAttrs,
  shape: Shape,
  inputs: readonly Spec[],
  output: Spec,
  steps: Steps,
): CpuKernel {
  const runs = runsOf(shape, axes);
  const total = sizeOf(output.shape);
  const divisor = fn === "mean" ? sizeOf(shape) / total : 1;
  // The innermost run is a loop; the others are walked.
  const inner = runs.pop() ?? { size: 1, kept: true };
  let stride = inner.kept ? inner.size : 1;
  const strides = runs.map(() => 0);
  for (let a = runs.length - 1; a >= 0; a--) {
    if (!runs[a]!.kept) continue;
    strides[a] = stride;
    stride *= runs[a]!.size;
  }
  const run = chain(shape, inputs, steps.ops);
  return {
    scratch: total * 8,
    bind({ inputs: values, output: out, scratch }) {
      const { along, across } = (output.dtype === "i32" && fn === "prod" ? integerProduct : folds[fn])();
      const sums = scratch.subarray(0, total);
      const index = runs.map(() => 0);
      const from = steps.result * blockSize;
      let to = 0;
      let done = 0; // elements of the innermost run so far
      const pass = run(values, (_, n) => {
        for (let k = 0; k < n;) {
          const count = Math.min(n - k, inner.size - done);
          if (inner.kept) across(sums, to + done, from + k, count);
          else along(sums, to, from + k, count);
          k += count;
          done += count;
          if (done < inner.size) return;
          done = 0;
          for (let a = runs.length - 1; a >= 0; a--) {
            to += strides[a]!;
            if (++index[a]! < runs[a]!.size) break;
            to -= strides[a]! * runs[a]!.size;
            index[a] = 0;
          }
        }
      });
      return () => {
        sums.fill(starts[fn]);
        index.fill(0);
        to = 0;
        pass();
        if (divisor !== 1) for (let i = 0; i < total; i++) sums[i]! /= divisor;
        out.set(sums);
      };
    },
  };
}

/** `n` elements of the registers from `a`, into one sum or into as many. */
type Fold = (sums: Float64Array, to: number, a: number, n: number) => void;

interface Folds {
  readonly along: Fold;
  readonly across: Fold;
}

/** Four sums at once: an addition waits three cycles for the one before it. */
const sum = once((): Folds => {
  const r = registers();
  return {
    along(sums, to, a, n) {
      let s0 = 0;
      let s1 = 0;
      let s2 = 0;
      let s3 = 0;
      const end = a + n;
      for (; a + 3 < end; a += 4) {
        s0 += r[a]!;
        s1 += r[a + 1]!;
        s2 += r[a + 2]!;
        s3 += r[a + 3]!;
      }
      for (; a < end; a++) s0 += r[a]!;
      sums[to]! += s0 + s1 + (s2 + s3);
    },
    across(sums, to, a, n) {
      for (let i = 0; i < n; i++) sums[to + i]! += r[a + i]!;
    },
  };
});

function folded(f: (a: number, b: number) => number): () => Folds {
  return once(() => {
    const r = registers();
    return {
      along(sums, to, a, n) {
        let s = sums[to]!;
        for (let i = 0; i < n; i++) s = f(s, r[a + i]!);
        sums[to] = s;
      },
      across(sums, to, a, n) {
        for (let i = 0; i < n; i++) sums[to + i] = f(sums[to + i]!, r[a + i]!);
      },
    };
  });
}

const folds: Readonly<Record<ReduceFn, () => Folds>> = {
  sum,
  mean: sum,
  prod: folded((a, b) => a * b),
  max: folded(Math.max),
  min: folded(Math.min),
};

const integerProduct: () => Folds = folded(Math.imul);
