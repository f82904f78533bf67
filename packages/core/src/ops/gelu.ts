/** GELU, exact: x·Φ(x) = x/2·(1 + erf(x/√2)) (Hendrycks and Gimpel, 2016). */
import { checkChoice, checkOptions, checkTensor, toFloat } from "../operand.ts";
import type { Composite } from "../op.ts";
import type { Shape } from "../shape.ts";
import { node, type Tensor } from "../tensor.ts";
import { add, mul } from "./binary.ts";
import { eitherWay, isAbout, operandsOf, scalarOf, unaryOperand } from "./sentence.ts";
import { erf, tanh } from "./unary.ts";

export type GeluAttrs = Readonly<Record<never, never>>;

export const geluOp: Composite<GeluAttrs> = {
  kind: "composite",
  name: "gelu",
  turn: (_, attrs) => attrs,
  expand: ([x]) => mul(mul(x!, 0.5), add(erf(mul(x!, Math.SQRT1_2)), 1)),
  match(y) {
    // A product of three: ½, x and 1 + erf(x/√2), however it is bracketed.
    const inside: Tensor[] = [];
    const factors: Tensor[] = [];
    for (const side of operandsOf(y, "mul") ?? []) {
      const deeper = factors.length + 2 <= 3 ? operandsOf(side, "mul") : undefined;
      if (deeper === undefined) factors.push(side);
      else {
        inside.push(side);
        factors.push(...deeper);
      }
    }
    if (factors.length !== 3) return undefined;
    const half = factors.find((f) => scalarOf(f) === 0.5);
    const rest = factors.filter((f) => f !== half);
    if (half === undefined || rest.length !== 2) return undefined;
    for (const [x, gate] of [
      [rest[0]!, rest[1]!],
      [rest[1]!, rest[0]!],
    ] as const) {
      const found = matchGate(gate, x);
      if (found !== undefined) return { inputs: [x], attrs: {}, inside: [...inside, gate, ...found] };
    }
    return undefined;
  },
};

/** The nodes inside where `gate` = 1 + erf(x/√2). */
function matchGate(gate: Tensor, x: Tensor): Tensor[] | undefined {
  const e = eitherWay(gate, "add").find(([, one]) => scalarOf(one) === 1)?.[0];
  const z = e === undefined ? undefined : unaryOperand(e, "erf");
  if (z === undefined) return undefined;
  const [d, r] = operandsOf(z, "div") ?? [];
  const scaled =
    eitherWay(z, "mul").some(([p, q]) => p === x && isAbout(scalarOf(q), Math.SQRT1_2)) ||
    (d === x && isAbout(scalarOf(r!), Math.SQRT2));
  return scaled ? [e!, z] : undefined;
}

export interface GeluOptions {
  /** "none" (default): exact; "tanh": x/2·(1 + tanh(√(2/π)·(x + 0.044715·x³))), PyTorch's `approximate`. */
  readonly approximate?: "none" | "tanh" | undefined;
}

/** x·Φ(x), element by element; f32 or f16, integers are taken as f32. @throws TatamiError `argument`. */
export function gelu<S extends Shape>(x: Tensor<S>, options: GeluOptions = {}): Tensor<S> {
  const from = toFloat(checkTensor(x, "gelu", "x"));
  const approximate = checkChoice(
    checkOptions(options, "gelu").approximate ?? "none",
    ["none", "tanh"],
    "gelu",
    "approximate",
  );
  if (approximate === "none") return node(geluOp, [from], {}) as Tensor<S>;
  const inner = mul(from, add(mul(mul(from, from), 0.044715 * Math.sqrt(2 / Math.PI)), Math.sqrt(2 / Math.PI)));
  return mul(mul(from, 0.5), add(tanh(inner), 1)) as Tensor<S>;
}
