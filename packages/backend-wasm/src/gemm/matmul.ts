/** A matrix product, whatever its operands: packed panels of B times rows of A, or one row times B where it lies. */
import type { Pack } from "@tatamijs/core/backend";
import { float, unitsOf, type Address, type Io, type Phase } from "../kernel.ts";
import { packed, plainRows, product, type Source } from "./product.ts";

export interface MatmulSize {
  readonly rows: number;
  readonly depth: number;
  readonly columns: number;
  /** A is [K, M]. */
  readonly ta: boolean;
  /** B is [N, K]. */
  readonly tb: boolean;
}

/** How B lies: [depth, columns] or, `tb`, [columns, depth]. */
export function sourceOf({ depth, columns, tb }: MatmulSize, at: number): Source {
  return { runs: [at], length: depth, along: tb ? 1 : columns, columns, across: tb ? depth : 1 };
}

/** One row reads B once: packing it would read it twice. */
export function isVector({ rows }: MatmulSize): boolean {
  return rows === 1;
}

/** B of `count` products, one behind the other, as panels. */
export function packOf(size: MatmulSize, count: number): Pack {
  const sources = Array.from({ length: count }, (_, i) => sourceOf(size, i * size.depth * size.columns));
  return packed(1, `panels8 ${size.depth}×${size.columns}${size.tb ? "ᵀ" : ""} ${count}`, sources);
}

/** Bytes of A with its rows made whole, where it came transposed. */
export function turnedBytes({ rows, depth, ta }: MatmulSize): number {
  return ta && rows > 1 ? Math.ceil((rows * depth * 4) / 64) * 64 : 0;
}

export const variantOf = (size: MatmulSize): string =>
  isVector(size) ? (size.tb ? "dot of rows" : "sum of rows") : `gemm${size.ta ? ", A turned" : ""}`;

export interface MatmulOperands {
  readonly a: Address;
  /** Panels, or B itself for one row. */
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
    if (!tb) return [{ code: "axpy", units: Math.ceil(columns / 32), args }];
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
