/** Counting windows along one axis; and where there is no whole number of them, the error with the fixes worked out. */
import { TatamiError } from "./errors.ts";
import type { Pair, Rounding } from "./geometry.ts";

/** How many elements a kernel of `size` elements spans when they are `dilation` apart. */
export function extent(size: number, dilation: number): number {
  return dilation * (size - 1) + 1;
}

/** One axis of the size formula, with its names for error texts. */
export interface Axis {
  readonly side: "H" | "W";
  readonly size: number;
  readonly kernel: number;
  readonly stride: number;
  readonly before: number;
  readonly after: number;
  readonly dilation: number;
}

/** @throws TatamiError `size-negative`, `size-fractional`. */
export function countWindows(axis: Axis, rounding: Rounding, op: string): number {
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

function textOf(fix: Fix, side: string, op: string, note: string = ""): string {
  const { option, value } = fix;
  const what =
    option === "rounding"
      ? `rounding: "${String(value)}"`
      : typeof value === "number"
        ? `${option === "kernel" ? "a kernel of" : option} ${value}`
        : `padding ${sidesText(value as Pair, side, op)}`;
  return `${what} (O${side} = ${fix.output}${note})`;
}

/** As the option is written, [[top, bottom], [left, right]], the other axis being another sum; in one dimension [before, after]. */
function sidesText(sides: Pair, side: string, op: string): string {
  const pair = `[${sides.join(", ")}]`;
  return op.endsWith("1d") ? pair : side === "H" ? `[${pair}, …]` : `[…, ${pair}]`;
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
      `O${side} = ${formula(axis)} is below 1. Use ${fixes.map((fix) => textOf(fix, side, op)).join(", or ")}.`,
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
    ...padding.map((fix) => textOf(fix, side, op)),
  ];
  return new TatamiError(
    "size-fractional",
    `O${side} = ${formula(axis)} = ${Number.isInteger(value * 100) ? value : `${Math.floor(value * 100) / 100}…`} is not an integer. ` +
      `Use ${texts.join(", ")}, or ${textOf(floor, side, op, note)}.`,
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
