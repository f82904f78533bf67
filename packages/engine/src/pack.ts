/**
 * Operands that kernels want in another form become nodes of their own: the engine owns the bytes, and packs again when
 * the value changed. One packing per (value, key), however many kernels ask for it.
 */
import type { Kernel } from "@tatamijs/core/backend";
import type { Primitive, Spec, Tensor } from "@tatamijs/core";
import { rewrite, withInputs } from "./graph.ts";
import type { Prepared } from "./prepare.ts";

interface PackAttrs {
  readonly key: string;
  readonly bytes: number;
}

/** The engine's own: no backend has a kernel of this name, `Pack` brings it. */
const packOp: Primitive<PackAttrs> = {
  kind: "primitive",
  name: "pack",
  infer: (_, { bytes }): Spec => ({ shape: [bytes], dtype: "u8" }),
};

export function pack({ graph, kernels }: Prepared): Prepared {
  const made = new Map<Tensor, Map<string, Tensor>>();
  const next = new Map<Tensor, Kernel>();
  const packed = rewrite(graph, (y, inputs) => {
    const kernel = kernels.get(y);
    if (kernel === undefined) return withInputs(y, inputs);
    const operands = [...inputs];
    for (const { input, key, bytes, kernel: packing } of kernel.packs ?? []) {
      const value = operands[input]!;
      const forms = made.get(value) ?? new Map<string, Tensor>();
      made.set(value, forms);
      const form = forms.get(key) ?? {
        op: packOp,
        inputs: [value],
        attrs: { key, bytes },
        shape: [bytes],
        dtype: "u8",
      };
      forms.set(key, form);
      next.set(form, packing);
      operands[input] = form;
    }
    // Built raw: the op's own rule would reject a packed operand.
    const now = withInputs(y, operands);
    next.set(now, kernel);
    return now;
  });
  return { graph: packed, kernels: next };
}
