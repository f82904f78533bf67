/**
 * The values of a graph by the definition of its ops, so that what lies before and after a window can be shown. Slow and
 * small: sums are float64, and each op's result is rounded to its dtype.
 */
import { typedArray, type TypedArray } from "../dtype.ts";
import { TatamiError } from "../errors.ts";
import type { Spec } from "../op.ts";
import type { ConvAttrs } from "../ops/conv2d.ts";
import type { MatmulAttrs } from "../ops/matmul.ts";
import type { PoolAttrs } from "../ops/pool2d.ts";
import { elementsOf } from "../ops/elements.ts";
import { sizeOf, type Shape } from "../shape.ts";
import { expansion, type Tensor } from "../tensor.ts";
import { counted, meetings } from "./window.ts";

/** What is known of a graph, by node. */
export type Values = Map<Tensor, TypedArray>;

/**
 * The values of `y`; what is worked out on the way is added to `known`.
 * @throws TatamiError `input` when y depends on an input whose values are not known, `declined` for an op of another kind.
 */
export function valuesOf(y: Tensor, known: Values, op: string): TypedArray {
  const open: Tensor[] = [y];
  for (let at = open.at(-1); at !== undefined; at = open.at(-1)) {
    const inner = at.op.kind === "composite" ? [expansion(at)] : at.inputs;
    const missing = known.has(at) || at.data !== undefined ? [] : inner.filter((t) => !known.has(t));
    if (missing.length > 0) {
      open.push(...missing);
      continue;
    }
    open.pop();
    if (!known.has(at)) known.set(at, at.data ?? valueOf(at, known, op));
  }
  return known.get(y)!;
}

function valueOf(t: Tensor, known: Values, op: string): TypedArray {
  if (t.op.kind === "composite") return known.get(expansion(t))!;
  if (t.op.leaf !== undefined) {
    throw new TatamiError("input", "it depends on an input besides the one that is given; use constants", { op });
  }
  const inputs = t.inputs.map((x) => known.get(x)!);
  if (t.op.value !== undefined) return t.op.value(inputs, t.attrs, t, t.inputs);
  const meaning = meanings[t.op.name];
  if (meaning !== undefined) return meaning(inputs, t.attrs as never, t, t.inputs);
  throw new TatamiError(
    "declined",
    `${t.op.name} is not worked out here; give the last layer alone, and as its input the map that a program computed`,
    { op, details: { needs: t.op.name } },
  );
}

type Meaning = (inputs: readonly TypedArray[], attrs: never, output: Spec, specs: readonly Spec[]) => TypedArray;

const meanings: Readonly<Record<string, Meaning>> = {
  conv2d([x, w], attrs: ConvAttrs, output, [sx, sw]) {
    const sums = new Float64Array(sizeOf(output.shape));
    eachProduct(sx!.shape, sw!.shape, output.shape, attrs, (large, filter, small) => {
      sums[small]! += x![large]! * w![filter]!;
    });
    return stored(sums, output);
  },
  conv2dInputGrad([dy, w], attrs: ConvAttrs, output, [sy, sw]) {
    const sums = new Float64Array(sizeOf(output.shape));
    eachProduct(output.shape, sw!.shape, sy!.shape, attrs, (large, filter, small) => {
      sums[large]! += dy![small]! * w![filter]!;
    });
    return stored(sums, output);
  },
  pool2d: ([x], attrs: PoolAttrs, output) => pooled(x!, attrs, output),
  matmul([a, b], { ta, tb }: MatmulAttrs, output, [sa, sb]) {
    const [m, n] = [output.shape.at(-2)!, output.shape.at(-1)!];
    const k = sa!.shape.at(ta ? -2 : -1)!;
    const sums = new Float64Array(sizeOf(output.shape));
    const outer = (shape: Shape): (() => number) => elementsOf(output.shape.slice(0, -2), shape.slice(0, -2));
    const [blockA, blockB] = [outer(sa!.shape), outer(sb!.shape)];
    for (let o = 0; o < sums.length; o += m * n) {
      const [p, q] = [blockA() * m * k, blockB() * k * n];
      for (let i = 0; i < m; i++) {
        for (let j = 0; j < n; j++) {
          for (let l = 0; l < k; l++) {
            sums[o + i * n + j]! += a![p + (ta ? l * m + i : i * k + l)]! * b![q + (tb ? j * k + l : l * n + j)]!;
          }
        }
      }
    }
    return stored(sums, output);
  },
};

function stored(sums: Float64Array, { dtype }: Spec): TypedArray {
  const out = typedArray(dtype, sums.length);
  out.set(sums);
  return out;
}

/** Every product of a convolution: addresses in the large map [N, H, W, C], the filters [FN, FH, FW, C/groups] and the small map. */
function eachProduct(
  large: Shape,
  filters: Shape,
  small: Shape,
  attrs: ConvAttrs,
  f: (large: number, filter: number, small: number) => void,
): void {
  const [count, height, width, channels] = large as readonly [number, number, number, number];
  const [fn, fh, fw, depth] = filters as readonly [number, number, number, number];
  const [rows, columns] = [meetings(attrs, 0), meetings(attrs, 1)];
  const perGroup = fn / attrs.groups;
  for (let n = 0; n < count; n++) {
    for (const row of rows) {
      for (const column of columns) {
        const from = ((n * height + row.large) * width + column.large) * channels;
        const to = ((n * small[1]! + row.small) * small[2]! + column.small) * fn;
        for (let k = 0; k < fn; k++) {
          const first = from + Math.floor(k / perGroup) * depth;
          const weight = ((k * fh + row.kernel) * fw + column.kernel) * depth;
          for (let c = 0; c < depth; c++) f(first + c, weight + c, to + k);
        }
      }
    }
  }
}

function pooled(x: TypedArray, attrs: PoolAttrs, output: Spec): TypedArray {
  const [count, oh, ow, channels] = output.shape as readonly [number, number, number, number];
  const [height, width] = attrs.input;
  const max = attrs.fn === "max";
  const out = new Float64Array(sizeOf(output.shape)).fill(max ? -Infinity : 0);
  const columns = meetings(attrs, 1);
  for (let n = 0; n < count; n++) {
    for (const row of meetings(attrs, 0)) {
      for (const column of columns) {
        const from = ((n * height + row.large) * width + column.large) * channels;
        const to = ((n * oh + row.small) * ow + column.small) * channels;
        for (let c = 0; c < channels; c++) {
          out[to + c] = max ? Math.max(out[to + c]!, x[from + c]!) : out[to + c]! + x[from + c]!;
        }
      }
    }
  }
  return stored(max ? out : out.map((sum, i) => sum / partsOf(attrs, Math.floor(i / channels), oh, ow)), output);
}

/** What the mean at a pixel of the output is divided by. */
function partsOf(attrs: PoolAttrs, pixel: number, height: number, width: number): number {
  const { countIncludePad } = attrs;
  return (
    counted(attrs, 0, Math.floor(pixel / width) % height, countIncludePad) *
    counted(attrs, 1, pixel % width, countIncludePad)
  );
}
