/** The inner loops of products: what each build has. Read by the generator of the tiles, by dispatch, tests and the bench. */
import type { Build } from "./binary.ts";

export interface Microkernel {
  /** A data sheet: element type, what it does, rows × columns that it keeps in registers, build. */
  readonly name: string;
  readonly build: Build;
  readonly rows: number;
  readonly columns: number;
}

export const microkernels: readonly Microkernel[] = [
  { name: "f32-gemm-6x8-relaxed", build: "relaxed", rows: 6, columns: 8 },
  { name: "f32-gemm-5x8", build: "simd", rows: 5, columns: 8 },
];

/** Columns of a panel, of every build. */
export const panelColumns = 8;
