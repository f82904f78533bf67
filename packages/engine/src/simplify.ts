/**
 * One pass of small laws, operands first, every node made once (equal op, attributes and operands are one node):
 *
 * - an op on constants is a constant, where it does not grow;
 * - a pointwise op that does nothing is its operand (x + 0, x · 1, x ∨ false), as it says of itself;
 * - views of views are one view, and a transposition that moves only axes of size 1 is a reshape;
 * - an op that can read an operand transposed does so;
 * - a repeated operand of a pointwise op need not be repeated: it broadcasts by itself.
 */
import {
  broadcast,
  broadcastShapes,
  isIdentity,
  permuted,
  reshape,
  sameShape,
  sizeOf,
  transpose,
  type Perm,
  type Primitive,
  type Shape,
  type Tensor,
  constant,
} from "@tatamijs/core";
import { replaced, rewrite, withInputs, type Graph } from "./graph.ts";

/** `turns`: transpositions that move only axes of size 1 stay transpositions, for `regions` to place. */
export function simplify(graph: Graph, turns: boolean = false): Graph {
  const table = new Table();
  return rewrite(graph, (y, inputs) => table.canonical(reduced(withInputs(y, inputs), table, turns)));
}

/** Values of constants up to this many elements are compared, and larger results are not worked out. */
const small = 64;
const mostCompared = 4096;

/** Equal nodes are one. */
class Table {
  readonly #nodes = new Map<string, Tensor>();
  readonly #ids = new Map<unknown, number>();
  readonly #attrs = new WeakMap<object, string>();

  canonical(y: Tensor): Tensor {
    const key = this.#key(y);
    if (key === undefined) return y;
    const known = this.#nodes.get(key);
    if (known !== undefined) return known;
    this.#nodes.set(key, y);
    return y;
  }

  #key(y: Tensor): string | undefined {
    if (y.op.leaf === "constant" && y.data!.length <= small) {
      const { buffer, byteOffset, byteLength } = y.data!;
      return `${y.dtype}[${y.shape.join()}]${new Uint8Array(buffer, byteOffset, byteLength).join()}`;
    }
    return y.op.leaf === undefined
      ? `${this.#id(y.op)} ${this.#text(y.attrs as object)} ${y.inputs.map((x) => this.#id(x)).join()}`
      : undefined;
  }

  #id(object: unknown): number {
    const id = this.#ids.get(object) ?? this.#ids.size;
    this.#ids.set(object, id);
    return id;
  }

  #text(attrs: object): string {
    const text = this.#attrs.get(attrs) ?? JSON.stringify(attrs);
    this.#attrs.set(attrs, text);
    return text;
  }
}

function reduced(y: Tensor, table: Table, turns: boolean): Tensor {
  const { op } = y;
  if (op.kind === "composite") return read(y);
  if (op.leaf !== undefined) return y;
  const folded = value(y);
  if (folded !== undefined) return folded;
  if (op.alias === true) return viewed(y);
  if (op.perm !== undefined) return turnedBy(y.inputs[0]!, op.perm(y.attrs), turns);
  if (op.pointwise === true) return identity(y, op) ?? unrepeated(y, table);
  return read(y);
}

/** An op on constants. Large results are left to the backend, once. */
function value(y: Tensor): Tensor | undefined {
  if (y.op.value === undefined || y.inputs.length === 0 || !y.inputs.every((x) => x.op.leaf === "constant"))
    return undefined;
  const given = y.inputs.reduce((sum, x) => sum + sizeOf(x.shape), 0);
  const alias = y.op.alias === true;
  if (!alias && sizeOf(y.shape) > Math.max(small, Math.min(given, 2 ** 16))) return undefined;
  return constant(
    y.op.value(
      y.inputs.map((x) => x.data!),
      y.attrs,
      y,
      y.inputs,
    ),
    y.shape,
    y.dtype,
  );
}

/** What `y` is a view of, through all the views beneath it. */
function beneath(y: Tensor): Tensor {
  let x = y;
  while (x.op.alias === true) x = x.inputs[0]!;
  return x;
}

/** One view in place of several, or none. */
function viewed(y: Tensor): Tensor {
  const x = beneath(y);
  return sameShape(x.shape, y.shape) ? x : { ...reshape(x, y.shape), site: y.site };
}

/** `x` turned: nothing, a reshape, or one transposition. */
export function turnedBy(x: Tensor, perm: Perm, turns: boolean = false): Tensor {
  const inner = x.op.perm?.(x.attrs);
  if (inner !== undefined) return turnedBy(x.inputs[0]!, permuted(inner, perm), turns);
  if (isIdentity(perm)) return x;
  if (turns || !movesNothing(x.shape, perm)) return transpose(x, perm);
  const shape = permuted(x.shape, perm);
  const whole = beneath(x);
  return sameShape(whole.shape, shape) ? whole : reshape(whole, shape);
}

/** Do only axes of size 1 change places? */
export function movesNothing(shape: Shape, perm: Perm): boolean {
  const axes = perm.filter((axis) => shape[axis] !== 1);
  return axes.every((axis, i) => i === 0 || axis > axes[i - 1]!);
}

/** Takes operands untransposed where the attributes can say so. */
function read(y: Tensor): Tensor {
  let now = y;
  for (let k = 0; k < y.inputs.length && y.op.reads !== undefined; k++) {
    const x = now.inputs[k]!;
    const perm = x.op.perm?.(x.attrs);
    const attrs = perm === undefined ? undefined : (y.op.reads(k, perm, now.attrs) as unknown);
    if (attrs !== undefined) now = replaced(y, y.op, now.inputs.with(k, x.inputs[0]!), attrs);
  }
  return now;
}

/** The operand that `y` equals, if the other is a constant that makes it do nothing. (A state's data are first values only.) */
function identity(y: Tensor, op: Primitive<unknown>): Tensor | undefined {
  const k = y.inputs.findIndex((x) => x.op.leaf !== "constant");
  const [x, other] = [y.inputs[k], y.inputs[1 - k]];
  const neutral = op.neutral?.(y.attrs, k);
  return neutral !== undefined &&
    other!.op.leaf === "constant" &&
    sameShape(x!.shape, y.shape) &&
    other!.data!.length <= mostCompared &&
    other!.data!.every((v: number) => v === neutral)
    ? x
    : undefined;
}

/** Operands as they were before they were repeated; a result that is then smaller is repeated itself. */
function unrepeated(y: Tensor, table: Table): Tensor {
  const inputs = y.inputs.map((x) => (x.op.repeats === true ? x.inputs[0]! : x));
  if (inputs.every((x, k) => x === y.inputs[k])) return y;
  const shape = inputs.reduce<Shape>((all, x) => broadcastShapes(all, x.shape, y.op.name), inputs[0]!.shape);
  const less = table.canonical(replaced(y, y.op, inputs, y.attrs));
  return sameShape(shape, y.shape) ? less : broadcast(less, y.shape);
}
