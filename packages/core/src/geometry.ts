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
import { checkOptions, checkWhole } from "./operand.ts";

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
  if (
    pair.length === 2 &&
    pair.every((v) => typeof v === "number" && Number.isInteger(v) && v >= least && v < 2 ** 31)
  ) {
    return [(pair[0] as number) + 0, (pair[1] as number) + 0];
  }
  throw new TatamiError(
    "argument",
    `${name} is ${show(value)}; give a whole number ≥ ${least}, or two of them [height, width]`,
    {
      op,
      details: { given: value, name },
    },
  );
}

export function checkRounding(value: unknown, op: string): Rounding {
  if (value === "exact" || value === "floor" || value === "ceil") return value;
  throw new TatamiError("argument", `rounding is ${show(value)}; use "exact", "floor" or "ceil"`, {
    op,
    details: { given: value },
  });
}

function checkPadding(value: unknown, op: string): Pair<Pair> | "same" {
  if (value === "same") return "same";
  if (value === "valid")
    return [
      [0, 0],
      [0, 0],
    ];
  const whole = (v: unknown): v is number => typeof v === "number" && Number.isInteger(v) && v >= 0 && v < 2 ** 31;
  if (whole(value))
    return [
      [value, value],
      [value, value],
    ];
  if (Array.isArray(value) && value.length === 2) {
    const [h, w] = value.map((side: unknown) => (Array.isArray(side) ? side : [side, side])) as [unknown[], unknown[]];
    if (h.length === 2 && w.length === 2 && h.every(whole) && w.every(whole))
      return [
        [h[0]!, h[1]!],
        [w[0]!, w[1]!],
      ];
  }
  throw new TatamiError(
    "argument",
    `padding is ${show(value)}; give a whole number ≥ 0, [height, width], [[top, bottom], [left, right]], "same" or "valid"`,
    { op, details: { given: value } },
  );
}

/** Options along one axis, as those of a map of height 1. */
export interface RowOptions {
  readonly stride?: number | undefined;
  readonly padding?: number | Pair | "same" | "valid" | undefined;
  readonly dilation?: number | undefined;
}

