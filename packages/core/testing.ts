/**
 * For core's own tests: runs a graph with the ops' `value` functions, and differentiates it. Slow and small. Ops without
 * a `value` that tests need are worked out here by their definition. Not shipped; what ops mean is conformance's business.
 */
import { add, expansion, input, sizeOf, stridesOf, typedArray } from "./src/index.ts";
import type {
  ArgReduceAttrs,
  ConvAttrs,
  MatmulAttrs,
  PoolAttrs,
  ScatterAddAttrs,
  Spec,
  Tensor,
  TypedArray,
} from "./src/index.ts";

export type Values = ReadonlyMap<Tensor, TypedArray>;

/** The value of `y`, given those of its inputs. */
export function evaluate(y: Tensor, given: Values = new Map()): TypedArray {
  const values = new Map<Tensor, TypedArray>(given);
  for (const t of order([y], (t) => (given.has(t) ? [] : t.op.kind === "composite" ? [expansion(t)] : t.inputs))) {
    if (!values.has(t)) values.set(t, valueOf(t, values));
  }
  return values.get(y)!;
}

function valueOf(t: Tensor, values: Values): TypedArray {
  if (t.data !== undefined) return t.data;
  if (t.op.kind === "composite") return values.get(expansion(t))!;
  const inputs = t.inputs.map((x) => values.get(x)!);
  if (t.op.value !== undefined) return t.op.value(inputs, t.attrs, t, t.inputs);
  const meaning = meanings[t.op.name];
  if (meaning === undefined) throw new Error(`no value for ${t.op.name}`);
  return meaning(inputs, t.attrs as never, t, t.inputs);
}

type Meaning = (inputs: readonly TypedArray[], attrs: never, output: Spec, specs: readonly Spec[]) => TypedArray;

/** Runs `f` at every index of a box. */
function each(shape: readonly number[], f: (index: readonly number[], at: number) => void): void {
  const strides = stridesOf(shape);
  for (let at = 0; at < sizeOf(shape); at++)
    f(
      strides.map((s, a) => Math.floor(at / s) % shape[a]!),
      at,
    );
}

const at = (shape: readonly number[], index: readonly number[]): number =>
  stridesOf(shape).reduce((n, s, a) => n + s * index[a]!, 0);

