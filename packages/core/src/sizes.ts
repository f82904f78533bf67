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
  const strides = fixes.filter(({ option }) => option === "stride").map(({ value }) => String(value));
  const others = fixes.filter(({ option }) => option !== "stride").map((fix) => inWords(fix, axis, op));
  return either(strides.length === 0 ? others : [`stride ${either(strides, " or ")}`, ...others], ", or ");
}

function either(items: readonly string[], or: string): string {
  return items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")}${or}${items.at(-1)}`;
}

function inWords({ option, value, output, unused, beyond }: Fix, { side, size }: SizeInputs, op: string): string {
  const what =
    option === "kernel"
      ? `a kernel of ${String(value)}`
      : option === "crop"
        ? `an input of ${size - Number(value)}`
        : option === "rounding"
          ? `rounding: "${String(value)}"`
          : `${option} ${typeof value === "object" ? sides(value, side, op) : value}`;
  const rows = unused === undefined ? 0 : unused[1] - unused[0] + 1;
  const row = side === "H" ? "row" : "column";
  const left = rows === 0 ? "" : `, last ${rows === 1 ? row : `${rows} ${row}s`} unused`;
  const over = beyond === undefined ? "" : `, last window ${beyond} over the end`;
  return `${what} (O${side} = ${output}${left}${over})`;
}

/** As the option is written, [[top, bottom], [left, right]], the other axis being another sum; in one dimension [before, after]. */
export function sides(value: readonly number[], side: string, op: string): string {
  const pair = `[${value.join(", ")}]`;
  return op.endsWith("1d") ? pair : side === "H" ? `[${pair}, …]` : `[…, ${pair}]`;
}
