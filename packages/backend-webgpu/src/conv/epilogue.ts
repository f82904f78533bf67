/** Bias, residual and activation, and the store of four neighbouring channels. */
import type { Activation } from "@tatamijs/core/backend";
import { bits, type Binding } from "../shader.ts";
import { storageOf, vectorOf } from "../values.ts";
import type { Part } from "../kernel.ts";
import type { Following, Types } from "./size.ts";

/** Those that are bounds are uniforms, so that they share a text. */
const bounds: Partial<Record<Activation, readonly [low: number, high: number]>> = {
  none: [-Infinity, Infinity],
  relu: [0, Infinity],
  relu6: [0, 6],
};

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
  /**
   * `bias(channel)`: that of four channels, zeros where there is none, with which a thread's sums begin; and
   * `finish(at, left, sum, low, high)`: stores a sum at element `at`, of whose channels `left` are there.
   */
  readonly text: string;
  /** Statements that set `low` and `high`, once for all sums of a thread. */
  readonly bounds: string;
}

/**
 * A bias costs each thread a load or two; a residual costs every sum one, also where a uniform says that there is none
 * (processors that play a GPU run both sides of a branch), so it is a text of its own.
 * @param whole - rows of channels are vectors of four, so loads and stores are.
 * @param rest - bias and residual, where there are.
 * @param other - stands in for a bias that is not there: a part of a buffer that is only read.
 * @param processor - it plays the GPU, and compares as IEEE 754 says.
 * @param open - a text of its own where there are no bounds, for kernels that mostly have them.
 */
export function epilogue(
  { bias, residual, activation }: Following,
  { to }: Types,
  whole: boolean,
  rest: readonly Part[],
  output: Part,
  other: Part,
  processor: boolean,
  open = false,
): Epilogue {
  const of = storageOf(to);
  const element = vectorOf(of, whole);
  const [low, high] = bounds[activation] ?? bounds.none!;
  const kind = functions[activation];
  const within = processor ? "limited" : "bounded";
  const four = (name: string, at: string): string =>
    whole
      ? `vec4f(${name}[(${at}) / 4u])`
      : `vec4f(f32(${name}[${at}]), f32(${name}[${at} + 1u]), f32(${name}[${at} + 2u]), f32(${name}[${at} + 3u]))`;
  const sum = residual ? `sum + ${four("residual", "at")}` : "sum";
  const store = whole
    ? `  y[at / 4u] = ${element}(v);`
    : `  for (var e = 0u; e < min(left, 4u); e++) { y[at + e] = ${of}(v[e]); }`;
  return {
    bindings: [
      { name: "b", of: element, part: bias ? rest[0]! : other },
      ...(residual ? [{ name: "residual", of: element, part: rest[bias ? 1 : 0]! }] : []),
      { name: "y", of: element, part: output, write: true },
    ],
    uniforms: { biased: Number(bias), low: bits(low), high: bits(high) },
    uses: kind?.uses ?? [within],
    bounds: "  let low = bitcast<f32>(u.low);\n  let high = bitcast<f32>(u.high);",
    text: `fn bias(channel: u32) -> vec4f {
  if (u.biased == 0u) { return vec4f(); }
  return ${four("b", "channel")};
}
fn finish(at: u32, left: u32, sum: vec4f, low: f32, high: f32) {
${
  kind === undefined
    ? `  let v = ${open && activation === "none" ? sum : `${within}(${sum}, low, high)`};`
    : `  let bent = ${sum};\n  let v = ${each4((e) => `${kind.text}(bent.${e})`)};`
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
