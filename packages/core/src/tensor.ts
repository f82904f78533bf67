/** A tensor is a node of a graph, not memory: an immutable record of the op that makes it, from what, and its shape. */
import { dtypes, type DType, type TypedArray } from "./dtype.ts";
import { show, TatamiError, wrongArgument } from "./errors.ts";
import type { AnyOp, Op, Spec } from "./op.ts";
import { checkOptions } from "./operand.ts";
import { checkShape, type Shape } from "./shape.ts";

/**
 * `Tensor<readonly [2, 3]>` has its shape in its type; a plain `Tensor` has any. The first goes wherever the second is
 * asked for.
 */
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
  readonly site?: Error | undefined;
}

/** Is `value` a tensor (of this copy of tatami or of another)? */
export function isTensor(value: unknown): value is Tensor {
  if (typeof value !== "object" || value === null) return false;
  const { op, inputs, shape, dtype } = value as Partial<Tensor>;
  return (
    typeof op === "object" &&
    (op as unknown) !== null &&
    Array.isArray(inputs) &&
    Array.isArray(shape) &&
    dtypes.includes(dtype as DType)
  );
}

const expansions = new WeakMap<Tensor, Tensor>();

/**
 * Makes a node: the op's own rule validates inputs and attrs and gives the shape. For authors of ops and passes: the
 * public functions call this with operands already promoted and brought to one rank.
 * @throws TatamiError what the op's rule throws; `shape` for a result of more than 2³¹ − 1 elements; `argument` when
 * `inputs` hold something else than tensors; `internal` when the rule itself fails on inputs or attrs of another form.
 */
export function node<A>(op: Op<A>, inputs: readonly Tensor[], attrs: A, extra: Extra = {}): Tensor {
  if (typeof op !== "object" || (op as unknown) === null || (op.kind !== "primitive" && op.kind !== "composite")) {
    throw wrongArgument("node", "op", op, "an op record, such as primitives.unary");
  }
  if (!Array.isArray(inputs) || !inputs.every(isTensor)) {
    throw new TatamiError("argument", `inputs are ${show(inputs)}; give an array of tensors`, { op: op.name });
  }
  const site = siteOf(extra);
  if (op.kind === "composite") {
    const meaning = ruleOf(op, () => op.expand(inputs, attrs));
    const made: Tensor = { op, inputs, attrs, shape: meaning.shape, dtype: meaning.dtype, site };
    expansions.set(made, meaning);
    return made;
  }
  const { shape, dtype } = ruleOf(op, () => op.infer(inputs, attrs));
  const checked = checkShape(shape, op.name, "the result");
  return {
    op,
    inputs,
    attrs,
    shape: checked,
    dtype,
    ...(extra.data === undefined ? {} : { data: extra.data }),
    site,
  };
}

/** A record's rule trusts the form of what it is given; whoever calls `node` by hand and errs is told so. */
function ruleOf<T>(op: AnyOp, rule: () => T): T {
  try {
    return rule();
  } catch (cause) {
    if (cause instanceof TatamiError) throw cause;
    throw new TatamiError(
      "internal",
      `its rule failed on these inputs and attrs (${String(cause)}); are they as its record documents?`,
      {
        op: op.name,
        cause,
      },
    );
  }
}

export interface Extra {
  readonly data?: TypedArray;
  /** A rewrite passes on the site of the node it replaces. */
  readonly site?: Error | undefined;
}

/** A composite's meaning in smaller ops, made once per node. @throws TatamiError `argument` when `y` is no composite. */
export function expansion(y: Tensor): Tensor {
  if (!isTensor(y) || y.op.kind !== "composite") {
    throw new TatamiError(
      "argument",
      `y is ${isTensor(y) ? `a ${y.op.name}, which is no composite` : show(y)}; give the node of a composite`,
      { op: "expansion" },
    );
  }
  let made = expansions.get(y);
  if (made === undefined) {
    const { op, inputs, attrs } = y;
    made = ruleOf(op, () => op.expand(inputs, attrs));
    expansions.set(y, made);
  }
  return made;
}

function siteOf(extra: Extra): Error | undefined {
  return Object.hasOwn(checkOptions(extra, "node", "extra"), "site") ? extra.site : new Error("site");
}

const installed: RegExp = /[\\/]node_modules[\\/](?:@tatamijs|tatamijs)[\\/]/;
const sibling: RegExp = /^[\w-]+[\\/](?:src|dist)[\\/](?!.*\.(?:test|bench)\.)/;

/** Is this line of a stack tatami's own, or the runtime's? */
function isInner(line: string): boolean {
  if (/[ (@]node:/.test(line) || installed.test(line)) return true;
  // Where the packages of tatami lie, when this one lies among them: `…/packages/`. A bundle may have no address.
  const address: string | undefined = import.meta.url;
  const home = (address ?? "").replace(/^file:\/\//, "").replace(/[^/]*\/[^/]*\/[^/]*$/, "");
  const at = home === "" ? -1 : line.indexOf(home);
  return at >= 0 && sibling.test(line.slice(at + home.length));
}

/** The line of the user's program that made `y`, such as `train (file:///app/train.ts:14:21)`; undefined when unknown. */
export function siteLine(y: Tensor): string | undefined {
  const stack: unknown = isTensor(y) ? y.site?.stack : undefined;
  if (typeof stack !== "string") return undefined;
  // V8 begins with a line for the error itself; Firefox and Safari do not.
  const lines = stack.split("\n").filter((line) => /:\d+/.test(line));
  return lines
    .find((line) => !isInner(line))
    ?.trim()
    .replace(/^at /, "");
}
