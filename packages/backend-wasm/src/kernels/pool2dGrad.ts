import type { Prepare } from "@tatamijs/core/backend";
import { mixed } from "../images/mix.ts";
import { transposed, windows, type Mixed } from "../images/taps.ts";
import type { WasmKernel } from "../kernel.ts";

/** Channels of a unit, where an image has more: whole cache lines. */
const part = 16;

export const pool2dGrad: Prepare<"pool2dGrad", WasmKernel> = ({ attrs, inputs: [dy] }) => {
  const [batch, , , channels] = dy!.shape as [number, number, number, number];
  const { input, output, dilation } = attrs;
  const rows = windows(0, attrs);
  const columns = windows(1, attrs);
  if (attrs.fn === "avg") {
    return mixed("rows, then columns", "mix", {
      batch,
      channels,
      input: output,
      output: input,
      rows: transposed(rows, input[0]),
      columns: transposed(columns, input[1]),
    });
  }
  const uses = [usesOf(rows, input[0]), usesOf(columns, input[1])];
  const apart = uses.every((list) => Math.max(...list) <= 1);
  const whole = apart && uses.every((list) => Math.min(...list) >= 1);
  const parts = Math.ceil(channels / part);
  const spans = [spansOf(rows), spansOf(columns)] as const;
  const pixel = channels * 4;
  return {
    variant: apart ? "windows apart" : "windows that overlap",
    phases: ({ inputs, output: dx, table }) => [
      {
        code: "maxPoolGrad",
        units: batch * parts,
        args: [
          [dx.at, inputs[0]!.at, inputs[1]!.at, channels, Math.min(part, channels), parts, ...input, ...output],
          spans.map((words) => table(`spans ${words.join()}`, () => words)),
          [dilation[0] * input[1] * pixel, dilation[1] * pixel, apart ? 1 : 0, whole ? 0 : 1],
        ].flat(),
      },
    ],
  };
};

/** How many windows hold each row. */
function usesOf(mixed: readonly Mixed[], size: number): number[] {
  return transposed(mixed, size).map(({ taps }) => taps.length);
}

/** The first row of each window, and how many rows it has. */
function spansOf(mixed: readonly Mixed[]): Int32Array {
  return Int32Array.from(mixed.flatMap(({ taps }) => [taps[0]?.at ?? 0, taps.length]));
}
