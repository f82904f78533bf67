/** Values on the host: turned between the stored form and the form said, and checked. */
import {
  dtypeOf,
  isIdentity,
  show,
  showShape,
  sizeOf,
  TatamiError,
  type Perm,
  type Shape,
  type Spec,
  type Tensor,
  type TypedArray,
} from "@tatamijs/core";

/** The transpositions between a leaf and the form said, innermost first. */
export function permsOf(x: Tensor): Perm[] {
  const perms: Perm[] = [];
  for (let y = x; y.op.kind === "primitive" && y.op.perm !== undefined; y = y.inputs[0]!)
    perms.unshift(y.op.perm(y.attrs));
  return perms;
}

/** Values of `shape` turned by each of `perms` in turn. */
export function turned(values: TypedArray, shape: Shape, perms: readonly Perm[]): TypedArray {
  let from = values;
  let dims = shape;
  for (const perm of perms) {
    if (isIdentity(perm)) continue;
    const to = perm.map((axis) => dims[axis]!);
    const strides = dims.map((_, axis) => sizeOf(dims.slice(axis + 1)));
    const steps = perm.map((axis) => strides[axis]!);
    const out = from.slice();
    const index = to.map(() => 0);
    let at = 0;
    for (let i = 0; i < out.length; i++) {
      out[i] = from[at]!;
      for (let axis = to.length - 1; axis >= 0; axis--) {
        at += steps[axis]!;
        if (++index[axis]! < to[axis]!) break;
        at -= steps[axis]! * to[axis]!;
        index[axis] = 0;
      }
    }
    from = out;
    dims = to;
  }
  return from;
}

export function finish(values: TypedArray, into: TypedArray | undefined): TypedArray {
  if (into === undefined) return values.slice();
  into.set(values);
  return into;
}

/** @throws TatamiError `data-length`, `dtype`, `argument`. */
export function checkData(data: unknown, { shape, dtype }: Spec, name: string, op: string): void {
  const given = dtypeOf(data);
  if (given === undefined)
    throw new TatamiError("argument", `${name} is ${show(data)}; give a typed array of ${dtype}`, { op });
  if (given !== dtype && !(given === "u8" && dtype === "bool")) {
    throw new TatamiError("dtype", `${name} holds ${given}, wanted ${dtype}`, {
      op,
      details: { given, wanted: dtype },
    });
  }
  const { length: count } = data as TypedArray;
  if (count !== sizeOf(shape)) {
    throw new TatamiError("data-length", `${name} has ${count} values, ${showShape(shape)} holds ${sizeOf(shape)}`, {
      op,
      details: { given: count, wanted: sizeOf(shape) },
    });
  }
}
