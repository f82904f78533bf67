/** Dropout (Srivastava et al., 2014), inverted: what is kept is scaled in training, so prediction does nothing. */
import { less, mul, select, type Same } from "@tatamijs/core";
import { checkNumber } from "../check.ts";
import { module, type Shaped } from "../module.ts";

/** In training each element is 0 with probability p, else x/(1 − p). Default p 0.5. @throws TatamiError `argument`. */
export function dropout(p: number = 0.5): Shaped<Same> {
  checkNumber(p, "nn.dropout", "p", 0, 1);
  return module(`dropout(${p})`, {
    forward(x, context) {
      if (!context.training || p === 0) return x;
      // p = 1 keeps nothing; the scale is then beside the point, and 1/0 would make NaN of what is thrown away.
      return select(less(context.random(x.shape), p), 0, mul(x, p === 1 ? 0 : 1 / (1 - p)));
    },
  });
}
