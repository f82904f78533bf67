/**
 * Which elements meet through a window, along one axis. With S, D and P the stride, dilation and padding before, element o of
 * the small side (what a convolution gives) and element k of the kernel meet element
 *
 *     ι(o, k) = o·S + k·D − P
 *
 * of the large side (what it reads). A convolution gathers along k; its transpose goes from ι back to all (o, k).
 */
import type { Geometry } from "../geometry.ts";
import type { Tap } from "./data.ts";

export type Axis = 0 | 1;

/** What lies under the window at element `small` of the small side: a tap for each element of the kernel. */
export function below(g: Geometry, axis: Axis, small: number, border?: Int32Array): Tap[] {
  return Array.from({ length: g.kernel[axis] }, (_, kernel) => {
    const input = small * g.stride[axis] + kernel * g.dilation[axis] - g.padding[axis];
    const inside = input >= 0 && input < g.input[axis];
    return { kernel, input, reads: inside ? input : (border?.[input + g.padding[axis]] ?? -1) };
  });
}

/** The elements of the small side that meet element `large` of the large side, with those that would, were the small side larger. */
export function above(g: Geometry, axis: Axis, large: number): Tap[] {
  return Array.from({ length: g.kernel[axis] }, (_, kernel) => {
    const input = (large + g.padding[axis] - kernel * g.dilation[axis]) / g.stride[axis];
    return { kernel, input, reads: input >= 0 && input < g.output[axis] ? input : -1 };
  }).filter(({ input }) => Number.isInteger(input));
}

/** Elements of the large side, the kernel and the small side that meet; padding left out. */
export interface Meeting {
  readonly large: number;
  readonly kernel: number;
  readonly small: number;
}

/** All meetings along an axis, by element of the small side, then of the kernel. */
export function meetings(g: Geometry, axis: Axis): Meeting[] {
  return Array.from({ length: g.output[axis] }, (_, small) =>
    below(g, axis, small).flatMap(({ kernel, reads }) => (reads < 0 ? [] : [{ large: reads, kernel, small }])),
  ).flat();
}

/** How many elements of an average's window count along an axis: those of the map, or of the padding too (not what lies beyond it). */
export function counted(g: Geometry, axis: Axis, small: number, padding: boolean): number {
  const end = padding ? g.input[axis] + g.padding[axis === 0 ? 2 : 3] : g.input[axis];
  return below(g, axis, small).filter(({ input }) => (padding || input >= 0) && input < end).length;
}
