/** A matrix product, whatever its operands: packed panels of B times rows of A, or one row times B where it lies. */
import type { Pack } from "@tatamijs/core/backend";
import { float, unitsOf, type Address, type Io, type Phase } from "../kernel.ts";
import { panelColumns } from "../microkernels.ts";
import { packed, panelBytes, plainRows, product, type Source } from "./product.ts";

export interface MatmulSize {
  readonly rows: number;
  readonly depth: number;
  readonly columns: number;
  /** A is [K, M]. */
  readonly ta: boolean;
  /** B is [N, K]. */
  readonly tb: boolean;
  /** B is the same in every run. */
  readonly fixed?: boolean | undefined;
}

/** Columns of a panel that one row is multiplied by; see assembly/dense.ts. */
const rowPanel = 32;

/** How B lies: [depth, columns] or, `tb`, [columns, depth]. */
function sourceOf(size: MatmulSize, at: number): Source {
  const { depth, columns, tb } = size;
  const width = isVector(size) ? rowPanel : panelColumns;
  return { runs: [at], length: depth, along: tb ? 1 : columns, columns, across: tb ? depth : 1, width };
}

const isVector = ({ rows }: MatmulSize): boolean => rows === 1;

/**
 * One row reads B once, and where that changes from run to run, packing it would read it twice. Of a B that stays, panels are read as one
 * stream, which memory gives half as much again to as to rows of it.
 */
const inPanels = (size: MatmulSize): boolean => !isVector(size) || (size.fixed === true && size.columns >= rowPanel);

/** B of `count` products, one behind the other, as panels; none where it is read where it lies. */
export function packsOf(size: MatmulSize, count: number): { readonly packs?: readonly Pack[] } {
  if (!inPanels(size)) return {};
  const sources = Array.from({ length: count }, (_, i) => sourceOf(size, i * size.depth * size.columns));
  const { width } = sourceOf(size, 0);
  return { packs: [packed(1, `panels${width} ${size.depth}×${size.columns}${size.tb ? "ᵀ" : ""} ${count}`, sources)] };
}

/** From one B to the next, as it is read. */
export function bytesOfB(size: MatmulSize): number {
  return inPanels(size) ? panelBytes(sourceOf(size, 0)) : size.depth * size.columns * 4;
}

/** Bytes of A with its rows made whole, where it came transposed. */
export function turnedBytes({ rows, depth, ta }: MatmulSize): number {
  return ta && rows > 1 ? Math.ceil((rows * depth * 4) / 64) * 64 : 0;
}

export const variantOf = (size: MatmulSize): string =>
  !isVector(size)
    ? `gemm${size.ta ? ", A turned" : ""}`
    : inPanels(size)
      ? "sum of panels"
      : `${size.tb ? "dot" : "sum"} of rows`;

export interface MatmulOperands {
  readonly a: Address;
  /** Panels, or B itself. */
  readonly b: Address;
  readonly c: Address;
  readonly bias: Address | undefined;
  readonly clamp: readonly [number, number];
  /** `turnedBytes` of scratch. */
  readonly turned: Address;
}

export function matmulPhases(io: Io, size: MatmulSize, { a, b, c, bias, clamp, turned }: MatmulOperands): Phase[] {
  const { rows, depth, columns, ta, tb } = size;
  const [low, high] = clamp;
  if (isVector(size)) {
    const args = [a, b, c, depth, columns, bias ?? 0, float(low), float(high)];
    if (inPanels(size) || !tb) {
      const bytes = rowPanel * 4;
      const steps = inPanels(size) ? [bytes, depth * bytes] : [columns * 4, bytes];
      const grain = Math.ceil(2 ** 11 / (depth + 1));
      return [{ code: "axpy", units: Math.ceil(columns / rowPanel), grain, args: [...args, ...steps] }];
    }
    // In eights, as the kernel takes them.
    const each = Math.ceil(columns / 8 / unitsOf(depth * columns, 2 ** 15, 64)) * 8;
    return [{ code: "dot", units: Math.ceil(columns / each), args: [...args, each] }];
  }
  const at = ta ? turned : a;
  const turn: Phase[] = ta
    ? [
        {
          code: "turn",
          units: Math.ceil(rows / 4),
          grain: Math.max(1, Math.floor(4096 / (depth + 1))),
          args: [a, turned, depth, rows],
        },
      ]
    : [];
  return [
    ...turn,
    product(io, { rows, columns, a: plainRows(io, at, rows, depth, depth), b, c, ldc: columns, bias, clamp }),
  ];
}
