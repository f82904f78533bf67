/** Between what users say, (N, C, H, W), and what image primitives take, [N, H, W, C]; and between one axis and two. */
import { TatamiError } from "../errors.ts";
import type { Pair } from "../geometry.ts";
import type { Spec } from "../op.ts";
import { checkDTypes, checkRank, checkTensor, floatTypes } from "../operand.ts";
import { checkNonEmpty, showShape, type Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { reshape } from "./reshape.ts";
import { transpose } from "./transpose.ts";

/** (N, C, H, W) → (N, H, W, C), and (FN, C, FH, FW) → (FN, FH, FW, C). */
export const channelsLast: readonly [0, 2, 3, 1] = [0, 2, 3, 1];
/** And back. */
export const channelsFirst: readonly [0, 3, 1, 2] = [0, 3, 1, 2];

/**
 * Runs `f` on a map as image primitives want it: 4 axes, channels last; gives back what it was given: 3 or 4 axes, channels first.
 * @throws TatamiError `rank`, `zero-size`.
 */
export function onImage(x: Tensor, op: string, f: (image: Tensor) => Tensor): Tensor {
  checkRank(x, [3, 4], op, "x", "(C, H, W) or (N, C, H, W)");
  checkNonEmpty(x.shape, op, "x");
  const single = x.shape.length === 3;
  const y = transpose(f(transpose(single ? reshape(x, [1, ...x.shape]) : x, channelsLast)), channelsFirst);
  return single ? reshape(y, y.shape.slice(1)) : y;
}

/**
 * Runs `f` on a row as a map of height 1: (C, L) or (N, C, L) there and back.
 * @throws TatamiError `rank`, `zero-size`.
 */
export function onRow(x: Tensor, op: string, f: (map: Tensor) => Tensor): Tensor {
  checkRank(checkTensor(x, op, "x"), [2, 3], op, "x", "(C, L) or (N, C, L)");
  checkNonEmpty(x.shape, op, "x");
  const y = f(asMap(x));
  return reshape(y, [...y.shape.slice(0, -2), y.shape.at(-1)!]);
}

/** (…, L) as (…, 1, L). */
export function asMap(x: Tensor): Tensor {
  const row = (s: Shape): number[] => [...s.slice(0, -1), 1, s.at(-1)!];
  return reshape(x, row(x.shape));
}

/** What the rule of an image primitive asks of its map: [N, H, W, C] of the size that its attrs say. @throws TatamiError `dtype`, `rank`, `shape`. */
export function checkMap(op: string, x: Spec, size: Pair): void {
  checkDTypes([x], floatTypes, op);
  if (x.shape.length === 4 && x.shape[1] === size[0] && x.shape[2] === size[1]) return;
  throw new TatamiError(
    "shape",
    `the map is ${showShape(x.shape)}, wanted [N, ${size[0]}, ${size[1]}, C], which its geometry says`,
    { op, details: { shape: x.shape, size } },
  );
}
