/** Axes in another order: output axis i is input axis perm[i]. */
import type { TransposeAttrs } from "@tatamijs/core";
import { given, straddling, uniform } from "../fill.ts";
import type { Case, Operand, OpKit, Tag } from "../meaning.ts";
import { anyOperand, anyShape, everyDType, moved, peculiar } from "../moving.ts";
import { position } from "../value.ts";

function one(name: string, x: Operand, perm: readonly number[], ...tags: Tag[]): Case<TransposeAttrs> {
  return { id: `transpose/${name}`, op: "transpose", attrs: { perm }, inputs: [x], tags };
}

function permutations(n: number): number[][] {
  if (n === 0) return [[]];
  return permutations(n - 1).flatMap((rest) => Array.from({ length: n }, (_, at) => rest.toSpliced(at, 0, n - 1)));
}

export const transposeKit: OpKit<TransposeAttrs> = {
  meaning([x], { perm }) {
    const from: number[] = perm.map(() => 0);
    return moved(
      x!,
      perm.map((axis) => x!.shape[axis]!),
      (index) => {
        perm.forEach((axis, i) => (from[axis] = index[i]!));
        return position(x!.shape, from);
      },
    );
  },
  cases: () => [
    ...[1, 2, 3, 4].flatMap((rank) =>
      permutations(rank).map((perm) =>
        one(`perm-${perm.join("")}`, uniform([2, 3, 4, 5].slice(0, rank)), perm, "geometry", "grad"),
      ),
    ),
    ...straddling.map((n) => one(`n${n}x5`, uniform([n, 5]), [1, 0], "straddle")),
    ...straddling.map((n) => one(`square-${n}`, uniform([n, n]), [1, 0], "straddle")),
    ...straddling.map((n) => one(`nhwc-c${n}`, uniform([2, 3, 4, n]), [0, 3, 1, 2], "straddle")),
    ...everyDType([3, 4, 5]).map((x) => one(x.dtype, x, [2, 0, 1], "dtype", "memory")),
    one("ones", uniform([1, 5, 1, 1]), [3, 2, 1, 0], "geometry"),
    one("rank-5", uniform([2, 3, 2, 3, 2]), [4, 2, 0, 3, 1], "geometry"),
    one("rank-0", uniform([]), [], "geometry"),
    one("empty", uniform([0, 3]), [1, 0], "empty"),
    one("peculiar", peculiar([4, 5]), [1, 0], "nan", "zero"),
    one("memory", uniform([17, 33]), [1, 0], "memory"),
    { ...one("golden", given([2, 3], [1, 2, 3, 4, 5, 6]), [1, 0], "golden"), expect: [1, 4, 2, 5, 3, 6] },
  ],
  random(from) {
    const shape = anyShape(from);
    const perm = from.pick(permutations(shape.length));
    return { attrs: { perm }, inputs: [anyOperand(from, shape)], tags: ["random"] };
  },
};
