/** A size that is none, from the numbers that its error carries. */
import type { Fix, SizeDetails, SizeInputs } from "../fixes.ts";
import type { ErrorFacts } from "../language.ts";
import { decimal, sides } from "../sizes.ts";

/** Undefined where the error is of another kind. */
export function sizeInJapanese({ code, op = "", details }: ErrorFacts): string | undefined {
  if (code !== "size-fractional" && code !== "size-negative") return undefined;
  const { formula, inputs, value, fixes } = details as Partial<SizeDetails>;
  if (formula === undefined || inputs === undefined || value === undefined || fixes === undefined) return undefined;
  const { side, size, kernel, before, after, dilation } = inputs;
  const row = side === "H" ? "行" : "列";
  const listed = `${inWords(fixes, inputs, op)}${fixes.length > 1 ? " のいずれか" : ""}にしてください。`;
  if (code === "size-fractional") return `O${side} = ${formula} = ${decimal(value)} は整数ではありません。${listed}`;
  if (inputs.outputPadding !== undefined) {
    return `O${side} = ${formula} = ${value} は 1 より小さくなっています。${inWords(fixes, inputs, op)} 以下にしてください。`;
  }
  return (
    `カーネルは ${dilation * (kernel - 1) + 1} ${row}にわたりますが、パディングを含めた入力は ${size + before + after} ${row} (${size} + ${before} + ${after}) しかありません。` +
    `O${side} = ${formula} は 1 より小さくなります。${listed}`
  );
}

function inWords(fixes: readonly Fix[], { side, size }: SizeInputs, op: string): string {
  const row = side === "H" ? "行" : "列";
  const strides = fixes.filter(({ option }) => option === "stride").map(({ value }) => value);
  const others = fixes
    .filter(({ option }) => option !== "stride")
    .map(({ option, value, output, unused }) => {
      const notes = [`O${side} = ${output}`, ...(unused ? [`最後の ${unused} ${row}は使われません`] : [])];
      const what = {
        stride: "",
        padding: `パディング ${typeof value === "object" ? sides(value, side, op) : value}`,
        dilation: `ダイレーション ${String(value)}`,
        kernel: `大きさ ${String(value)} のカーネル`,
        crop: `${size - Number(value)} ${row}に切り詰めた入力`,
        rounding: `rounding: "${String(value)}"`,
      }[option];
      return `${what} (${notes.join("、")})`;
    });
  return [...(strides.length === 0 ? [] : [`ストライド ${strides.join("・")}`]), ...others].join("、");
}
