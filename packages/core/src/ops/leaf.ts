/** Leaves: where values enter a graph. An input is given at each run, a constant never changes, a state outlives programs. */
import { checkDType, dtypeOf, typedArray, type DType, type TypedArray } from "../dtype.ts";
import { show, TatamiError, wrongArgument } from "../errors.ts";
import type { Primitive, Spec } from "../op.ts";
import { checkChoice, checkOptions } from "../operand.ts";
import { checkShape, maxRank, permuted, showShape, sizeOf, type Shape } from "../shape.ts";
import { node, type Tensor } from "../tensor.ts";
import { channelsFirst, channelsLast } from "./image.ts";
import { transpose } from "./transpose.ts";

export interface LeafAttrs extends Spec {
  /** For people and files: an input's name, a state's path. */
  readonly name: string;
}

function leaf(kind: "input" | "constant" | "state"): Primitive<LeafAttrs> {
  return { kind: "primitive", name: kind, leaf: kind, infer: (_, { shape, dtype }) => ({ shape, dtype }) };
}

const inputOp: Primitive<LeafAttrs> = leaf("input");
const constantOp: Primitive<LeafAttrs> = leaf("constant");
const stateOp: Primitive<LeafAttrs> = leaf("state");

/** The order in which an image's values lie: all of a channel together, or all channels of a pixel (what a canvas gives). */
export type Layout = "NCHW" | "NHWC";

/** @throws TatamiError `argument`. */
export function checkLayout(value: unknown, op: string, name: string = "layout"): Layout {
  return checkChoice(value as Layout, ["NCHW", "NHWC"], op, name);
}

export interface InputOptions {
  /** Default "f32". */
  readonly dtype?: DType | undefined;
  /** Default "input". */
  readonly name?: string | undefined;
  /** "NHWC": the values of a (N, C, H, W) are given channels last. Default "NCHW". */
  readonly layout?: Layout | undefined;
}

/**
 * A value given at each run. `shape` is the tensor's, (N, C, H, W) for an image, whatever the `layout` of the values: with
 * "NHWC" a program takes [N, H, W, C], and nothing is converted, for that is how images lie inside.
 * @throws TatamiError `shape`, `dtype`, `argument`; `rank` for a layout of other than 4 axes.
 */
export function input<const S extends Shape>(shape: S, dtype?: DType, name?: string): Tensor<S>;
export function input<const S extends Shape>(shape: S, options: InputOptions): Tensor<S>;
export function input<const S extends Shape>(
  shape: S,
  given: DType | InputOptions = "f32",
  named: string = "input",
): Tensor<S> {
  const options: InputOptions =
    typeof given === "object" ? checkOptions(given, "input") : { dtype: given, name: named };
  const { dtype = "f32", name = "input", layout = "NCHW" } = options;
  const spec = { shape: checkShape(shape, "input"), dtype: checkDType(dtype, "input"), name: checkName(name, "input") };
  if (checkLayout(layout, "input") === "NCHW") return node(inputOp, [], spec) as Tensor<S>;
  if (spec.shape.length !== 4) {
    throw new TatamiError(
      "rank",
      `the shape is ${showShape(spec.shape)} with layout "NHWC"; give (N, C, H, W), or leave layout out`,
      { op: "input", details: { shape: spec.shape } },
    );
  }
  const stored = node(inputOp, [], { ...spec, shape: permuted(spec.shape, channelsLast) });
  return transpose(stored, channelsFirst) as Tensor<S>;
}

/** Numbers, possibly nested: `[[1, 2], [3, 4]]`. */
export type Nested = number | readonly Nested[];

/**
 * A value that never changes: nested numbers, or a typed array with a shape. Typed arrays are kept, not copied: do not
 * write to one afterwards. Without `dtype` numbers are f32 and a typed array keeps its own type.
 * @throws TatamiError `data-length` when values and shape disagree, `shape`, `dtype`, `argument`.
 */
export function constant<const S extends Shape = Shape>(
  values: TypedArray | Uint8ClampedArray | Nested,
  shape?: S,
  dtype?: DType,
): Tensor<S> {
  const { data, spec } = leafValues(values, shape, dtype, "constant");
  return node(constantOp, [], { ...spec, name: "" }, { data }) as Tensor<S>;
}

