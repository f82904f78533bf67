/**
 * Window geometry: where the windows of a convolution or a pooling stand, and how many there are.
 *
 * Along one axis of H elements, padded by P₀ before and P₁ after, a kernel of F elements that are D apart spans
 * E = D·(F − 1) + 1 elements, and moving by S it stands at
 *
 *     OH = (H + P₀ + P₁ − E)/S + 1        (H + 2P − FH)/S + 1 with equal padding and D = 1
 *
 * places. Where S does not divide, the last rows are read by no window: tatami calls that an error unless
 * `rounding` says "floor" (leave them unread) or "ceil" (one more window that sticks out over the end, as PyTorch's
 * `ceil_mode`: it must still begin inside the input or the padding before it).
 */
import { show, TatamiError } from "./errors.ts";

export type Pair<T = number> = readonly [T, T];
export type Rounding = "exact" | "floor" | "ceil";
/**
 * `1`, `[height, width]`, `[[top, bottom], [left, right]]`, `"valid"` (none) or `"same"` (OH = ⌈H/S⌉; an odd
 * element goes to the end, as in TensorFlow and ONNX's SAME_UPPER).
 */
export type Padding = number | Pair | Pair<Pair> | "same" | "valid";

/**
 * One record serves the convolution, its two gradients and pooling: it relates a large side (`input`) and a small side
 * (`output`). Output cell oy reads input row oy·stride + i·dilation − padding[0] for i < kernel; rows outside the input
 * are padding. Plain data: it is part of the attrs.
 */
export interface Geometry {
  readonly input: Pair;
  readonly kernel: Pair;
  readonly output: Pair;
  readonly stride: Pair;
  /** [top, left, bottom, right], in elements. */
  readonly padding: readonly [number, number, number, number];
  readonly dilation: Pair;
}

export interface WindowOptions {
  /** Default 1. */
  readonly stride?: number | Pair | undefined;
  /** Default 0. */
  readonly padding?: Padding | undefined;
  /** Default 1. */
  readonly dilation?: number | Pair | undefined;
  /** What to do where the size formula gives a fraction. Default "exact": an error. */
  readonly rounding?: Rounding | undefined;
}

const sides = ["H", "W"] as const;

/** A size of an option: one whole number ≥ `least` for both axes, or a pair. @throws TatamiError `argument`. */
export function checkPair(value: unknown, least: number, op: string, name: string): Pair {
  const pair: unknown[] = Array.isArray(value) ? value : [value, value];
  if (pair.length === 2 && pair.every((v) => typeof v === "number" && Number.isInteger(v) && v >= least && v < 2 ** 31)) {
    return [pair[0] as number, pair[1] as number];
  }
  throw new TatamiError("argument", `${name} is ${show(value)}; give a whole number ≥ ${least}, or two of them [height, width]`, {
    op,
    details: { given: value, name },
  });
}

export function checkRounding(value: unknown, op: string): Rounding {
  if (value === "exact" || value === "floor" || value === "ceil") return value;
  throw new TatamiError("argument", `rounding is ${show(value)}; use "exact", "floor" or "ceil"`, { op, details: { given: value } });
}

function checkPadding(value: unknown, op: string): Pair<Pair> | "same" {
  if (value === "same") return "same";
  if (value === "valid") return [[0, 0], [0, 0]];
  const whole = (v: unknown): v is number => typeof v === "number" && Number.isInteger(v) && v >= 0 && v < 2 ** 31;
  if (whole(value)) return [[value, value], [value, value]];
  if (Array.isArray(value) && value.length === 2) {
    const [h, w] = value.map((side: unknown) => (Array.isArray(side) ? side : [side, side])) as [unknown[], unknown[]];
    if (h.length === 2 && w.length === 2 && h.every(whole) && w.every(whole)) return [[h[0]!, h[1]!], [w[0]!, w[1]!]];
  }
  throw new TatamiError(
    "argument",
    `padding is ${show(value)}; give a whole number ≥ 0, [height, width], [[top, bottom], [left, right]], "same" or "valid"`,
    { op, details: { given: value } },
  );
}

