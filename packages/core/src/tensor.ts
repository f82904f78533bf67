/** A tensor is a node of a graph, not memory: an immutable record of the op that makes it, from what, and its shape. */
import { type DType, type TypedArray } from "./dtype.ts";
import { TatamiError } from "./errors.ts";
import type { AnyOp, Op, Spec } from "./op.ts";
import type { Shape } from "./shape.ts";

export interface Tensor<S extends Shape = Shape> extends Spec {
  readonly shape: S;
  readonly dtype: DType;
  readonly op: AnyOp;
  readonly inputs: readonly Tensor[];
  /** Plain JSON data: equal attrs of one op on the same inputs are the same value. */
  readonly attrs: unknown;
  /** Leaves only: a constant's values, a state's first values. */
  readonly data?: TypedArray;
  /** Where the user's program made this node; kept as an error whose stack is read only when asked for. */
  readonly site?: Error;
}

const expansions = new WeakMap<Tensor, Tensor>();

/**
 * Makes a node: the op's own rule validates inputs and attrs and gives the shape.
 * Public functions call this with operands already promoted and brought to one rank.
 */
export function node<A>(op: Op<A>, inputs: readonly Tensor[], attrs: A, extra: Extra = {}): Tensor {
  if (op.kind === "composite") {
    const expansion = op.expand(inputs, attrs);
    const made: Tensor = { op, inputs, attrs, shape: expansion.shape, dtype: expansion.dtype, ...siteOf(extra) };
    expansions.set(made, expansion);
    return made;
  }
  const { shape, dtype } = op.infer(inputs, attrs);
  return { op, inputs, attrs, shape, dtype, ...(extra.data === undefined ? {} : { data: extra.data }), ...siteOf(extra) };
}

export interface Extra {
  readonly data?: TypedArray;
  /** A rewrite passes on the site of the node it replaces. */
  readonly site?: Error | undefined;
}

/** A composite's meaning in smaller ops, made once per node. */
export function expansion(y: Tensor): Tensor {
  if (y.op.kind !== "composite") throw new TatamiError("internal", `${y.op.name} is no composite`);
  let made = expansions.get(y);
  if (made === undefined) {
    made = y.op.expand(y.inputs, y.attrs);
    expansions.set(y, made);
  }
  return made;
}

function siteOf(extra: Extra): { site?: Error } {
  if ("site" in extra) return extra.site === undefined ? {} : { site: extra.site };
  return { site: new Error("site") };
}

/** The first line of a node's stack that is not tatami's own, such as `train.ts:14:21`; undefined when unknown. */
export function siteLine(y: Tensor): string | undefined {
  const lines = y.site?.stack?.split("\n").slice(1) ?? [];
  const own = /[\\/](?:@tatamijs[\\/]|tatamijs[\\/]|packages[\\/](?:core|engine|nn|train)[\\/](?:src|dist)[\\/](?!.*\.test\.))/;
  return lines.find((line) => !own.test(line))?.trim().replace(/^at /, "");
}
