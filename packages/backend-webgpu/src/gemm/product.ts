/** A matrix product as a product over windows: rows are the pixels of an image of one row, depth its channels. */
import type { Pack, Spec } from "@tatamijs/core/backend";
import { packOf } from "../conv/pack.ts";
import { productKernel } from "../conv/product.ts";
import type { Following, Types } from "../conv/size.ts";
import { ceilTo, type Choices, type GpuKernel } from "../kernel.ts";

export interface MatmulSize {
  readonly rows: number;
  readonly depth: number;
  readonly columns: number;
  /** A is [K, M]. */
  readonly ta: boolean;
  /** B is [N, K]. */
  readonly tb: boolean;
}

/** `own`: of each product, which matrix of A and which of B. */
export function matrixProduct(
  { rows, depth, columns, ta, tb }: MatmulSize,
  [a, b]: readonly Spec[],
  counts: readonly [number, number],
  own: readonly (readonly [number, number])[],
  following: Following,
  types: Types,
  choices: Choices,
): GpuKernel {
  // Rows of A that are no vectors are made so, with zeros.
  const turned = ta || depth % 4 !== 0;
  const deep = turned ? ceilTo(depth, 4) : depth;
  const packs: Pack[] = [
    packOf(1, b!, {
      groups: counts[1],
      taps: 1,
      depth,
      rows: deep,
      columns,
      steps: [depth * columns, 0, tb ? 1 : columns, tb ? depth : 1],
    }),
  ];
  if (turned) {
    packs.push(
      packOf(0, a!, {
        groups: counts[0],
        taps: 1,
        depth: rows,
        columns: depth,
        steps: [rows * depth, 0, ta ? 1 : depth, ta ? rows : 1],
      }),
    );
  }
  const single = own.length === 1;
  return productKernel(
    choices,
    {
      windows: {
        images: own.length,
        groups: 1,
        from: [1, rows],
        to: [1, rows],
        depth: deep,
        columns,
        kernel: [1, 1],
        stride: [1, 1],
        padding: [0, 0],
        dilation: [1, 1],
        turned: false,
        back: false,
        ...(single ? {} : { own }),
      },
      following,
      types: turned ? { ...types, from: "f32" } : types,
    },
    packs,
  );
}
