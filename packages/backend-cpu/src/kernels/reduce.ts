/** Sums are taken in doubles; integer sums and products wrap. */
import { sizeOf, type Prepare, type ReduceFn, type Shape, type TypedArray } from "@tatamijs/core/backend";
import type { CpuKernel } from "../kernel.ts";

/** Alternating runs of kept and reduced axes, outermost first. */
interface Run {
  size: number;
  kept: boolean;
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

export const reduce: Prepare<"reduce", CpuKernel> = ({ attrs: { fn, axes }, inputs: [x], output }) => {
  const runs = runsOf(x!.shape, axes);
  const total = sizeOf(output.shape);
  const count = sizeOf(x!.shape);
  const integer = x!.dtype === "i32";
  const divisor = fn === "mean" ? count / total : 1;
  const first = fn === "prod" ? 1 : 0;
  // The innermost run is a loop; the others are walked.
  const inner = runs.at(-1) ?? { size: 1, kept: true };
  const walked = runs.slice(0, -1);
  let stride = inner.kept ? inner.size : 1;
  const steps = walked
    .toReversed()
    .map(({ size, kept }) => {
      const step = kept ? stride : 0;
      if (kept) stride *= size;
      return step;
    })
    .toReversed();
  const index = walked.map(() => 0);
  return {
    scratch: total * 8,
    bind({ inputs: [values], output: out, scratch }) {
      const sums = scratch.subarray(0, total);
      const fold = inner.kept ? across : along;
      const seen = fn === "max" || fn === "min";
      return () => {
        sums.fill(seen ? NaN : first);
        index.fill(0);
        let to = 0;
        for (let from = 0; from < count; from += inner.size) {
          // A maximum starts from the first element: the walk is at the first of a cell when all reduced runs stand at 0.
          let fresh = seen;
          for (let a = 0; a < walked.length; a++) if (!walked[a]!.kept && index[a] !== 0) fresh = false;
          fold(fn, integer, sums, to, values!, from, inner.size, fresh);
          for (let a = walked.length - 1; a >= 0; a--) {
            to += steps[a]!;
            if (++index[a]! < walked[a]!.size) break;
            to -= steps[a]! * walked[a]!.size;
            index[a] = 0;
          }
        }
        if (divisor !== 1) for (let i = 0; i < total; i++) sums[i]! /= divisor;
        out.set(sums);
      };
    },
  };
};

/** sums[to] ← all of x[from … from + n] */
function along(
  fn: ReduceFn,
  integer: boolean,
  sums: Float64Array,
  to: number,
  x: TypedArray,
  from: number,
  n: number,
  fresh: boolean,
): void {
  let v = fresh ? x[from]! : sums[to]!;
  const end = from + n;
  if (fn === "max") {
    for (let i = from; i < end; i++) v = Math.max(v, x[i]!);
  } else if (fn === "min") {
    for (let i = from; i < end; i++) v = Math.min(v, x[i]!);
  } else if (fn === "prod") {
    if (integer) for (let i = from; i < end; i++) v = Math.imul(v, x[i]!);
    else for (let i = from; i < end; i++) v *= x[i]!;
  } else {
    v += sum(x, from, end);
  }
  sums[to] = v;
}

/** Four sums at once: an addition waits three cycles for the one before it. */
function sum(x: TypedArray, from: number, end: number): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let i = from;
  for (; i + 3 < end; i += 4) {
    s0 += x[i]!;
    s1 += x[i + 1]!;
    s2 += x[i + 2]!;
    s3 += x[i + 3]!;
  }
  for (; i < end; i++) s0 += x[i]!;
  return s0 + s1 + (s2 + s3);
}

/** sums[to + i] ← x[from + i] */
function across(
  fn: ReduceFn,
  integer: boolean,
  sums: Float64Array,
  to: number,
  x: TypedArray,
  from: number,
  n: number,
  fresh: boolean,
): void {
  if (fresh) {
    for (let i = 0; i < n; i++) sums[to + i] = x[from + i]!;
  } else if (fn === "max") {
    for (let i = 0; i < n; i++) sums[to + i] = Math.max(sums[to + i]!, x[from + i]!);
  } else if (fn === "min") {
    for (let i = 0; i < n; i++) sums[to + i] = Math.min(sums[to + i]!, x[from + i]!);
  } else if (fn === "prod") {
    if (integer) for (let i = 0; i < n; i++) sums[to + i] = Math.imul(sums[to + i]!, x[from + i]!);
    else for (let i = 0; i < n; i++) sums[to + i]! *= x[from + i]!;
  } else {
    for (let i = 0; i < n; i++) sums[to + i]! += x[from + i]!;
  }
}
