/** Index arithmetic for `value` (constants that fold). Small and slow on purpose: backends have their own. */
import { stridesOf, type Shape } from "../shape.ts";

/** From an output element's index to that of the operand element it reads, an axis of size 1 being read again and again. */
export function elementOf(output: Shape, operand: Shape): (index: number) => number {
  const outer = stridesOf(output);
  const inner = stridesOf(operand);
  return (index) => {
    let at = 0;
    for (let axis = 0; axis < output.length; axis++) {
      const i = Math.floor(index / outer[axis]!) % output[axis]!;
      if (operand[axis] !== 1) at += i * inner[axis]!;
    }
    return at;
  };
}
