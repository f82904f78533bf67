/** Phases of products; see assembly/gemm.ts for what the words mean. */
import type { Activation, Pack } from "@tatamijs/core/backend";
import { float, type Address, type Io, type Phase, type WasmKernel } from "../kernel.ts";
import { panelColumns } from "../microkernels.ts";

/** What a microkernel can clamp to; other activations are applied by a chain behind it. */
const clamps: { readonly [A in Activation]?: readonly [number, number] } = {
  none: [-Infinity, Infinity],
  relu: [0, Infinity],
  relu6: [0, 6],
};

export function clampOf(activation: Activation): readonly [number, number] | undefined {
  return clamps[activation];
}

/** One tile, for edges. */
export const gemmLocal = 256;

/** Rows of A, by where each begins, and the runs that each is made of. */
export interface Rows {
  readonly at: Address;
  /** A table of byte offsets from `at`, one for each of the M rows. */
  readonly places: Address;
  /** A table: what to skip before each run, in bytes, from the end of the one before. */
  readonly runs: Address;
  readonly count: number;
  readonly length: number;
}

export interface Product {
  readonly rows: number;
  readonly columns: number;
  readonly a: Rows;
  /** Packed panels. */
  readonly b: Address;
  readonly c: Address;
  /** From a row of C to the next, in floats. */
  readonly ldc: number;
  readonly bias: Address | undefined;
  readonly residual?: Address | undefined;
  readonly clamp: readonly [number, number];
  /** A table of byte offsets from `c` of C's rows, where they are not ldc apart. */
  readonly places?: Address;
}

/** About this many multiply–adds make a unit: some 15 µs. */
const unitWork = 2 ** 18;
/** Panels of this many floats stay in the second-level cache beside what else is read. */
const cachedPanels = 2 ** 16;

/** A panel's width of zeros. */
export function zeroPanel(io: Io): Address {
  return io.table("zeros", () => new Float32Array(panelColumns));
}

export function product(io: Io, { rows, columns, a, b, c, ldc, bias, residual, clamp, places }: Product): Phase {
  const depth = a.count * a.length;
  const panels = Math.ceil(columns / panelColumns);
  // Blocks of rows reuse a panel; a block of few rows and all panels reuses the rows. Tiles have at most 6 rows.
  const tall = depth * columns > cachedPanels ? 96 : 24;
  const wanted = Math.max(1, Math.round(unitWork / Math.max(1, depth * panelColumns * panels)));
  const blockRows = Math.min(rows, Math.max(tall, Math.ceil(wanted / 6) * 6));
  const rowBlocks = Math.ceil(rows / blockRows);
  const split = Math.max(1, Math.min(panels, Math.floor((blockRows * depth * columns) / unitWork)));
  const blockPanels = rowBlocks >= 16 ? panels : Math.ceil(panels / split);
  return {
    code: "gemm",
    units: rowBlocks * Math.ceil(panels / blockPanels),
    args: [
      ...[a.at, a.places, a.runs, a.count, a.length, b, c, ldc * 4, rows, columns],
      ...[bias ?? zeroPanel(io), bias === undefined ? 0 : panelColumns * 4, float(clamp[0]), float(clamp[1])],
      ...[blockRows, rowBlocks, blockPanels, residual ?? 0, places ?? 0],
    ],
  };
}

/** M rows of `length` floats, `step` floats apart. */
export function plainRows(io: Io, at: Address, rows: number, length: number, step: number): Rows {
  const places = io.table(`rows ${rows} ${step}`, () => Int32Array.from({ length: rows }, (_, i) => i * step * 4));
  return { at, places, runs: io.table("one run", () => new Int32Array(1)), count: 1, length };
}

/** How B is read to be packed: depth = runs of `length` elements `along` floats apart; columns are `across` floats apart. */
export interface Source {
  /** Where each run begins, in floats. */
  readonly runs: readonly number[];
  readonly length: number;
  readonly along: number;
  readonly columns: number;
  readonly across: number;
  /** Of a panel: 8, or for one row of A 32. */
  readonly width?: number;
}

export function panelBytes({ runs, length, columns, width = panelColumns }: Source): number {
  return runs.length * length * Math.ceil(columns / width) * width * 4;
}

export function packPhase(io: Io, from: Address, to: Address, source: Source): Phase {
  const { runs, length, along, columns, across, width = panelColumns } = source;
  const table = io.table(`runs ${runs.join()}`, () => Int32Array.from(runs, (run) => run * 4));
  const eights = width / panelColumns;
  const units = Math.ceil(columns / width) * eights;
  const args = [from, to, table, runs.length, length, along * 4, columns, across * 4, eights];
  return { code: "pack", units, grain: Math.max(1, Math.floor(8192 / (runs.length * length + 1))), args };
}

/** Operand `input` in panels: one after the other for each source. */
export function packed(input: number, key: string, sources: readonly Source[]): Pack {
  const kernel: WasmKernel = {
    variant: `pack ${key}`,
    phases(io) {
      let to = io.output.at;
      return sources.map((source) => {
        const phase = packPhase(io, io.inputs[0]!.at, to, source);
        to += panelBytes(source);
        return phase;
      });
    },
  };
  // A table read whole: an empty one has no address to give.
  return {
    input,
    key,
    bytes: Math.max(
      16,
      sources.reduce((sum, source) => sum + panelBytes(source), 0),
    ),
    kernel,
  };
}
