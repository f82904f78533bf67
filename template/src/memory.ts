/** How values lie in memory: row-major, no padding, rounded up to whole words so that every slice stays aligned. */
import type { Slice, Spec, TypedArray } from "@tatamijs/core";
import { bytesPerElement, sizeOf, typedArray } from "@tatamijs/core/backend";

export const elementsOf = ({ shape }: Spec): number => sizeOf(shape);

export const bytesOf = (spec: Spec): number => Math.ceil((elementsOf(spec) * bytesPerElement(spec.dtype)) / 4) * 4;

/** The logical elements of a slice, in place. */
export function viewOf({ memory, offset, spec }: Slice<ArrayBuffer>): TypedArray {
  return typedArray(spec.dtype, memory, offset, elementsOf(spec));
}