const meanings: Readonly<Record<string, Meaning>> = {
  matmul([a, b], { ta, tb }: MatmulAttrs, output, [sa, sb]) {
    const out = typedArray(output.dtype, sizeOf(output.shape));
    const k = sa!.shape.at(ta ? -2 : -1)!;
    const read = (values: TypedArray, { shape }: Spec, lead: readonly number[], i: number, j: number): number =>
      values[at(shape, [...lead.map((v, axis) => (shape[axis] === 1 ? 0 : v)), i, j])]!;
    each(output.shape, (index, o) => {
      const lead = index.slice(0, -2);
      const [m, n] = [index.at(-2)!, index.at(-1)!];
      let total = 0;
      for (let i = 0; i < k; i++)
        total += read(a!, sa!, lead, ta ? i : m, ta ? m : i) * read(b!, sb!, lead, tb ? n : i, tb ? i : n);
      out[o] = total;
    });
    return out;
  },
  argReduce([x], { fn, axis }: ArgReduceAttrs, output, [sx]) {
    const out = typedArray("i32", sizeOf(output.shape));
    each(output.shape, (index, o) => {
      const along = Array.from({ length: sx!.shape[axis]! }, (_, i) => x![at(sx!.shape, index.with(axis, i))]!);
      out[o] = along.indexOf(Math[fn](...along));
    });
    return out;
  },
  conv2d: ([x, w], attrs: ConvAttrs, output, [sx, sw]) =>
    trilinear("y", x, w, undefined, sx!.shape, sw!.shape, output.shape, attrs),
  conv2dInputGrad: ([y, w], attrs: ConvAttrs, output, [sy, sw]) =>
    trilinear("x", undefined, w, y, output.shape, sw!.shape, sy!.shape, attrs),
  conv2dWeightGrad: ([x, y], attrs: ConvAttrs, output, [sx, sy]) =>
    trilinear("w", x, undefined, y, sx!.shape, output.shape, sy!.shape, attrs),
  scatterAdd([y, indices], { axis, size }: ScatterAddAttrs, output, [sy]) {
    const out = typedArray(output.dtype, sizeOf(output.shape));
    each(sy!.shape, (index, i) => {
      const to = indices![index[axis]!]!;
      if (to >= 0 && to < size) out[at(output.shape, index.with(axis, to))]! += y![i]!;
    });
    return out;
  },
  pool2d([x], attrs: PoolAttrs, output, [sx]) {
    const out = typedArray(output.dtype, sizeOf(output.shape));
    each(output.shape, ([n, oy, ox, c], o) => {
      const taken = windowOf(attrs, oy!, ox!).map(([iy, ix]) => x![at(sx!.shape, [n!, iy, ix, c!])]!);
      out[o] =
        attrs.fn === "max"
          ? Math.max(...taken)
          : taken.reduce((a, b) => a + b, 0) / countOf(attrs, oy!, ox!, taken.length);
    });
    return out;
  },
  pool2dGrad([dy, x], attrs: PoolAttrs, output, [sy]) {
    const out = typedArray(output.dtype, sizeOf(output.shape));
    each(sy!.shape, ([n, oy, ox, c], o) => {
      const cells = windowOf(attrs, oy!, ox!).map(([iy, ix]) => at(output.shape, [n!, iy, ix, c!]));
      if (attrs.fn === "max") out[cells.reduce((best, cell) => (x![cell]! > x![best]! ? cell : best))]! += dy![o]!;
      else for (const cell of cells) out[cell]! += dy![o]! / countOf(attrs, oy!, ox!, cells.length);
    });
    return out;
  },
};

function rowsOf({ stride, padding, dilation, kernel }: ConvAttrs | PoolAttrs, axis: 0 | 1, o: number): number[] {
  return Array.from({ length: kernel[axis] }, (_, f) => o * stride[axis] + f * dilation[axis] - padding[axis]);
}

function windowOf(attrs: PoolAttrs, oy: number, ox: number): [number, number][] {
  const inside = (axis: 0 | 1, o: number): number[] =>
    rowsOf(attrs, axis, o).filter((i) => i >= 0 && i < attrs.input[axis]);
  return inside(0, oy).flatMap((iy) => inside(1, ox).map((ix): [number, number] => [iy, ix]));
}

function countOf(attrs: PoolAttrs, oy: number, ox: number, inside: number): number {
  if (!attrs.countIncludePad) return inside;
  const within = (axis: 0 | 1, o: number): number =>
    rowsOf(attrs, axis, o).filter((i) => i < attrs.input[axis] + attrs.padding[axis + 2]!).length;
  return within(0, oy) * within(1, ox);
}

/** The form Σ y·x·w of the convolution, without the operand `left`. */
function trilinear(
  left: "x" | "w" | "y",
  x: TypedArray | undefined,
  w: TypedArray | undefined,
  y: TypedArray | undefined,
  sx: readonly number[],
  sw: readonly number[],
  sy: readonly number[],
  attrs: ConvAttrs,
): TypedArray {
  const out = new Float32Array(sizeOf({ x: sx, w: sw, y: sy }[left]));
  const perGroup = sw[0]! / attrs.groups;
  each(sy, ([n, oy, ox, k], iy) => {
    each(sw.slice(1), ([fy, fx, c]) => {
      const row = rowsOf(attrs, 0, oy!)[fy!]!;
      const column = rowsOf(attrs, 1, ox!)[fx!]!;
      if (row < 0 || row >= sx[1]! || column < 0 || column >= sx[2]!) return;
      const ix = at(sx, [n!, row, column, Math.floor(k! / perGroup) * sw[3]! + c!]);
      const iw = at(sw, [k!, fy!, fx!, c!]);
      if (left === "y") out[iy]! += x![ix]! * w![iw]!;
      else if (left === "x") out[ix]! += y![iy]! * w![iw]!;
      else out[iw]! += x![ix]! * y![iy]!;
    });
  });
  return out;
}

