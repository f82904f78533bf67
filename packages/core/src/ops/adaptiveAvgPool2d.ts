/**
 * Average pooling to a size that is wanted, PyTorch's windows: row o of OH is the mean of rows ⌊o·H/OH⌋ to ⌈(o + 1)·H/OH⌉ − 1.
 *
 * Where these windows are equally large and equally far apart it is an average pooling; of one window it is the mean. In
 * general it is a product with a matrix on either side, y = A_H · x · A_Wᵀ, whose rows are the windows' weights.
 */
import { checkPair, type Pair } from "../geometry.ts";
import { checkRank, checkTensor, checkWhole, toFloat } from "../operand.ts";
import { checkNonEmpty } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { constant } from "./leaf.ts";
import { matmul, matrixTranspose } from "./matmul.ts";
import { pooled } from "./pool2d.ts";
import { mean } from "./reduce.ts";

const op = "adaptiveAvgPool2d";

/**
 * (C, H, W) or (N, C, H, W) → (…, OH, OW), each cell the mean of its share of the map. `size`: [OH, OW], or one number for both.
 * @throws TatamiError `argument`, `rank`, `zero-size`.
 */
export function adaptiveAvgPool2d(x: Tensor, size: number | Pair): Tensor {
  const from = toFloat(checkTensor(x, op, "x"));
  checkRank(from, [3, 4], op, "x", "(C, H, W) or (N, C, H, W)");
  checkNonEmpty(from.shape, op, "x");
  const output = checkPair(size, 1, op, "size");
  const input: Pair = [from.shape.at(-2)!, from.shape.at(-1)!];
  if (output[0] === 1 && output[1] === 1) return mean(from, { axis: [-2, -1], keepDims: true });
  const [h, w] = [evenWindows(input[0], output[0]), evenWindows(input[1], output[1])];
  if (h !== undefined && w !== undefined)
    return pooled("avg", from, [h.kernel, w.kernel], { stride: [h.stride, w.stride], rounding: "floor" }, op);
  const [rows, columns] = [weights(input[0], output[0], from), weights(input[1], output[1], from)];
  return matmul(matmul(rows, from), matrixTranspose(columns));
}

/** First and one past the last row of window o. */
function windowOf(o: number, input: number, output: number): readonly [number, number] {
  return [Math.floor((o * input) / output), Math.ceil(((o + 1) * input) / output)];
}

/**
 * All windows as one kernel and stride, if they can be said so. With input = s·output + r, window o goes from
 * o·s + ⌊o·r/output⌋ to (o + 1)·s + ⌈(o + 1)·r/output⌉: evenly for r = 0, and for r = 1, where neighbours share a row.
 */
function evenWindows(input: number, output: number): { kernel: number; stride: number } | undefined {
  const rest = input % output;
  const stride = (input - rest) / output;
  return stride > 0 && rest < 2 ? { kernel: stride + rest, stride } : undefined;
}

/** [output, input]: row o holds 1/n at the n elements of window o. */
function weights(input: number, output: number, like: Tensor): Tensor {
  checkWhole(input * output, 1, op, "input size times output size", 2 ** 24);
  const values = new Float32Array(output * input);
  for (let o = 0; o < output; o++) {
    const [start, end] = windowOf(o, input, output);
    values.fill(1 / (end - start), o * input + start, o * input + end);
  }
  return constant(values, [output, input], like.dtype);
}
