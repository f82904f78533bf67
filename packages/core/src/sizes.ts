/** The error of a size that is none: the formula with its numbers, and the fixes in words. */
import { TatamiError } from "./errors.ts";
import { extent, fixesOfFractional, fixesOfNegative, roomOf, windowsOf, type Fix, type SizeInputs } from "./fixes.ts";
import type { Rounding } from "./geometry.ts";

/** @throws TatamiError `size-negative`, `size-fractional`. */
export function countWindows(axis: SizeInputs, rounding: Rounding, op: string): number {
  const count = windowsOf(axis, rounding);
  if (count !== undefined) return count;
  throw roomOf(axis) < 0 ? negative(axis, rounding, op) : fractional(axis, op);
}

/** `(7 + 2·0 − 3)/3 + 1` */
function formulaOf({ size, kernel, stride, before, after, dilation }: SizeInputs): string {
  const pad = before === after ? `2·${before}` : `${before} + ${after}`;
  const span = dilation === 1 ? `${kernel}` : `(${dilation}·(${kernel} − 1) + 1)`;
  return `(${size} + ${pad} − ${span})/${stride} + 1`;
}

function negative(axis: SizeInputs, rounding: Rounding, op: string): TatamiError {
  const { side, size, kernel, stride, before, after, dilation } = axis;
  const span = extent(kernel, dilation);
  const padded = size + before + after;
  const fixes = fixesOfNegative(axis, rounding);
  const formula = formulaOf(axis);
  return new TatamiError(
    "size-negative",
    `the kernel spans ${span} ${side === "H" ? "rows" : "columns"}, the padded input has only ${padded} (${size} + ${before} + ${after}): ` +
      `O${side} = ${formula} is below 1. Use ${listed(fixes, axis, op)}.`,
    { op, details: { formula, inputs: axis, value: (padded - span) / stride + 1, fixes } },
  );
}

function fractional(axis: SizeInputs, op: string): TatamiError {
  const value = roomOf(axis) / axis.stride + 1;
  const fixes = fixesOfFractional(axis);
  const formula = formulaOf(axis);
  return new TatamiError(
    "size-fractional",
    `O${axis.side} = ${formula} = ${decimal(value)} is not an integer. Use ${listed(fixes, axis, op)}.`,
    { op, details: { formula, inputs: axis, value, fixes } },
  );
}

/** Two digits, and a sign that there are more. */
export function decimal(value: number): string {
  return Number.isInteger(value * 100) ? `${value}` : `${Math.floor(value * 100) / 100}…`;
}

/** The fixes, strides in one, as `stride 1, 2 or 4, padding 1 (OH = 3), or …`. */
function listed(fixes: readonly Fix[], axis: SizeInputs, op: string): string {
  const strides = fixes.flatMap(({ option, value }) => (option === "stride" ? [value] : []));
  const others = fixes.filter(({ option }) => option !== "stride").map((fix) => inWords(fix, axis, op));
  const all = strides.length === 0 ? others : [`stride ${either(strides.map(String), " or ")}`, ...others];
  return either(all, ", or ");
}

function either(items: readonly string[], or: string): string {
  return items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")}${or}${items.at(-1)}`;
}

function inWords({ option, value, output, unused, beyond }: Fix, { side, size }: SizeInputs, op: string): string {
  const rows = (n: number): string =>
    `${n === 1 ? "" : `${n} `}${side === "H" ? "row" : "column"}${n === 1 ? "" : "s"}`;
  const notes = [
    ...(unused === undefined ? [] : [`last ${rows(unused[1] - unused[0] + 1)} unused`]),
    ...(beyond === undefined ? [] : [`last window ${beyond} over the end`]),
  ];
  const what = {
    stride: `stride ${value}`,
    padding: `padding ${typeof value === "object" ? sides(value, side, op) : value}`,
    dilation: `dilation ${value}`,
    kernel: `a kernel of ${value}`,
    crop: `an input of ${size - Number(value)}`,
    rounding: `rounding: "${String(value)}"`,
  }[option];
  return `${what} (${[`O${side} = ${output}`, ...notes].join(", ")})`;
}

/** As the option is written, [[top, bottom], [left, right]], the other axis being another sum; in one dimension [before, after]. */
export function sides(value: readonly number[], side: string, op: string): string {
  const pair = `[${value.join(", ")}]`;
  return op.endsWith("1d") ? pair : side === "H" ? `[${pair}, …]` : `[…, ${pair}]`;
}
