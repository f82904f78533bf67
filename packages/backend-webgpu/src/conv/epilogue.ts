/** Bias, residual and activation, and the store of four neighbouring channels. */
import type { Activation } from "@tatamijs/core/backend";
import type { Binding } from "../shader.ts";
import { storageOf } from "../values.ts";
import type { Operand, Part } from "../kernel.ts";
import type { Following, Types } from "./size.ts";

const functions: Readonly<
  Record<Activation, { readonly of: (x: string) => string; readonly uses: readonly string[] }>
> = {
  none: { of: (x) => x, uses: [] },
  relu: { of: (x) => `positive(${x})`, uses: ["positive"] },
  relu6: { of: (x) => `smaller(positive(${x}), 6.0)`, uses: ["positive", "smaller"] },
  sigmoid: { of: (x) => `logistic(${x})`, uses: ["logistic"] },
  tanh: { of: (x) => `hyperbolic(${x})`, uses: ["hyperbolic"] },
  silu: { of: (x) => `silu(${x})`, uses: ["silu"] },
};

export interface Epilogue {
  readonly bindings: readonly Binding[];
  readonly uses: readonly string[];
  /** `finish(at, channel, left, v)`: stores v at element `at`, its first channel being `channel`, of which `left` are there. */
  readonly text: string;
}

/** `whole`: rows of channels are vectors of four, so loads and stores are. */
export function epilogue(
  { bias, residual, activation }: Following,
  { to }: Types,
  whole: boolean,
  rest: readonly Part[],
  output: Operand,
): Epilogue {
  const of = storageOf(to);
  const element = whole ? (of === "f16" ? "vec4h" : "vec4f") : of;
  const { of: act, uses } = functions[activation];
  const four = (name: string, at: string): string =>
    whole
      ? `vec4f(${name}[(${at}) / 4u])`
      : `vec4f(f32(${name}[${at}]), f32(${name}[${at} + 1u]), f32(${name}[${at} + 2u]), f32(${name}[${at} + 3u]))`;
  const store = whole
    ? `  y[at / 4u] = ${element}(v);`
    : `  for (var e = 0u; e < min(left, 4u); e++) { y[at + e] = ${of}(v[e]); }`;
  return {
    bindings: [
      ...(bias ? [{ name: "bias", of: element, part: rest[0]! }] : []),
      ...(residual ? [{ name: "residual", of: element, part: rest[bias ? 1 : 0]! }] : []),
      { name: "y", of: element, part: output, write: true },
    ],
    uses,
    text: `fn finish(at: u32, channel: u32, left: u32, sum: vec4f) {
  var v = sum;
${bias ? `  v += ${four("bias", "channel")};` : ""}
${residual ? `  v += ${four("residual", "at")};` : ""}
${activation === "none" ? "" : `  v = vec4f(${["x", "y", "z", "w"].map((e) => act(`v.${e}`)).join(", ")});`}
${store}
}`,
  };
}
