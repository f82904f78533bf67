/**
 * The kernel of a convolution with what may follow it at once: bias, residual, activation. A bare one has none of them.
 *
 * Its algorithm is what its sizes ask for. The general one is at hand; those for 3×3 windows are modules that are fetched
 * when the first convolution asks for one.
 */
import { sizeOf, type Activation, type Call, type Pack } from "@tatamijs/core/backend";
import { after, type After } from "../gemm/finish.ts";
import { panels, thirds, type Panels, type Thirds } from "../gemm/panels.ts";
import { tile, unknownZero, type Tile } from "../gemm/tile.ts";
import { f32, type CpuKernel } from "../kernel.ts";
import { later } from "../later.ts";
import { partsOf } from "../winograd/pays.ts";
import { products } from "./products.ts";
import { algorithmOf, type ConvSize } from "./size.ts";
import { turnedFilters, turner, type Turn } from "./turned.ts";

export interface Following {
  readonly bias: boolean;
  readonly residual: boolean;
  readonly activation: Activation;
}

/**
 * The sums of a convolution, fixed on arrays: x is NHWC, w OHWI or as it was packed, `bias` zeros where there is none.
 * `finish` is called once for every part of the results, when it stands.
 */
export type Sums = (
  x: Float32Array,
  w: Float32Array,
  bias: Float32Array,
  out: Float32Array,
  finish: After,
) => () => void;

export interface Algorithm {
  readonly packs?: readonly Pack[];
  readonly exact?: false;
  readonly sums: Sums;
}

/**
 * What the fetched algorithms work with. It is handed to them: where two files import a third, a bundler that splits may
 * make three of them, and small files pack badly.
 */
export interface Tools {
  readonly panels: () => Panels;
  readonly tile: () => Tile;
  readonly unknownZero: () => number;
  readonly thirds: (count: number) => Thirds;
}

const tools: Tools = { panels, tile, unknownZero, thirds };

const bare: Following = { bias: false, residual: false, activation: "none" };

/** Operand 0 is x, operand 1 w: in the form of the convolution whose gradient this is, if `turned`. */
export async function convolution(
  size: ConvSize,
  { output: { shape } }: Pick<Call, "output">,
  { bias, residual, activation }: Following = bare,
  turned: boolean = false,
): Promise<CpuKernel> {
  const { sums, ...planned } = await algorithm(size, turned ? turner(size) : undefined);
  return {
    ...planned,
    bind({ inputs, output }) {
      if (sizeOf(shape) === 0) return () => {};
      const [x, w, b] = inputs as [Float32Array, Float32Array | Uint8Array, Float32Array];
      const out = f32(output);
      const finish = after(out, residual ? f32(inputs.at(-1)!) : undefined, activation);
      // What was packed arrives as bytes.
      const filters = w instanceof Float32Array ? w : new Float32Array(w.buffer, w.byteOffset, w.length / 4);
      return sums(x, filters, bias ? b : new Float32Array(size.filters), out, finish);
    },
  };
}

async function algorithm(size: ConvSize, turn: Turn | undefined): Promise<Algorithm> {
  const name = algorithmOf(size);
  if (name === "winograd")
    return (await later(import("../winograd/conv3x3.ts"))).winograd(size, partsOf(size), turn, tools);
  const sums = name === "product" ? products(size) : (await later(import("./depthwise.ts"))).depthwise(size, tools);
  return turn === undefined ? { sums } : { sums, packs: [turnedFilters(size, turn)] };
}
