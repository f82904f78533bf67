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
  /** `rounding`: so many rows (or columns) at the input's end lie behind the last window, and are read by none. */
  readonly unused?: number;
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

/** What mends a kernel that is larger than its padded input, or a stride that does not divide. */
export function fixesOf(axis: SizeInputs, rounding: Rounding): Fix[] {
  const { size, kernel, stride, before, after, dilation } = axis;
  const room = roomOf(axis);
  const padded = size + before + after;
  if (room < 0) {
    const closer = Math.floor((padded - 1) / (kernel - 1));
    const less = Math.floor((padded - 1) / dilation) + 1;
    return [
      ...morePadding(axis, rounding, -room),
      ...(closer > 0 ? fixed(axis, rounding, "dilation", closer, { dilation: closer }) : []),
      ...fixed(axis, rounding, "kernel", less, { kernel: less }),
    ];
  }
  const over = room % stride;
  return [
    ...divisorsNear(room, stride).flatMap((d) => fixed(axis, rounding, "stride", d, { stride: d })),
    ...morePadding(axis, rounding, 1),
    ...(over <= after ? fixed(axis, rounding, "padding", [before, after - over], { after: after - over }) : []),
    ...(over < size ? fixed(axis, rounding, "crop", over, { size: size - over }) : []),
    ...(["floor", "ceil"] as const).flatMap((other) =>
      fixed(axis, other, "rounding", other, {}).map((fix) => ({ ...fix, unused: unusedBy(axis, fix.output) })),
    ),
  ];
}

/** The fix, where it is one. */
function fixed(
  axis: SizeInputs,
  rounding: Rounding,
  option: Fix["option"],
  value: Fix["value"],
  change: Partial<SizeInputs>,
): Fix[] {
  const output = windowsOf({ ...axis, ...change }, rounding);
  return output === undefined ? [] : [{ option, value, output }];
}

/** How much of the input lies behind the last of `output` windows. */
function unusedBy({ size, kernel, stride, before, dilation }: SizeInputs, output: number): number {
  return Math.min(size, Math.max(0, size + before - extent(kernel, dilation) - (output - 1) * stride));
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
  const sides = (value: number | Pair, first: number, last: number): Fix[] =>
    fixed(axis, rounding, "padding", value, { before: first, after: last }).filter(
      ({ output }) => first < extent(kernel, dilation) && (output - 1) * stride < size + first,
    );
  return [
    ...(even % 2 === 0 ? sides(even / 2, even / 2, even / 2) : []),
    ...(even !== total || before !== after ? sides([before, after + short], before, after + short) : []),
  ];
}

/** Up to three divisors of `n`, those nearest to `wanted`, ascending. */
function divisorsNear(n: number, wanted: number): number[] {
  const divisors = new Set<number>();
  for (let d = 1; d * d <= n; d++) if (n % d === 0) divisors.add(d).add(n / d);
  return [...divisors]
    .sort((a, b) => Math.abs(a - wanted) - Math.abs(b - wanted) || a - b)
    .slice(0, 3)
    .sort((a, b) => a - b);
}
