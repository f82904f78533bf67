/**
 * What a lab gives: its geometry or the library's error, every output number, and who is read by nobody. The checks and the
 * explanations are the library's own; the map of outputs is worked out here in plain loops, at once and without a backend
 * (`convolve.test.ts` holds it against the CPU backend).
 */
import { avgPool2d, constant, conv2d, maxPool2d, TatamiError, windowGeometry } from "@tatamijs/core";
import type { Geometry, Tensor } from "@tatamijs/core";
import { explainer, type Explainer } from "@tatamijs/core/explain";
import { channelsPerGroup, type Lab } from "./state.ts";

export interface Outcome {
  /** Where windows stand; in the case of a fraction, those that fit. Undefined where none does. */
  readonly geometry: Geometry | undefined;
  /** What the library says of these sizes. */
  readonly error: TatamiError | undefined;
  /** (N, FN, OH, OW). */
  readonly output: readonly number[];
  readonly filters: number;
  /** Rows and columns of the input that no window reads. */
  readonly unread: { readonly rows: readonly number[]; readonly columns: readonly number[] };
  /** What the library tells of cells; undefined where there is no geometry. */
  readonly tells: Explainer | undefined;
}

/** The lab's layer as a function of its map. `rounding` where fractions are to be shown all the same. */
export function layerOf(lab: Lab, rounding: "exact" | "floor" = lab.rounding): (x: Tensor) => Tensor {
  const { kernel, stride, dilation, groups, fn } = lab;
  const padding = paddingOf(lab);
  if (lab.op === "maxPool2d") return (x) => maxPool2d(x, kernel, { stride, padding, dilation, rounding });
  if (lab.op === "avgPool2d") return (x) => avgPool2d(x, kernel, { stride, padding, dilation, rounding });
  const filters = constant(Float32Array.from(lab.k), [fn, channelsPerGroup(lab), ...kernel]);
  const bias = lab.bias ? constant(Float32Array.from(lab.b), [fn]) : undefined;
  return (x) => conv2d(x, filters, { stride, padding, dilation, groups, rounding, bias });
}

/** As the library takes it: before and after along the rows, then along the columns. */
const paddingOf = ({ padding: [top, left, bottom, right] }: Lab) =>
  [
    [top, bottom],
    [left, right],
  ] as const;

export const mapOf = (lab: Lab): Tensor => constant(Float32Array.from(lab.x), [lab.n, lab.c, lab.h, lab.w]);

export function outcome(lab: Lab): Outcome {
  const filters = lab.op === "conv2d" ? lab.fn : lab.c;
  const nothing: Outcome = {
    geometry: undefined,
    error: undefined,
    output: [],
    filters,
    unread: { rows: [], columns: [] },
    tells: undefined,
  };
  const error = refused(() => layerOf(lab)(mapOf(lab)));
  if (error !== undefined && error.code !== "size-fractional") return { ...nothing, error };
  let geometry: Geometry;
  let tells: Explainer;
  try {
    const { stride, dilation } = lab;
    const options = { stride, padding: paddingOf(lab), dilation, rounding: "floor" } as const;
    geometry = windowGeometry([lab.h, lab.w], lab.kernel, options, lab.op);
    tells = explainer(layerOf(lab, "floor"), mapOf(lab));
  } catch (second) {
    if (second instanceof TatamiError) return { ...nothing, error: error ?? second };
    throw second;
  }
  const output = lab.op === "conv2d" ? convolved(lab, geometry) : pooled(lab, geometry);
  const unread = { rows: unreadAlong(geometry, 0), columns: unreadAlong(geometry, 1) };
  return { geometry, error, output, filters, unread, tells };
}

function refused(work: () => unknown): TatamiError | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof TatamiError) return error;
    throw error;
  }
}

/** The row (column) of the input under element `k` of the kernel in window `o`. */
const under = (g: Geometry, axis: 0 | 1, o: number, k: number): number =>
  o * g.stride[axis] + k * g.dilation[axis] - g.padding[axis];

/** Rows (columns) between or after the windows that none of them reads. */
function unreadAlong(g: Geometry, axis: 0 | 1): number[] {
  const read = new Set<number>();
  for (let o = 0; o < g.output[axis]; o++) for (let k = 0; k < g.kernel[axis]; k++) read.add(under(g, axis, o, k));
  return Array.from({ length: g.input[axis] }, (_, i) => i).filter((i) => !read.has(i));
}

/** Calls `tap` with every element of the input that window (oy, ox) reads, and with the kernel's element over it. */
function eachTap(g: Geometry, oy: number, ox: number, tap: (y: number, x: number, i: number, j: number) => void): void {
  for (let i = 0; i < g.kernel[0]; i++) {
    const y = under(g, 0, oy, i);
    if (y < 0 || y >= g.input[0]) continue;
    for (let j = 0; j < g.kernel[1]; j++) {
      const x = under(g, 1, ox, j);
      if (x >= 0 && x < g.input[1]) tap(y, x, i, j);
    }
  }
}

function convolved(lab: Lab, g: Geometry): number[] {
  const { n: images, c, h, w, fn, groups } = lab;
  const [fh, fw] = lab.kernel;
  const each = channelsPerGroup(lab);
  const out: number[] = [];
  for (let n = 0; n < images; n++)
    for (let f = 0; f < fn; f++) {
      const first = Math.floor(f / (fn / groups)) * each;
      for (let oy = 0; oy < g.output[0]; oy++)
        for (let ox = 0; ox < g.output[1]; ox++) {
          let sum = lab.bias ? lab.b[f]! : 0;
          for (let q = 0; q < each; q++)
            eachTap(g, oy, ox, (y, x, i, j) => {
              sum += lab.x[((n * c + first + q) * h + y) * w + x]! * lab.k[((f * each + q) * fh + i) * fw + j]!;
            });
          out.push(sum);
        }
    }
  return out;
}

function pooled(lab: Lab, g: Geometry): number[] {
  const out: number[] = [];
  for (let map = 0; map < lab.n * lab.c; map++)
    for (let oy = 0; oy < g.output[0]; oy++)
      for (let ox = 0; ox < g.output[1]; ox++) {
        let [best, sum] = [-Infinity, 0];
        eachTap(g, oy, ox, (y, x) => {
          const value = lab.x[(map * lab.h + y) * lab.w + x]!;
          [best, sum] = [Math.max(best, value), sum + value];
        });
        // Padding counts in a mean, as the op's own default has it.
        out.push(lab.op === "maxPool2d" ? best : sum / (g.kernel[0] * g.kernel[1]));
      }
  return out;
}
