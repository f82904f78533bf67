/** The kernel for what taps.ts describes: a unit is a row of the output. */
import type { WasmKernel } from "../kernel.ts";
import { tableOf, type Maps } from "./taps.ts";

/** Bytes that a thread claims at once, about: what it reads and what it writes. */
const grainBytes = 32768;

/** `code`: `mix`, with or without a division at the end, or `maxPool`. */
export function mixed(variant: string, code: "mix" | "maxPool", maps: Maps, divide: boolean = false): WasmKernel {
  const { batch, channels, input, output, rows, columns } = maps;
  const elements = input[1] * channels;
  const down = tableOf(rows, elements * 4);
  const across = tableOf(columns, channels * 4);
  const taps = rows.reduce((sum, row) => sum + row.taps.length, 0) / Math.max(1, rows.length);
  const traffic = (elements * taps + output[1] * channels) * 4;
  return {
    variant,
    // The row in between, and what a whole vector reads beyond it.
    local: elements * 4 + 16,
    phases: ({ inputs, output: to, table }) => [
      {
        code,
        units: batch * output[0],
        grain: Math.max(1, Math.floor(grainBytes / traffic)),
        args: [
          [to.at, inputs[0]!.at, output[0], input[0] * elements * 4, elements, output[1], channels],
          [table(`taps ${down.join()}`, () => down), table(`taps ${across.join()}`, () => across), divide ? 1 : 0],
        ].flat(),
      },
    ],
  };
}
