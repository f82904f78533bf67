import { isFloat, type Prepare, type TypedArray } from "@tatamijs/core/backend";
import { f32, type CpuKernel } from "../kernel.ts";
import { throughF32 } from "../throughF32.ts";
import { largest } from "./softmax.ts";

export const crossEntropy: Prepare<"crossEntropy", CpuKernel> = (call) =>
  throughF32(call, ({ attrs: { smoothing }, inputs: [logits, targets] }) => {
    const [rows, classes] = logits!.shape as unknown as readonly [number, number];
    const loss = isFloat(targets!.dtype) ? distribution : choice;
    return {
      bind({ inputs, output }) {
        const x = f32(inputs[0]!);
        const t = inputs[1]!;
        const out = f32(output);
        return () => {
          for (let row = 0; row < rows; row++) out[row] = loss(x, row, classes, t, smoothing);
        };
      },
    };
  });

/** log Σₖ eˣₖ of a row. */
function logTotal(x: Float32Array, at: number, classes: number): number {
  const most = largest(x, at, classes, 1);
  let sum = 0;
  for (let k = at; k < at + classes; k++) sum += Math.exp(x[k]! - most);
  return most + Math.log(sum);
}

function choice(x: Float32Array, row: number, classes: number, t: TypedArray, smoothing: number): number {
  const target = t[row]!;
  if (target < 0 || target >= classes) return 0;
  const at = row * classes;
  const total = logTotal(x, at, classes);
  const own = x[at + target]! - total;
  if (smoothing === 0) return -own;
  let all = 0;
  for (let k = at; k < at + classes; k++) all += x[k]! - total;
  return -(own * (1 - smoothing) + all * (smoothing / classes));
}

function distribution(x: Float32Array, row: number, classes: number, t: TypedArray, smoothing: number): number {
  const at = row * classes;
  const total = logTotal(x, at, classes);
  let sum = 0;
  for (let k = at; k < at + classes; k++) sum += (t[k]! * (1 - smoothing) + smoothing / classes) * (x[k]! - total);
  return -sum;
}
