/** Functions of one value. `prepare` sees all that is static and declines what it cannot do; `run` sees addresses only. */
import type { Call, Declined } from "@tatamijs/core";
import { decline, type UnaryFn } from "@tatamijs/core/backend";
import type { Run } from "../kernel.ts";
import { viewOf } from "../memory.ts";

const functions: { readonly [F in UnaryFn]?: (x: number) => number } = {
  copy: (x) => x,
  neg: (x) => -x,
  abs: Math.abs,
  square: (x) => x * x,
  sqrt: Math.sqrt,
  exp: Math.exp,
  log: Math.log,
  tanh: Math.tanh,
  // Not x > 0 ? x : 0: a NaN must come through.
  relu: (x) => (x <= 0 ? 0 : x),
};

export function unary({ attrs: { fn }, inputs: [x] }: Call<"unary">): Run | Declined {
  const f = functions[fn];
  if (f === undefined) return decline(`no ${fn} yet`);
  if (x!.dtype === "f16") return decline("f16 is not here yet");
  if (fn !== "copy" && x!.dtype !== "f32") return decline(`${fn} takes f32 only`);
  return {
    name: `loop over ${fn}`,
    // Element i is read before it is written, so the output may lie on the input.
    inPlace: [0],
    run({ inputs: [from], output }) {
      const source = viewOf(from!);
      const target = viewOf(output);
      for (let i = 0; i < target.length; i++) target[i] = f(source[i]!);
    },
  };
}
