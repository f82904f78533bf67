/** The same value; no gradient passes. */
import type { DetachAttrs } from "@tatamijs/core";
import { straddling, uniform } from "../fill.ts";
import type { Case, Operand, OpKit, Tag } from "../meaning.ts";
import { anyOperand, anyShape, everyDType, peculiar } from "../moving.ts";

const one = (name: string, x: Operand, ...tags: Tag[]): Case<DetachAttrs> => ({
  id: `detach/${name}`,
  op: "detach",
  attrs: {},
  inputs: [x],
  tags,
});

export const detachKit: OpKit<DetachAttrs> = {
  meaning: ([x]) => ({ shape: x!.shape, dtype: x!.dtype, values: x!.data, moves: true }),
  cases: () => [
    ...straddling.map((n) => one(`n${n}`, uniform([n]), "straddle")),
    ...everyDType([3, 5]).map((x) => one(x.dtype, x, "dtype", "memory")),
    one("2x3x4x5", uniform([2, 3, 4, 5]), "geometry"),
    one("rank-0", uniform([]), "geometry"),
    one("empty", uniform([0, 2]), "empty"),
    one("peculiar", peculiar([11]), "nan", "zero"),
  ],
  random: (from) => ({ attrs: {}, inputs: [anyOperand(from, anyShape(from))], tags: ["random"] }),
};
