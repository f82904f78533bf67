/** Can a backend run this? Asks every kernel that a graph needs, and says all that is declined at once. */
import { input, type Context, type DType, type Layer, type Shape, type Tensor } from "@tatamijs/core";
import { prepare } from "./graph.ts";
import type { AnyBackend } from "./memory.ts";

export interface Support {
  readonly supported: boolean;
  /** Primitives without a kernel, with the reasons that the backend gives; equal ones once. */
  readonly declined: readonly { readonly op: string; readonly reason: string; readonly times: number }[];
  /** Composites that run in smaller ops. */
  readonly opened: readonly { readonly op: string; readonly reason: string; readonly times: number }[];
}

export interface SupportOptions {
  /** Of the input, for a layer: (N, C, H, W). */
  readonly input?: Shape | undefined;
  /** Default f32. */
  readonly dtype?: DType | undefined;
  /** Default false. */
  readonly training?: boolean | undefined;
}

/**
 * Whether `backend` runs a tensor, several, or a layer (which needs `options.input`). Runs nothing and allocates nothing.
 * @throws TatamiError what the layer's `forward` throws.
 */
export async function supports(
  backend: AnyBackend,
  model: Layer | Tensor | readonly Tensor[],
  options: SupportOptions = {},
): Promise<Support> {
  const { opened, declined } = await prepare(backend, outputsOf(model, options));
  return { supported: declined.length === 0, declined: counted(declined), opened: counted(opened) };
}

function outputsOf(
  model: Layer | Tensor | readonly Tensor[],
  { input: shape, dtype = "f32", training = false }: SupportOptions,
): readonly Tensor[] {
  if (Array.isArray(model)) return model as readonly Tensor[];
  if (!("forward" in model)) return [model as Tensor];
  if (shape === undefined) throw new Error("supports: a layer needs { input: [N, C, H, W] }");
  const updates: Tensor[] = [];
  const context: Context = {
    training,
    random: (wanted) => input(wanted, "f32", "random"),
    update: (_, value) => void updates.push(value),
  };
  return [model.forward(input(shape, dtype, "x"), context), ...updates];
}

function counted(
  list: readonly { readonly node: Tensor; readonly reason: string }[],
): { op: string; reason: string; times: number }[] {
  const groups = new Map<string, { op: string; reason: string; times: number }>();
  for (const { node, reason } of list) {
    const key = `${node.op.name}: ${reason}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { op: node.op.name, reason, times: 1 });
    else group.times++;
  }
  return [...groups.values()];
}