/**
 * A value that a session keeps between runs: a parameter, a running statistic, a counter.
 * `values` are the first ones, or what gives them when somebody asks for them (f32, of the shape said): most are loaded over;
 * `name` is how prints and errors call it, and only one state of a session may have it. Layers give none: their states are called by
 * the layer's place in the model, such as `0.weight`, in files too.
 * @throws TatamiError as `constant`.
 */
export function state<const S extends Shape = Shape>(
  values: TypedArray | Nested | (() => Float32Array),
  shape?: S,
  name: string = "state",
  dtype?: DType,
): Tensor<S> {
  checkName(name, "state");
  if (typeof values === "function") {
    let data: TypedArray | undefined;
    return {
      ...(node(stateOp, [], { shape: shape!, dtype: "f32", name }) as Tensor<S>),
      get data() {
        return (data ??= leafValues(values(), shape, "f32", "state").data);
      },
      set data(given) {
        data = given;
      },
    };
  }
  const { data, spec } = leafValues(values, shape, dtype, "state");
  return node(stateOp, [], { ...spec, name }, { data }) as Tensor<S>;
}

function leafValues(
  values: unknown,
  shape: Shape | undefined,
  dtype: DType | undefined,
  op: string,
): { data: TypedArray; spec: Spec } {
  const own = dtypeOf(values);
  const wanted = dtype === undefined ? (own ?? "f32") : checkDType(dtype, op);
  const given =
    own === undefined
      ? flatNumbers(values, op)
      : { flat: values as TypedArray, shape: [(values as TypedArray).length] };
  const dims = shape === undefined ? given.shape : checkShape(shape, op);
  const { flat } = given;
  if (sizeOf(dims) !== flat.length) {
    throw new TatamiError(
      "data-length",
      `${flat.length} values for shape ${showShape(dims)}, which holds ${sizeOf(dims)}; give as many values as the shape holds`,
      {
        op,
        details: { given: flat.length, wanted: sizeOf(dims), shape: dims },
      },
    );
  }
  const fits = own === wanted || (own === "u8" && wanted === "bool");
  if (fits && !(values instanceof Uint8ClampedArray))
    return { data: values as TypedArray, spec: { shape: dims, dtype: wanted } };
  const data = typedArray(wanted, flat.length);
  for (let i = 0; i < flat.length; i++) {
    const value = flat[i]!;
    data[i] = wanted === "bool" ? Number(value !== 0) : value;
    if ((wanted === "i32" || wanted === "u8") && data[i] !== value) {
      throw new TatamiError(
        "argument",
        `value ${show(value)} at ${i} is none that ${wanted} holds; round it first, or use "f32"`,
        { op, details: { given: value, index: i } },
      );
    }
  }
  return { data, spec: { shape: dims, dtype: wanted } };
}

/** Nested numbers as one list and its shape. The depth is bounded, so a list that holds itself is an error too. */
function flatNumbers(value: unknown, op: string): { flat: readonly number[]; shape: number[] } {
  const bad = (given: unknown): TatamiError =>
    new TatamiError("argument", `values hold ${show(given)}; give numbers, nested evenly, or a ${typedArrays}`, {
      op,
      details: { given },
    });
  if (typeof value === "number") return { flat: [value], shape: [] };
  if (!Array.isArray(value)) throw bad(value);
  const shape: number[] = [];
  for (let level: unknown = value; Array.isArray(level) && shape.length <= maxRank; level = level[0])
    shape.push(level.length);
  checkShape(shape, op, "the nesting of values");
  let level: unknown[] = value;
  for (const size of shape.slice(1)) {
    const uneven = level.find((row) => !Array.isArray(row) || row.length !== size);
    if (uneven !== undefined || level.includes(undefined)) throw bad(uneven);
    level = (level as unknown[][]).flat();
  }
  for (let i = 0; i < level.length; i++) if (typeof level[i] !== "number") throw bad(level[i]);
  return { flat: level as number[], shape };
}

const typedArrays = "Float32Array, Float16Array, Int32Array or Uint8Array";

function checkName(name: unknown, op: string): string {
  if (typeof name === "string") return name;
  throw wrongArgument(op, "name", name, "a string");
}
