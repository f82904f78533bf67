/**
 * Folds over axes. Neighbouring axes that are both kept or both reduced are one; if the innermost is reduced, results are
 * folded from rows, else rows of results from rows of columns (assembly/reduce.ts). Large folds are cut into chunks, whose
 * results are folded in a phase of their own.
 */
import { sizeOf, type Prepare, type ReduceFn } from "@tatamijs/core/backend";
import { float, isEmpty, unitsOf, type Address, type Io, type Phase, type WasmKernel } from "../kernel.ts";
import { moved } from "./reshape.ts";
import { ceilTo } from "../values.ts";

interface Axis {
  readonly size: number;
  /** In bytes. */
  readonly stride: number;
  readonly reduced: boolean;
}

/** Elements of a unit, and units of a large reduction. */
const unitWork = 16384;
const mostUnits = 64;
/** Longer runs are summed in pieces, so that an error does not grow with the length; and columns in pieces that stay near. */
const pieceElements = 8192;
const blockColumns = 1024;

const codes: Readonly<Record<ReduceFn, number>> = { sum: 0, mean: 0, prod: 1, max: 2, min: 3 };
/** What the exports without `Other` fold. */
const usual: readonly number[] = [codes.sum, codes.max];

export const reduce: Prepare<"reduce", WasmKernel> = ({ attrs: { fn, axes: given }, inputs: [x], output: spec }) => {
  const axes = merged(x!.shape, given);
  const reduced = axes.filter((axis) => axis.reduced);
  const kept = axes.filter((axis) => !axis.reduced);
  if (reduced.length === 0) return moved;
  const code = codes[fn] + (x!.dtype === "i32" ? 4 : 0);
  const divisor = fn === "mean" ? count(reduced) : 1;
  const rows = axes.at(-1)!.reduced;
  const first = rows ? byRows(code, reduced, kept) : byColumns(code, reduced, kept);
  const results = sizeOf(spec.shape);
  const partial = first.chunks > 1;
  return {
    variant: `${fn} of ${rows ? "rows" : "columns"}${partial ? `, ${first.chunks} chunks` : ""}`,
    scratch: partial ? first.chunks * results * 4 : 0,
    phases(io) {
      if (isEmpty(spec)) return [];
      const [from, to] = [io.inputs[0]!.at, io.output.at];
      if (!partial) return [first.phase(io, from, to, divisor)];
      const chunks: Axis = { size: first.chunks, stride: results * 4, reduced: true };
      const last = byColumns(code, [chunks], [{ size: results, stride: 4, reduced: false }], 1);
      return [first.phase(io, from, io.scratch, 1), last.phase(io, io.scratch, to, divisor)];
    },
  };
};

/** Without axes of size 1, neighbours of a kind as one; the axes of a value without elements stay. */
function merged(shape: readonly number[], over: readonly number[]): Axis[] {
  const axes: Axis[] = [];
  let stride = 4;
  for (let i = shape.length - 1; i >= 0; i--) {
    const size = shape[i]!;
    if (size === 1) continue;
    const reduced = over.includes(i);
    if (axes[0]?.reduced === reduced) axes[0] = { ...axes[0], size: axes[0].size * size };
    else axes.unshift({ size, stride, reduced });
    stride *= size;
  }
  return axes;
}

const count = (axes: readonly Axis[]): number => axes.reduce((n, axis) => n * axis.size, 1);

/** A fold whose results lie as [chunk][result]. */
interface Fold {
  readonly chunks: number;
  phase(io: Io, from: Address, to: Address, divisor: number): Phase;
}

/** How many chunks to make of a fold of `work` elements for each of `parts` units. */
function chunksOf(work: number, parts: number): number {
  return unitsOf(work, unitWork, Math.ceil(mostUnits / parts));
}

function byRows(code: number, reduced: readonly Axis[], kept: readonly Axis[]): Fold {
  const results = count(kept);
  const run = reduced.at(-1)!.size;
  const outer = reduced.slice(0, -1);
  const runs = count(outer);
  const wanted = chunksOf(runs * run, results);
  const piece = Math.min(pieceElements, ceilTo(Math.ceil(run / Math.ceil(wanted / Math.max(1, runs))), 16));
  const pieces = Math.ceil(run / Math.max(1, piece));
  const all = runs * pieces;
  const each = Math.max(1, Math.ceil(all / wanted));
  const chunks = Math.max(1, Math.ceil(all / each));
  return {
    chunks,
    phase: (io, from, to, divisor) => ({
      code: usual.includes(code) ? "reduceRows" : "reduceRowsOther",
      units: chunks * results,
      grain: grainOf(Math.min(each * piece, runs * run)),
      args: [
        ...[from, to, code, float(divisor), results, each, all, pieces, piece, run],
        ...walk(io, kept),
        ...walk(io, outer),
      ],
    }),
  };
}

function byColumns(code: number, reduced: readonly Axis[], kept: readonly Axis[], most?: number): Fold {
  const columns = kept.at(-1)!.size;
  const results = count(kept.slice(0, -1));
  const rows = count(reduced);
  const block = Math.max(16, ceilTo(Math.ceil(columns / Math.ceil(columns / blockColumns)), 16));
  const blocks = Math.ceil(columns / block);
  const width = Math.min(block, columns);
  const wanted = most ?? chunksOf(width * rows, results * blocks);
  const each = Math.max(1, Math.ceil(rows / wanted));
  const chunks = Math.max(1, Math.ceil(rows / each));
  const near = Math.max(16, Math.floor(pieceElements / width));
  const inner = reduced.at(-1)!;
  return {
    chunks,
    phase: (io, from, to, divisor) => ({
      code: usual.includes(code) ? "reduceColumns" : "reduceColumnsOther",
      units: chunks * results * blocks,
      grain: grainOf(Math.min(each, rows) * width),
      args: [
        ...[from, to, code, float(divisor), results, each, rows, columns, block, blocks],
        ...walk(io, kept.slice(0, -1)),
        // Without rows there is nothing to walk.
        ...(rows === 0 ? [0, 0, 1, 0] : [...walk(io, reduced.slice(0, -1)), inner.size, inner.stride]),
        near,
      ],
    }),
  };
}

/** Small units are claimed by the dozen. */
const grainOf = (work: number): number => unitsOf(unitWork, Math.max(1, work), 4096);

/** The axes as `place` walks them: an address and how many. */
function walk(io: Io, axes: readonly Axis[]): [Address, number] {
  if (axes.length === 0) return [0, 0];
  const words = axes.flatMap(({ size, stride }) => [size, stride]);
  return [io.table(`walk ${words.join()}`, () => Int32Array.from(words)), axes.length];
}
