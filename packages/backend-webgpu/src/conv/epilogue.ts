/** Bias, residual and activation, and the store of four neighbouring channels. */
import type { Activation } from "@tatamijs/core/backend";
import type { Binding } from "../shader.ts";
import { storageOf, vectorOf } from "../values.ts";
import type { Part } from "../kernel.ts";
import type { Following, Types } from "./size.ts";

/** Those that are cheap are a choice at run time, so that they share a text. */
const cheap: readonly Activation[] = ["none", "relu", "relu6"];

const functions: Readonly<Record<string, { readonly text: string; readonly uses: readonly string[] }>> = {
  sigmoid: { text: "logistic", uses: ["logistic"] },
  tanh: { text: "hyperbolic", uses: ["hyperbolic"] },
  silu: { text: "silu", uses: ["silu"] },
};

const each4 = (f: (lane: string) => string): string => `vec4f(${["x", "y", "z", "w"].map(f).join(", ")})`;

export interface Epilogue {
  readonly bindings: readonly Binding[];
  readonly uniforms: Readonly<Record<string, number>>;
  readonly uses: readonly string[];
  /** `finish(at, channel, left, v)`: stores v at element `at`, its first channel being `channel`, of which `left` are there. */
  readonly text: string;
}

/**
 * @param whole - rows of channels are vectors of four, so loads and stores are.
 * @param rest - bias and residual, where there are.
 * @param other - stands in for what is not there: a part of a buffer that is only read.
 */
export function epilogue(
  { bias, residual, activation }: Following,
  { to }: Types,
  whole: boolean,
  rest: readonly Part[],
  output: Part,
  other: Part,
): Epilogue {
  const of = storageOf(to);
  const element = vectorOf(of, whole);
  const kind = cheap.includes(activation) ? undefined : functions[activation]!;
  const four = (name: string, at: string): string =>
    whole
      ? `vec4f(${name}[(${at}) / 4u])`
      : `vec4f(f32(${name}[${at}]), f32(${name}[${at} + 1u]), f32(${name}[${at} + 2u]), f32(${name}[${at} + 3u]))`;
  const store = whole
    ? `  y[at / 4u] = ${element}(v);`
    : `  for (var e = 0u; e < min(left, 4u); e++) { y[at + e] = ${of}(v[e]); }`;
  return {
    bindings: [
      { name: "bias", of: element, part: bias ? rest[0]! : other },
      { name: "residual", of: element, part: residual ? rest[bias ? 1 : 0]! : other },
      { name: "y", of: element, part: output, write: true },
    ],
    uniforms: { biased: Number(bias), added: Number(residual), bend: Math.max(0, cheap.indexOf(activation)) },
    uses: kind?.uses ?? ["positive", "smaller"],
    text: `fn finish(at: u32, channel: u32, left: u32, sum: vec4f) {
  var v = sum;
  if (u.biased != 0u) { v += ${four("bias", "channel")}; }
  if (u.added != 0u) { v += ${four("residual", "at")}; }
${
  kind === undefined
    ? `  if (u.bend > 0u) {
    v = ${each4((e) => `positive(v.${e})`)};
    if (u.bend > 1u) { v = ${each4((e) => `smaller(v.${e}, 6.0)`)}; }
  }`
    : `  v = ${each4((e) => `${kind.text}(v.${e})`)};`
}
${store}
}`,
  };
}

/**
 * Finishes the sums of a thread one after the other: a body for each of them is most of a text's time in a compiler.
 * @param sums - names of vectors.
 * @param step - WGSL that finishes `sum`, which is number `t`.
 */
export function finishing(sums: readonly string[], step: string): string {
  if (sums.length === 1) return `  {\n  let t = 0u;\n  let sum = ${sums[0]};\n${step}\n  }`;
  return `  var sums = array<vec4f, ${sums.length}>(${sums.join(", ")});
  for (var t = 0u; t < ${sums.length}u; t++) {
  let sum = sums[t];
${step}
  }`;
}
