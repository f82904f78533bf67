/** What the kernels of the convolution family share: sizes read from specs, and filters packed where an algorithm asks. */
import { sizeOf, type ConvAttrs, type Pack, type Spec } from "@tatamijs/core/backend";
import type { CpuKernel } from "../kernel.ts";
import { f32 } from "../kernel.ts";
import { filterTransform } from "../winograd/transforms.ts";
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
  // As w has them: turned filters have the two exchanged, but depthwise ones have one each.
  const [outer, inner] = attrs.groups > 1 ? [1, 1] : [channels, filters];
  const turn = (to: Float32Array, w: Float32Array): void => flipFilters(to, w, outer, taps, inner);
  if (algorithm === "winograd") {
    const kernel = packer((w, to) => {
      const own = flipped ? new Float32Array(w.length) : w;
      const transform = filterTransform();
      return () => {
        if (flipped) turn(own, w);
        transform(to, own, filters, channels);
      };
    });
    const key = flipped ? "winograd-4x4-flipped" : "winograd-4x4";
    // Whole numbers come out exact, but a NaN or ∞ spreads over its tile, and what should be 0 may be 1e-15.
    return { algorithm, packs: [{ input, key, bytes: packedBytes(size), kernel }], exact: false };
  }
  if (!flipped) return { algorithm, packs: [] };
  const kernel = packer((w, to) => {
    const own = new Float32Array(to.buffer, to.byteOffset, w.length);
    const each = taps * outer * inner;
    const parts = Array.from({ length: w.length / each }, (_, i) =>
      [own, w].map((a) => a.subarray(i * each, (i + 1) * each)),
    );
    return () => {
      for (let i = 0; i < parts.length; i++) turn(parts[i]![0]!, parts[i]![1]!);
    };
  });
  const bytes = Math.ceil((taps * filters * (attrs.groups > 1 ? 1 : channels)) / 2) * 8;
  return { algorithm, packs: [{ input, key: "f32-flipped", bytes, kernel }] };
}

function packer(pack: (w: Float32Array, to: Float64Array<ArrayBuffer>) => () => void): CpuKernel {
  return {
    bind: ({ inputs, output }) =>
      pack(f32(inputs[0]!), new Float64Array(output.buffer as ArrayBuffer, output.byteOffset, output.length / 8)),
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