/** Gradients of Σ y·seed by `wanted`; a composite by its own gradient, or with `open` by its expansion's. */
export function gradients(
  y: Tensor,
  seed: Tensor,
  wanted: readonly Tensor[],
  open: boolean = false,
): (Tensor | undefined)[] {
  const arrived = new Map<Tensor, Tensor>([[y, seed]]);
  const give = (x: Tensor, dx: Tensor | undefined): void => {
    if (dx === undefined) return;
    const before = arrived.get(x);
    arrived.set(x, before === undefined ? dx : add(before, dx));
  };
  // With `open` the walk goes through expansions, and a composite hands its gradient on to the expansion's root.
  const through = (t: Tensor): boolean => t.op.kind === "composite" && (open || t.op.grad === undefined);
  const all = order([y], (t) => (through(t) ? [expansion(t)] : t.inputs));
  for (const t of all.reverse()) {
    const dy = arrived.get(t);
    if (dy === undefined) continue;
    if (through(t)) give(expansion(t), dy);
    else t.op.grad?.(t, dy).forEach((dx, k) => give(t.inputs[k]!, dx));
  }
  return wanted.map((x) => arrived.get(x));
}

/** What `inputs` gives before what it is given for; recursion-free. */
export function order(outputs: readonly Tensor[], inputs: (t: Tensor) => readonly Tensor[]): Tensor[] {
  const done = new Set<Tensor>();
  const stack = [...outputs];
  while (stack.length > 0) {
    const t = stack.at(-1)!;
    const before = inputs(t).filter((x) => !done.has(x));
    if (before.length > 0) stack.push(...before);
    else {
      stack.pop();
      done.add(t);
    }
  }
  return [...done];
}

/** Repeatable numbers in (−1, 1), none near 0. */
export function noise(count: number, seed: number = 1): Float32Array {
  let s = seed;
  return Float32Array.from({ length: count }, () => {
    s = (Math.imul(s, 1103515245) + 12345) >>> 0;
    const u = (s >>> 8) / 2 ** 24;
    return (u < 0.5 ? -1 : 1) * (0.1 + 0.9 * ((u * 2) % 1));
  });
}

/** The largest distance of `f`'s gradients from central differences, relative to the largest of each. */
export function gradientError(
  f: (...inputs: Tensor[]) => Tensor,
  shapes: readonly (readonly number[])[],
  map: (v: number) => number = (v) => v,
  open: boolean = false,
): number {
  const inputs = shapes.map((shape) => input(shape));
  const values = new Map<Tensor, TypedArray>(inputs.map((x, k) => [x, noise(sizeOf(x.shape), k + 7).map(map)]));
  const y = f(...inputs);
  const weights = noise(sizeOf(y.shape), 99);
  const seed = input(y.shape);
  const grads = gradients(y, seed, inputs, open);
  const loss = (given: Values): number => list(evaluate(y, given)).reduce((total, v, i) => total + v * weights[i]!, 0);
  let worst = 0;
  inputs.forEach((x, k) => {
    const grad = grads[k];
    const own =
      grad === undefined
        ? Array.from({ length: sizeOf(x.shape) }, () => 0)
        : list(evaluate(grad, new Map(values).set(seed, weights)));
    const h = 2 ** -7;
    const numeric = own.map((_, i) => {
      const moved = (by: number): number =>
        loss(new Map(values).set(x, values.get(x)!.with(i, values.get(x)![i]! + by)));
      return (moved(h) - moved(-h)) / (2 * h);
    });
    const scale = Math.max(...numeric.map(Math.abs), ...own.map(Math.abs), 1e-3);
    own.forEach((v, i) => {
      worst = Math.max(worst, Number.isNaN(v) ? Infinity : Math.abs(v - numeric[i]!) / scale);
    });
  });
  return worst;
}

/** Numbers of a value, for comparison. */
export const list = (values: TypedArray): number[] => Array.from(values);
