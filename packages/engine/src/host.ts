/** Values on the host: turned between the stored form and the form said, and checked. */
import {
  dtypeOf,
  sameShape,
  show,
  showShape,
  sizeOf,
  TatamiError,
  type ErrorCode,
  type Shape,
  type Spec,
  type Tensor,
  type TypedArray,
} from "@tatamijs/core";

/** The values of `y`, which are `values` of `leaf` turned by the transpositions between. */
export function valuesOf(y: Tensor, leaf: Tensor, values: TypedArray): TypedArray {
  if (y === leaf || y.op.value === undefined) return values;
  return y.op.value([valuesOf(y.inputs[0]!, leaf, values)], y.attrs, y, y.inputs);
}

export function finish(values: TypedArray, into: TypedArray | undefined): TypedArray {
  if (into === undefined) return values.slice();
  into.set(values);
  return into;
}

/**
 * That `data` fit what a state or an output holds; or, with the `shape` they are said to have, input `name` of a program.
 * Allocates nothing when they do.
 * @throws TatamiError `data-length`, `dtype`, `argument`; of an input `input`.
 */
export function checkData(
  data: unknown,
  spec: Spec,
  name: string | number,
  op: string,
  shape: Shape = spec.shape,
): void {
  const given = dtypeOf(data);
  const count = given === undefined ? 0 : (data as TypedArray).length;
  const typed = given === spec.dtype || (given === "u8" && spec.dtype === "bool");
  if (typed && count === sizeOf(spec.shape) && (shape === spec.shape || sameShape(shape, spec.shape))) return;
  const input = typeof name === "number";
  const [code, text, hint]: readonly [ErrorCode, string, string] =
    given === undefined
      ? ["argument", `is ${show(data)}`, "; give a typed array"]
      : !typed
        ? ["dtype", `holds ${given}`, ""]
        : [
            "data-length",
            `has ${count} values${shape === spec.shape ? "" : ` and shape ${showShape(shape)}`}`,
            input
              ? "; give that shape, or leave out the input shape when compiling: each shape then gets its own program"
              : "",
          ];
  const wanted = `${input ? "the program was compiled for" : "wanted"} ${spec.dtype} ${showShape(spec.shape)}`;
  throw new TatamiError(input ? "input" : code, `${input ? `input ${name}` : name} ${text}, ${wanted}${hint}`, {
    op,
    details: {
      given: given === undefined ? data : typed ? [count, shape] : given,
      wanted: typed ? spec.shape : spec.dtype,
    },
  });
}
