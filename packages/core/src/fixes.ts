/** Counting windows along one axis; and where there is no whole number of them, what would make it one. */
import type { Pair, Rounding } from "./geometry.ts";

/** How many elements a kernel of `size` elements spans when they are `dilation` apart. */
export function extent(size: number, dilation: number): number {
  return dilation * (size - 1) + 1;
}

/** One axis of the size formula, with its names for error texts. */
export interface SizeInputs {
  readonly side: "H" | "W";
  readonly size: number;
  readonly kernel: number;
  readonly stride: number;
  readonly before: number;
  readonly after: number;
  readonly dilation: number;
  /** Of a transposed convolution. */
  readonly outputPadding?: number;
}

/** A change of one option, or of the input, that makes the size whole, and the size it gives. */
export interface Fix {
  /** `crop`: so many elements less at the input's end. */
  readonly option: "stride" | "padding" | "dilation" | "kernel" | "crop" | "rounding";
  /** `padding`: a number for both sides, or [before, after]. */
  readonly value: number | Pair | "floor" | "ceil";
  readonly output: number;
  /** `rounding`: the first and the last row (or column) of the input that lie behind the last window, and are read by none. */
  readonly unused?: Pair;
  /** `rounding: "ceil"`: how many rows the last window stands out over the padded input. */
  readonly beyond?: number;
}

/** The numbers of a size that is none, as `TatamiError` carries them. */
export interface SizeDetails {
  readonly formula: string;
  readonly inputs: SizeInputs;
  readonly value: number;
  readonly fixes: readonly Fix[];
}

/** Elements that the kernel can move by. */
export function roomOf({ size, kernel, before, after, dilation }: SizeInputs): number {
  return size + before + after - extent(kernel, dilation);
}

/** The number of windows, or undefined where there is none that `rounding` allows. */
export function windowsOf(axis: SizeInputs, rounding: Rounding): number | undefined {
  const room = roomOf(axis);
  if (room < 0) return undefined;
  const floor = Math.floor(room / axis.stride) + 1;
  if (room % axis.stride === 0 || rounding === "floor") return floor;
  if (rounding === "exact") return undefined;
  return floor * axis.stride >= axis.size + axis.before ? floor : floor + 1;
}

/** What mends a kernel that is larger than its padded input. */
export function fixesOfNegative(axis: SizeInputs, rounding: Rounding): Fix[] {
  const { size, kernel, before, after, dilation } = axis;
  const padded = size + before + after;
  return [
    ...morePadding(axis, rounding, extent(kernel, dilation) - padded),
    ...smaller(axis, rounding, "dilation", kernel > 1 ? Math.floor((padded - 1) / (kernel - 1)) : 0),
    ...smaller(axis, rounding, "kernel", Math.floor((padded - 1) / dilation) + 1),
  ];
}

/** What mends a stride that does not divide. */
export function fixesOfFractional(axis: SizeInputs): Fix[] {
  const { size, stride, before, after } = axis;
  const room = roomOf(axis);
  const over = room % stride;
  const output = (room - over) / stride + 1;
  const strides = divisorsNear(room, stride).map((d): Fix => ({ option: "stride", value: d, output: room / d + 1 }));
  return [
    ...strides,
    ...morePadding(axis, "exact", 1),
    ...(over <= after ? [{ option: "padding", value: [before, after - over], output } satisfies Fix] : []),
    ...(over < size ? [{ option: "crop", value: over, output } satisfies Fix] : []),
    rounded(axis, "floor"),
    rounded(axis, "ceil"),
  ];
}

function rounded(axis: SizeInputs, value: "floor" | "ceil"): Fix {
  const output = windowsOf(axis, value)!;
  const { size, kernel, stride, before, after, dilation } = axis;
  const end = (output - 1) * stride + extent(kernel, dilation) - before;
  const first = Math.max(end, 0);
  return {
    option: "rounding",
    value,
    output,
    ...(first < size ? { unused: [first, size - 1] } : {}),
    ...(end > size + after ? { beyond: end - size - after } : {}),
  };
}

/** `option` at `most`, or the next smaller value that gives a size. */
function smaller(axis: SizeInputs, rounding: Rounding, option: "dilation" | "kernel", most: number): Fix[] {
  for (let value = most; value > 0 && value > most - 1000; value--) {
    const output = windowsOf({ ...axis, [option]: value }, rounding);
    if (output !== undefined) return [{ option, value, output }];
  }
  return [];
}

/**
 * At least `least` elements of padding more: the same on both sides, and after the end alone where that takes fewer. With
 * `short` elements the stride divides; so do short + stride, + 2·stride, …, of which every other is even when the stride is odd.
 * Nothing that lets a window see padding alone, which pooling refuses.
 */
function morePadding(axis: SizeInputs, rounding: Rounding, least: number): Fix[] {
  const { size, kernel, before, after, stride, dilation } = axis;
  const short = rounding === "exact" ? least + ((stride - ((roomOf(axis) + least) % stride)) % stride) : least;
  const total = before + after + short;
  const even = total % 2 === 0 ? total : total + (rounding === "exact" ? stride : 1);
  const fixes: Fix[] = [];
  const add = (value: number | Pair, [first, last]: Pair): void => {
    const output = windowsOf({ ...axis, before: first, after: last }, rounding);
    if (output !== undefined && first < extent(kernel, dilation) && (output - 1) * stride < size + first)
      fixes.push({ option: "padding", value, output });
  };
  if (even % 2 === 0) add(even / 2, [even / 2, even / 2]);
  if (even !== total || before !== after) add([before, after + short], [before, after + short]);
  return fixes;
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
