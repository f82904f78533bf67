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
import { TatamiError, wrongArgument } from "./errors.ts";
import { extent, type Fix } from "./fixes.ts";
import { checkChoice, checkOptions, checkWhole, isWhole } from "./operand.ts";
import { countWindows } from "./sizes.ts";

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

/** The parameters are the options' own types, from which sizes are worked out in the editor (shapes/). */
export interface WindowOptions<
  S extends number | Pair | undefined = number | Pair | undefined,
  P extends Padding = Padding,
  D extends number | Pair = number | Pair,
  R extends Rounding = Rounding,
> {
  /** Default 1. */
  readonly stride?: S | undefined;
  /** Default 0. */
  readonly padding?: P | undefined;
  /** Default 1. */
  readonly dilation?: D | undefined;
  /** What to do where the size formula gives a fraction. Default "exact": an error. */
  readonly rounding?: R | undefined;
}

const sides = ["H", "W"] as const;

/** A size of an option: one whole number ≥ `least` for both axes, or a pair. @throws TatamiError `argument`. */
export function checkPair(value: unknown, least: number, op: string, name: string): Pair {
  const pair = both(value);
  if (pair.length === 2 && pair.every((v) => isWhole(v, least))) {
    return [(pair[0] as number) + 0, (pair[1] as number) + 0];
  }
  throw wrongArgument(op, name, value, `a whole number ≥ ${least}, or two of them [height, width]`);
}

/** @throws TatamiError `argument`. */
export function checkRounding(value: unknown, op: string): Rounding {
  return checkChoice(value as Rounding, ["exact", "floor", "ceil"], op, "rounding");
}

/** One value for both, or the two. */
const both = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value, value]);

function checkPadding(value: unknown, op: string): Pair<Pair> | "same" {
  if (value === "same") return "same";
  const axes = both(value === "valid" ? 0 : value).map(both);
  if (axes.length === 2 && axes.every((sides) => sides.length === 2 && sides.every((v) => isWhole(v))))
    return axes as unknown as Pair<Pair>;
  throw wrongArgument(
    op,
    "padding",
    value,
    'a whole number ≥ 0, [height, width], [[top, bottom], [left, right]], "same" or "valid"',
  );
}

/** Along one axis: `1`, `[before, after]`, `"same"` or `"valid"`. */
export type RowPadding = number | Pair | "same" | "valid";

/** Options along one axis, as those of a map of height 1. */
export interface RowOptions {
  readonly stride?: number | undefined;
  readonly padding?: RowPadding | undefined;
  readonly dilation?: number | undefined;
}

/** @throws TatamiError `argument`. `words`: are "same" and "valid" allowed? */
export function checkRow(
  options: RowOptions,
  op: string,
  words: boolean = true,
): { stride: Pair; dilation: Pair; padding: Padding } {
  const { stride = 1, dilation = 1, padding = 0 } = options;
  const sides = both(padding);
  const given = words && (padding === "same" || padding === "valid");
  if (!given && !(sides.length === 2 && sides.every((v: unknown) => isWhole(v)))) {
    const wanted = `a whole number ≥ 0 or [before, after]${words ? ', "same" or "valid"' : ""}`;
    throw wrongArgument(op, "padding", padding, wanted);
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

export interface TransposedOptions<
  S extends number | Pair = number | Pair,
  P extends number | Pair | Pair<Pair> = number | Pair | Pair<Pair>,
  D extends number | Pair = number | Pair,
  M extends number | Pair = number | Pair,
> {
  /** Default 1. */
  readonly stride?: S | undefined;
  /** Default 0. Padding of the convolution that this one undoes: it crops the output. */
  readonly padding?: P | undefined;
  /** Default 1. */
  readonly dilation?: D | undefined;
  /** Default 0. Rows and columns more at the end, less than stride or dilation: chooses among the sizes that the convolution maps here. */
  readonly outputPadding?: M | undefined;
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
