/** Values on the host: turned between the stored form and the form said, and checked. */
import { dtypeOf, show, showShape, sizeOf, TatamiError, type Spec, type Tensor, type TypedArray } from "@tatamijs/core";

/** The values of `y`, which are `values` of `leaf` turned by the transpositions between. */
export function valuesOf(y: Tensor, leaf: Tensor, values: TypedArray): TypedArray {
  if (y === leaf || y.op.kind !== "primitive" || y.op.value === undefined) return values;
  return y.op.value([valuesOf(y.inputs[0]!, leaf, values)], y.attrs, y, y.inputs);
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