/** How many elements a kernel of `size` elements spans when they are `dilation` apart. */
export function extent(size: number, dilation: number): number {
  return dilation * (size - 1) + 1;
}

/** One axis of the size formula, with its names for error texts. */
interface Axis {
  readonly side: "H" | "W";
  readonly size: number;
  readonly kernel: number;
  readonly stride: number;
  readonly before: number;
  readonly after: number;
  readonly dilation: number;
}

/**
 * Number of windows along each axis.
 * @throws TatamiError `argument` for options that are no sizes, `size-negative` for a kernel larger than the padded
 * input, `size-fractional` for a size that is not whole with rounding "exact".
 */
export function windowGeometry(input: Pair, kernel: Pair, options: WindowOptions, op: string): Geometry {
  const stride = checkPair(options.stride ?? 1, 1, op, "stride");
  const dilation = checkPair(options.dilation ?? 1, 1, op, "dilation");
  const rounding = checkRounding(options.rounding ?? "exact", op);
  const given = checkPadding(options.padding ?? 0, op);
  const pads: [number, number][] = [];
  const output: number[] = [];
  for (const axis of [0, 1] as const) {
    if (given === "same") {
      const count = Math.ceil(input[axis] / stride[axis]);
      const total = Math.max((count - 1) * stride[axis] + extent(kernel[axis], dilation[axis]) - input[axis], 0);
      pads.push([Math.floor(total / 2), Math.ceil(total / 2)]);
      output.push(count);
    } else {
      const [before, after] = given[axis];
      pads.push([before, after]);
      output.push(
        countWindows(
          { side: sides[axis], size: input[axis], kernel: kernel[axis], stride: stride[axis], before, after, dilation: dilation[axis] },
          rounding,
          op,
        ),
      );
    }
  }
  const [[top, bottom], [left, right]] = pads as [[number, number], [number, number]];
  return { input, kernel, output: [output[0]!, output[1]!], stride, padding: [top, left, bottom, right], dilation };
}

function countWindows(axis: Axis, rounding: Rounding, op: string): number {
  const { size, kernel, stride, before, after, dilation } = axis;
  const room = size + before + after - extent(kernel, dilation);
  if (room < 0) throw negative(axis, op);
  const floor = Math.floor(room / stride) + 1;
  if (room % stride === 0 || rounding === "floor") return floor;
  if (rounding === "exact") throw fractional(axis, op);
  return floor * stride >= size + before ? floor : floor + 1;
}

/** `(7 + 2·0 − 3)/3 + 1` */
function formula({ size, kernel, stride, before, after, dilation }: Axis): string {
  const pad = before === after ? `2·${before}` : `${before} + ${after}`;
  const span = dilation === 1 ? `${kernel}` : `(${dilation}·(${kernel} − 1) + 1)`;
  return `(${size} + ${pad} − ${span})/${stride} + 1`;
}

function detailsOf(axis: Axis, value: number, fixes: readonly string[]): Readonly<Record<string, unknown>> {
  return { formula: formula(axis), inputs: { ...axis }, value, fixes };
}

function negative(axis: Axis, op: string): TatamiError {
  const { side, size, kernel, before, after, dilation } = axis;
  const span = extent(kernel, dilation);
  const padded = size + before + after;
  const fixes = [
    `padding of ${Math.ceil((span - size) / 2)} or more`,
    ...(dilation > 1 && kernel <= padded ? ["a smaller dilation"] : []),
    `a kernel of at most ${padded}`,
  ];
  return new TatamiError(
    "size-negative",
    `the kernel spans ${span} ${side === "H" ? "rows" : "columns"}, the padded input has only ${padded} (${size} + ${before} + ${after}): ` +
      `O${side} = ${formula(axis)} is below 1. Use ${fixes.join(" or ")}.`,
    { op, details: detailsOf(axis, (padded - span) / axis.stride + 1, fixes) },
  );
}

