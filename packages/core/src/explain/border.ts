/** Padding of another mode than zeros is a map of its own, made by `gather`; explanations speak of the map without it. */
import type { Geometry } from "../geometry.ts";
import type { GatherAttrs } from "../ops/gather.ts";
import type { Tensor } from "../tensor.ts";

export interface Unbordered {
  readonly map: Tensor;
  readonly geometry: Geometry;
  /** The row (column) of the map that stands at each row (column) of the padded one. */
  readonly border: readonly [rows?: Int32Array | undefined, columns?: Int32Array | undefined];
}

/** The map [N, H, W, C] that `padded` repeats at its edges, and the geometry with that padding in it. */
export function unbordered(padded: Tensor, geometry: Geometry): Unbordered {
  const border: [Int32Array?, Int32Array?] = [];
  const input: [number, number] = [geometry.input[0], geometry.input[1]];
  const padding: [number, number, number, number] = [...geometry.padding];
  let map = padded;
  while (map.op.name === "gather" && padding.every((n, side) => n === 0 || border[(side % 2) as 0 | 1] !== undefined)) {
    const axis = (map.attrs as GatherAttrs).axis - 1;
    const [inner, index] = map.inputs as [Tensor, Tensor];
    const before = axis === 0 || axis === 1 ? beginning(index.data, inner.shape[axis + 1]!) : -1;
    if (before < 0 || border[axis as 0 | 1] !== undefined) break;
    const rows = index.data as Int32Array;
    border[axis as 0 | 1] = rows;
    input[axis as 0 | 1] = inner.shape[axis + 1]!;
    padding[axis as 0 | 1] = before;
    padding[axis + 2] = rows.length - before - input[axis as 0 | 1];
    map = inner;
  }
  return { map, geometry: { ...geometry, input, padding }, border };
}

/** Where the map itself begins among the rows that are read: at 0, 1, 2, …; of several such places the middle one. −1: it is no border. */
function beginning(index: ArrayLike<number> | undefined, size: number): number {
  if (index === undefined) return -1;
  const places = Array.from({ length: Math.max(0, index.length - size + 1) }, (_, at) => at).filter((at) =>
    Array.from({ length: size }, (_, i) => index[at + i] === i).every(Boolean),
  );
  return places[Math.floor(places.length / 2)] ?? -1;
}
