/**
 * One pass of small laws, operands first, every node made once (equal op, attributes and operands are one node):
 *
 * - an op on constants is a constant, where it does not grow;
 * - a pointwise op that does nothing is its operand (x + 0, x · 1, x ∨ false): found by trying it on probes, so that no op is named;
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
  typedArray,
  type DType,
  type Perm,
  type Primitive,
  type Shape,
  type Tensor,
  type TypedArray,
  constant,
} from "@tatamijs/core";
import { leafKind, replaced, rewrite, withInputs, type Graph } from "./graph.ts";

/** `turns`: transpositions that move only axes of size 1 stay transpositions, for `regions` to place. */
export function simplify(graph: Graph, turns: boolean = false): Graph {
  const table = new Table();
  return rewrite(graph, (y, inputs) => table.canonical(reduced(withInputs(y, inputs), table, turns)));
}

/** Values of constants up to this many elements are compared, and larger results are not worked out. */
const small = 64;

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
    if (leafKind(y) === "constant" && y.data!.length <= small) {
      const { buffer, byteOffset, byteLength } = y.data!;
      return `${y.dtype}[${y.shape.join()}]${new Uint8Array(buffer, byteOffset, byteLength).join()}`;
    }
    return leafKind(y) === undefined
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
  if (
    y.op.kind !== "primitive" ||
    y.op.value === undefined ||
    y.inputs.length === 0 ||
    !y.inputs.every((x) => leafKind(x) === "constant")
  )
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

/** `x` under `shape`, through all the views beneath it. */
function viewed(y: Tensor): Tensor {
  let x = y;
  while (x.op.kind === "primitive" && x.op.alias === true) x = x.inputs[0]!;
  return sameShape(x.shape, y.shape)
    ? x
    : { ...reshape(x, y.shape), ...(y.site === undefined ? {} : { site: y.site }) };
}

/** `x` turned: nothing, a reshape, or one transposition. */
export function turnedBy(x: Tensor, perm: Perm, turns: boolean = false): Tensor {
  const inner = x.op.kind === "primitive" && x.op.perm !== undefined ? x.op.perm(x.attrs) : undefined;
  if (inner !== undefined) return turnedBy(x.inputs[0]!, permuted(inner, perm), turns);
  if (isIdentity(perm)) return x;
  if (turns || !movesNothing(x.shape, perm)) return transpose(x, perm);
  const shape = permuted(x.shape, perm);
  let beneath = x;
  while (beneath.op.kind === "primitive" && beneath.op.alias === true) beneath = beneath.inputs[0]!;
  return sameShape(beneath.shape, shape) ? beneath : reshape(beneath, shape);
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
    const perm = x.op.kind === "primitive" ? x.op.perm?.(x.attrs) : undefined;
    const attrs = perm === undefined ? undefined : (y.op.reads(k, perm, now.attrs) as unknown);
    if (attrs !== undefined) now = replaced(y, y.op, now.inputs.with(k, x.inputs[0]!), attrs);
  }
  return now;
}

/** The operand that `y` equals, if the others are constants that make it do nothing. */
function identity(y: Tensor, op: Primitive<unknown>): Tensor | undefined {
  const k = y.inputs.findIndex((x) => leafKind(x) !== "constant");
  const x = y.inputs[k];
  if (x === undefined || op.value === undefined || x.dtype !== y.dtype || !sameShape(x.shape, y.shape))
    return undefined;
  const tried = probes[x.dtype];
  const shape = [tried.length];
  const others: (TypedArray | undefined)[] = y.inputs.map((other, j) => (j === k ? undefined : uniform(other)));
  if (others.some((other, j) => j !== k && other === undefined)) return undefined;
  const given = typedArray(x.dtype, tried.length);
  given.set(tried);
  const specs = y.inputs.map((other, j) => ({ shape: j === k ? shape : [1], dtype: other.dtype }));
  const made = op.value(
    others.map((other) => other ?? given),
    y.attrs,
    { shape, dtype: y.dtype },
    specs,
  );
  // −0 for 0 is no difference: only data movement must keep it.
  return given.every((v, i) => v === made[i] || (Number.isNaN(v) && Number.isNaN(made[i]!))) ? x : undefined;
}

/** Zeros, ones, halves, the smallest and largest, and what special cases are made of. A function that keeps all of these keeps everything, for the functions there are. */
const probes: Readonly<Record<DType, readonly number[]>> = {
  f32: [0, 1, -1, 0.5, -2.75, 1 + 2 ** -23, -1e-30, 1e-38, 65537, -3e38, Infinity, -Infinity, NaN],
  f16: [0, 1, -1, 0.5, -2.75, 1 + 2 ** -10, 6e-8, -6e4, Infinity, -Infinity, NaN],
  i32: [0, 1, -1, 2, -3, 255, 65537, 2 ** 31 - 1, -(2 ** 31)],
  u8: [0, 1, 2, 127, 128, 255],
  bool: [0, 1],
};

/** One element that stands for a constant, if all of its elements are equal. A state's data are its first values only. */
function uniform(x: Tensor): TypedArray | undefined {
  const { data } = x;
  if (leafKind(x) !== "constant" || data === undefined || data.length === 0 || data.length > 4096) return undefined;
  const first = data[0]!;
  return data.every((v: number) => Object.is(v, first)) ? data.slice(0, 1) : undefined;
}

/** Operands as they were before they were repeated; a result that is then smaller is repeated itself. */
function unrepeated(y: Tensor, table: Table): Tensor {
  const inputs = y.inputs.map((x) => (x.op.kind === "primitive" && x.op.repeats === true ? x.inputs[0]! : x));
  if (inputs.every((x, k) => x === y.inputs[k])) return y;
  const shape = inputs.reduce<Shape>((all, x) => broadcastShapes(all, x.shape, y.op.name), inputs[0]!.shape);
  const less = table.canonical(replaced(y, y.op, inputs, y.attrs));
  return sameShape(shape, y.shape) ? less : broadcast(less, y.shape);
}
