/** What the kernels of the convolution family share: sizes read from specs, and filters packed where an algorithm asks. */
import { sizeOf, type ConvAttrs, type Pack, type Spec } from "@tatamijs/core/backend";
import type { CpuKernel } from "../kernel.ts";
import { f32 } from "../kernel.ts";
import { transformFilters } from "../winograd/transforms.ts";
import { algorithmOf, packedBytes, type Algorithm, type ConvSize } from "./forward.ts";
import { flipFilters } from "./inputGrad.ts";

/** The attributes of the convolution alone: a composite's own are left out. */
export function sizeOfConv(batch: number, channels: number, filters: number, attrs: ConvAttrs): ConvSize {
  return { batch, channels, filters, attrs };
}

/** The planner's view of a convolution, and its algorithm. */
export interface Packing {
  readonly algorithm: Algorithm;
  readonly packs: readonly Pack[];
  readonly exact?: false;
}

/** The algorithm of a convolution and the packing of its filters, operand `input`, which are w or (`flipped`) w turned. */
export function packing(size: ConvSize, input: number, flipped: boolean): Packing {
  const algorithm = algorithmOf(size);
  const { channels, filters, attrs } = size;
  const taps = attrs.kernel[0] * attrs.kernel[1];
  if (algorithm === "winograd") {
    const kernel = packer((w, to) => {
      const own = flipped ? flip(w, channels, taps, filters) : w;
      transformFilters(to, own, filters, channels);
    });
    const key = flipped ? "winograd-4x4-flipped" : "winograd-4x4";
    // Whole numbers come out exact, but a NaN or ∞ spreads over its tile, and what should be 0 may be 1e-15.
    return { algorithm, packs: [{ input, key, bytes: packedBytes(size), kernel }], exact: false };
  }
  if (!flipped) return { algorithm, packs: [] };
  const bytes = Math.ceil((taps * channels * filters) / 2) * 8;
  const kernel = packer((w, to) =>
    flipFilters(new Float32Array(to.buffer, to.byteOffset, w.length), w, channels, taps, filters),
  );
  return { algorithm, packs: [{ input, key: "f32-flipped", bytes, kernel }] };
}

/** `channels` and `filters` as of the turned filters' convolution. */
function flip(w: Float32Array, channels: number, taps: number, filters: number): Float32Array {
  const to = new Float32Array(w.length);
  flipFilters(to, w, channels, taps, filters);
  return to;
}

function packer(pack: (w: Float32Array, to: Float64Array<ArrayBuffer>) => void): CpuKernel {
  return {
    bind({ inputs, output }) {
      const w = f32(inputs[0]!);
      const to = new Float64Array(output.buffer as ArrayBuffer, output.byteOffset, output.length / 8);
      return () => pack(w, to);
    },
  };
}

/** The filters as a kernel finds them: packed ones arrive as bytes. */
export function filtersOf(values: Float32Array | Uint8Array, algorithm: Algorithm): Float32Array | Float64Array {
  if (values instanceof Float32Array) return values;
  const { buffer, byteOffset, length } = values;
  return algorithm === "winograd"
    ? new Float64Array(buffer, byteOffset, length / 8)
    : new Float32Array(buffer, byteOffset, length / 4);
}

export function isEmpty(...specs: readonly Spec[]): boolean {
  return specs.some((spec) => sizeOf(spec.shape) === 0);
}