/** @throws TatamiError `argument`. `words`: are "same" and "valid" allowed? */
export function checkRow(
  options: RowOptions,
  op: string,
  words: boolean = true,
): { stride: Pair; dilation: Pair; padding: Padding } {
  const { stride = 1, dilation = 1, padding = 0 } = options;
  const sides = Array.isArray(padding) ? padding : [padding, padding];
  const given = words && (padding === "same" || padding === "valid");
  if (
    !given &&
    !(
      sides.length === 2 &&
      sides.every((v: unknown) => typeof v === "number" && Number.isInteger(v) && v >= 0 && v < 2 ** 31)
    )
  ) {
    const wanted = `a whole number ≥ 0 or [before, after]${words ? ', "same" or "valid"' : ""}`;
    throw new TatamiError("argument", `padding is ${show(padding)}; give ${wanted}`, {
      op,
      details: { given: padding },
    });
  }
  return {
    stride: [1, checkWhole(stride, 1, op, "stride")],
    dilation: [1, checkWhole(dilation, 1, op, "dilation")],
    padding: given
      ? padding
      : [
          [0, 0],
          [sides[0] as number, sides[1] as number],
        ],
  };
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
export function windowGeometry(size: Pair, window: Pair, options: WindowOptions, op: string): Geometry {
  checkOptions(options, op);
  const input = checkPair(size, 1, op, "the input's size");
  const kernel = checkPair(window, 1, op, "kernel");
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
      pads.push([before + 0, after + 0]);
      output.push(
        countWindows(
          {
            side: sides[axis],
            size: input[axis],
            kernel: kernel[axis],
            stride: stride[axis],
            before,
            after,
            dilation: dilation[axis],
          },
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
  const count = windowsOf(axis, rounding);
  if (count !== undefined) return count;
  throw roomOf(axis) < 0 ? negative(axis, rounding, op) : fractional(axis, op);
}

/** Elements that the kernel can move by. */
function roomOf({ size, kernel, before, after, dilation }: Axis): number {
  return size + before + after - extent(kernel, dilation);
}

/** The number of windows, or undefined where there is none that `rounding` allows. */
function windowsOf(axis: Axis, rounding: Rounding): number | undefined {
  const room = roomOf(axis);
  if (room < 0) return undefined;
  const floor = Math.floor(room / axis.stride) + 1;
  if (room % axis.stride === 0 || rounding === "floor") return floor;
  if (rounding === "exact") return undefined;
  return floor * axis.stride >= axis.size + axis.before ? floor : floor + 1;
}

/** A change of one option that makes the size whole, and the size it gives. */
export interface Fix {
  readonly option: "stride" | "padding" | "dilation" | "kernel" | "rounding";
  /** `padding`: a number for both sides, or [before, after]. */
  readonly value: number | Pair | "floor";
  readonly output: number;
}

/** `option` at `most`, or the next smaller value that gives a size. */
function smaller(axis: Axis, rounding: Rounding, option: "dilation" | "kernel", most: number): Fix[] {
  for (let value = most; value > 0 && value > most - 1000; value--) {
    const output = windowsOf({ ...axis, [option]: value }, rounding);
    if (output !== undefined) return [{ option, value, output }];
  }
  return [];
}

/**
 * At least `least` elements of padding more: on both sides alike where that helps, else after the end. With `short`
 * elements the stride divides; so do short + stride, + 2·stride, …, of which every other is even when the stride is odd.
 */
function morePadding(axis: Axis, rounding: Rounding, least: number): Fix[] {
  const { before, after, stride } = axis;
  const short = rounding === "exact" ? least + ((stride - ((roomOf(axis) + least) % stride)) % stride) : least;
  const even = short % 2 === 0 ? short : rounding !== "exact" ? short + 1 : short + stride;
  const both = before === after && even % 2 === 0;
  const sides: Pair = both ? [before + even / 2, after + even / 2] : [before, after + short];
  const output = windowsOf({ ...axis, before: sides[0], after: sides[1] }, rounding);
  return output === undefined ? [] : [{ option: "padding", value: both ? sides[0] : sides, output }];
}

/** `(7 + 2·0 − 3)/3 + 1` */
function formula({ size, kernel, stride, before, after, dilation }: Axis): string {
  const pad = before === after ? `2·${before}` : `${before} + ${after}`;
  const span = dilation === 1 ? `${kernel}` : `(${dilation}·(${kernel} − 1) + 1)`;
  return `(${size} + ${pad} − ${span})/${stride} + 1`;
}

/** The numbers of a size error, for programs: `formula` as text, its `inputs`, the `value` that is no size, and `fixes`. */
function detailsOf(axis: Axis, value: number, fixes: readonly Fix[]): Readonly<Record<string, unknown>> {
  return { formula: formula(axis), inputs: { ...axis }, value, fixes };
}

function textOf(fix: Fix, side: string, note: string = ""): string {
  const { option, value } = fix;
  const what =
    option === "rounding"
      ? `rounding: "${String(value)}"`
      : typeof value === "number"
        ? `${option === "kernel" ? "a kernel of" : option} ${value}`
        : `padding [${value[0]}, ${value[1]}]`;
  return `${what} (O${side} = ${fix.output}${note})`;
}

function negative(axis: Axis, rounding: Rounding, op: string): TatamiError {
  const { side, size, kernel, stride, before, after, dilation } = axis;
  const span = extent(kernel, dilation);
  const padded = size + before + after;
  const mostDilation = kernel > 1 ? Math.floor((padded - 1) / (kernel - 1)) : 0;
  const mostKernel = Math.floor((padded - 1) / dilation) + 1;
  const fixes = [
    ...morePadding(axis, rounding, span - padded),
    ...smaller(axis, rounding, "dilation", mostDilation),
    ...smaller(axis, rounding, "kernel", mostKernel),
  ];
  return new TatamiError(
    "size-negative",
    `the kernel spans ${span} ${side === "H" ? "rows" : "columns"}, the padded input has only ${padded} (${size} + ${before} + ${after}): ` +
      `O${side} = ${formula(axis)} is below 1. Use ${fixes.map((fix) => textOf(fix, side)).join(", or ")}.`,
    { op, details: detailsOf(axis, (padded - span) / stride + 1, fixes) },
  );
}

function fractional(axis: Axis, op: string): TatamiError {
  const { side, stride } = axis;
  const room = roomOf(axis);
  const value = room / stride + 1;
  const strides = divisorsNear(room, stride).map((d): Fix => ({ option: "stride", value: d, output: room / d + 1 }));
  const padding = morePadding(axis, "exact", 1);
  const floor: Fix = { option: "rounding", value: "floor", output: Math.floor(value) };
  const unused = room % stride;
  const note = `, ${unused === 1 ? "last" : `last ${unused}`} ${side === "H" ? "row" : "column"}${unused === 1 ? "" : "s"} unused`;
  const texts = [
    `stride ${orList(strides.map((fix) => fix.value as number))}`,
    ...padding.map((fix) => textOf(fix, side)),
  ];
  return new TatamiError(
    "size-fractional",
    `O${side} = ${formula(axis)} = ${Number.isInteger(value * 100) ? value : `${Math.floor(value * 100) / 100}…`} is not an integer. ` +
      `Use ${texts.join(", ")}, or ${textOf(floor, side, note)}.`,
    { op, details: detailsOf(axis, value, [...strides, ...padding, floor]) },
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
 * Transposed convolution of a `map` of a size: the geometry of the convolution that leads back,
 * H = (h − 1)·S − P₀ − P₁ + E + outputPadding. In the result `input` is the (large) result and `output` the given map.
 * @throws TatamiError `argument`, `size-negative`.
 */
export function transposedGeometry(map: Pair, window: Pair, options: TransposedOptions, op: string): Geometry {
  checkOptions(options, op);
  const size = checkPair(map, 1, op, "the map's size");
  const kernel = checkPair(window, 1, op, "kernel");
  const stride = checkPair(options.stride ?? 1, 1, op, "stride");
  const dilation = checkPair(options.dilation ?? 1, 1, op, "dilation");
  const outputPadding = checkPair(options.outputPadding ?? 0, 0, op, "outputPadding");
  const pads = checkPadding(options.padding ?? 0, op);
  if (pads === "same") {
    throw new TatamiError(
      "argument",
      'padding is "same", which a transposed convolution does not define; give numbers',
      { op },
    );
  }
  const input = ([0, 1] as const).map((axis) => {
    const most = Math.max(stride[axis], dilation[axis]) - 1;
    if (outputPadding[axis] > most) {
      throw new TatamiError(
        "argument",
        `outputPadding is ${outputPadding[axis]}; use 0 to ${most}: less than the stride (${stride[axis]}) or the dilation (${dilation[axis]})`,
        {
          op,
          details: { given: outputPadding, most },
        },
      );
    }
    const [before, after] = pads[axis];
    const span = extent(kernel[axis], dilation[axis]);
    const full = (size[axis] - 1) * stride[axis] + span + outputPadding[axis];
    const large = full - before - after;
    if (large < 1) {
      const formula = `(${size[axis]} − 1)·${stride[axis]} − ${before} − ${after} + ${span} + ${outputPadding[axis]}`;
      const fix = Math.floor((full - 1) / 2);
      throw new TatamiError(
        "size-negative",
        `O${sides[axis]} = ${formula} = ${large} is below 1. Use padding ${fix} (O${sides[axis]} = ${full - 2 * fix}) or less.`,
        {
          op,
          details: {
            formula,
            inputs: {
              side: sides[axis],
              size: size[axis],
              kernel: kernel[axis],
              stride: stride[axis],
              before,
              after,
              dilation: dilation[axis],
              outputPadding: outputPadding[axis],
            },
            value: large,
            fixes: [{ option: "padding", value: fix, output: full - 2 * fix } satisfies Fix],
          },
        },
      );
    }
    return large;
  });
  const [[top, bottom], [left, right]] = pads;
  return { input: [input[0]!, input[1]!], kernel, output: size, stride, padding: [top, left, bottom, right], dilation };
}
