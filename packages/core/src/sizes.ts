/** The error of a size that is none: the formula with its numbers, and the fixes in words. */
import { TatamiError } from "./errors.ts";
import { extent, fixesOf, roomOf, windowsOf, type Fix, type SizeInputs } from "./fixes.ts";
import type { Rounding } from "./geometry.ts";

/** @throws TatamiError `size-negative`, `size-fractional`. */
export function countWindows(axis: SizeInputs, rounding: Rounding, op: string): number {
  const count = windowsOf(axis, rounding);
  if (count !== undefined) return count;
  const { side, size, kernel, stride, before, after, dilation } = axis;
  const room = roomOf(axis);
  const value = room / stride + 1;
  const pad = before === after ? `2·${before}` : `${before} + ${after}`;
  const span = dilation === 1 ? `${kernel}` : `(${dilation}·(${kernel} − 1) + 1)`;
  const formula = `(${size} + ${pad} − ${span})/${stride} + 1`;
  const fixes = fixesOf(axis, rounding);
  const larger =
    `the kernel spans ${extent(kernel, dilation)} ${rowOf(side)}s, ` +
    `the padded input has only ${size + before + after} (${size} + ${before} + ${after}): `;
  throw new TatamiError(
    room < 0 ? "size-negative" : "size-fractional",
    `${room < 0 ? larger : ""}O${side} = ${formula} ${room < 0 ? "is below 1" : `= ${decimal(value)} is not an integer`}. ` +
      `Use ${listed(fixes, axis, op)}.`,
    { op, details: { formula, inputs: axis, value, fixes } },
  );
}

const rowOf = (side: "H" | "W"): string => (side === "H" ? "row" : "column");

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

function inWords({ option, value, output, unused }: Fix, { side, size }: SizeInputs, op: string): string {
  const what =
    option === "kernel"
      ? `a kernel of ${String(value)}`
      : option === "crop"
        ? `an input of ${size - Number(value)}`
        : option === "rounding"
          ? `rounding: "${String(value)}"`
          : `${option} ${typeof value === "object" ? sides(value, side, op) : value}`;
  const row = rowOf(side);
  const left = unused ? `, last ${unused > 1 ? `${unused} ${row}s` : row} unused` : "";
  return `${what} (O${side} = ${output}${left})`;
}

/** As the option is written, [[top, bottom], [left, right]], the other axis being another sum; in one dimension [before, after]. */
export function sides(value: readonly number[], side: string, op: string): string {
  const pair = `[${value.join(", ")}]`;
  return op.endsWith("1d") ? pair : side === "H" ? `[${pair}, …]` : `[…, ${pair}]`;
}