function fractional(axis: Axis, op: string): TatamiError {
  const { side, size, kernel, stride, before, after, dilation } = axis;
  const room = size + before + after - extent(kernel, dilation);
  const value = room / stride + 1;
  const fixes: string[] = [];
  const strides = divisorsNear(room, stride);
  fixes.push(`stride ${orList(strides)}`);
  for (let extra = 1; extra <= stride; extra++) {
    if (before === after && (room + 2 * extra) % stride === 0) {
      fixes.push(`padding ${before + extra} (O${side} = ${(room + 2 * extra) / stride + 1})`);
      break;
    }
  }
  const unused = room % stride;
  const rows = `${unused === 1 ? "last" : `last ${unused}`} ${side === "H" ? "row" : "column"}${unused === 1 ? "" : "s"} unused`;
  fixes.push(`rounding: "floor" (O${side} = ${Math.floor(value)}, ${rows})`);
  return new TatamiError(
    "size-fractional",
    `O${side} = ${formula(axis)} = ${Number.isInteger(value * 100) ? value : `${Math.floor(value * 100) / 100}…`} is not an integer. Use ${fixes.slice(0, -1).join(", ")}, or ${fixes.at(-1)}.`,
    { op, details: detailsOf(axis, value, fixes) },
  );
}

/** Up to three divisors of `n`, those nearest to `wanted`, ascending. */
function divisorsNear(n: number, wanted: number): number[] {
  const divisors: number[] = [];
  for (let d = 1; d * d <= n; d++) if (n % d === 0) divisors.push(d, ...(d * d === n ? [] : [n / d]));
  return divisors
    .sort((a, b) => Math.abs(a - wanted) - Math.abs(b - wanted) || a - b)
    .slice(0, 3)
    .sort((a, b) => a - b);
}

function orList(items: readonly number[]): string {
  return items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} or ${items.at(-1)}`;
}

export interface TransposedOptions {
  /** Default 1. */
  readonly stride?: number | Pair | undefined;
  /** Default 0. Padding of the convolution that this one undoes: it crops the output. */
  readonly padding?: number | Pair | Pair<Pair> | undefined;
  /** Default 1. */
  readonly dilation?: number | Pair | undefined;
  /** Default 0. Rows and columns more at the end, less than stride or dilation: chooses among the sizes that the convolution maps here. */
  readonly outputPadding?: number | Pair | undefined;
}

/**
 * Transposed convolution of a map of `size`: the geometry of the convolution that leads back,
 * H = (h − 1)·S − P₀ − P₁ + E + outputPadding. In the result `input` is the (large) result and `output` the given map.
 * @throws TatamiError `argument`, `size-negative`.
 */
export function transposedGeometry(size: Pair, kernel: Pair, options: TransposedOptions, op: string): Geometry {
  const stride = checkPair(options.stride ?? 1, 1, op, "stride");
  const dilation = checkPair(options.dilation ?? 1, 1, op, "dilation");
  const outputPadding = checkPair(options.outputPadding ?? 0, 0, op, "outputPadding");
  const pads = checkPadding(options.padding ?? 0, op);
  if (pads === "same") {
    throw new TatamiError("argument", 'padding is "same", which a transposed convolution does not define; give numbers', { op });
  }
  const input = ([0, 1] as const).map((axis) => {
    if (outputPadding[axis] >= Math.max(stride[axis], dilation[axis])) {
      throw new TatamiError(
        "argument",
        `outputPadding ${outputPadding[axis]} must be less than the stride (${stride[axis]}) or the dilation (${dilation[axis]})`,
        { op, details: { given: outputPadding } },
      );
    }
    const [before, after] = pads[axis];
    const large = (size[axis] - 1) * stride[axis] - before - after + extent(kernel[axis], dilation[axis]) + outputPadding[axis];
    if (large < 1) {
      throw new TatamiError(
        "size-negative",
        `${sides[axis]} = (${size[axis]} − 1)·${stride[axis]} − ${before} − ${after} + ${extent(kernel[axis], dilation[axis])} + ${outputPadding[axis]} = ${large} is below 1. Use less padding.`,
        { op, details: { value: large } },
      );
    }
    return large;
  });
  const [[top, bottom], [left, right]] = pads;
  return { input: [input[0]!, input[1]!], kernel, output: size, stride, padding: [top, left, bottom, right], dilation };
}
