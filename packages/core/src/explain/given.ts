/** What is explained, as it is given: a layer, a function or several in a row, called on values; and the graph that this makes. */
import { typedArray, type TypedArray } from "../dtype.ts";
import { show, TatamiError, wrongArgument } from "../errors.ts";
import type { Context, Layer } from "../layer.ts";
import { checkOptions } from "../operand.ts";
import { constant, input as inputOf, type Nested } from "../ops/leaf.ts";
import { transposeOp, type TransposeAttrs } from "../ops/transpose.ts";
import { checkShape, inversePerm, sizeOf, type Shape } from "../shape.ts";
import { isTensor, type Tensor } from "../tensor.ts";
import { valuesOf, type Values } from "./values.ts";

/** A layer, a function of a tensor, or several of them, one after the other: a network up to the layer in question. */
export type Explained = Layer | ((x: Tensor) => Tensor) | readonly (Layer | ((x: Tensor) => Tensor))[];

/** Nested numbers, a constant, or values with their shape (what a program gives). (C, H, W) or (N, C, H, W); for dense layers (…, I). */
export type Given = Nested | { readonly shape: Shape; readonly data?: ArrayLike<number> | undefined };

/**
 * Values of states by their names, in the form that users say ((FN, C, FH, FW)): what `session.read` and `readSafetensors`
 * give. Of several layers in a row the names are those of `nn.sequential`: `0.weight`.
 */
export type Weights = Readonly<Record<string, ArrayLike<number> | { readonly data: ArrayLike<number> }>>;

export interface ExplainOptions {
  /** Weights that a session holds. Left out: the layer's first values, or those that were loaded. */
  readonly weights?: Weights | undefined;
}

/** The layer called once: `y` as a graph of `x`, and what is known of its values. */
export interface Called {
  readonly x: Tensor;
  readonly y: Tensor;
  readonly known: Values;
}

/** @throws TatamiError `argument`, `data-length`; what the layer throws. */
export function called(layer: Explained, input: Given, options: ExplainOptions, op: string): Called {
  const { weights } = checkOptions(options, op);
  const given = tensorOf(input, op);
  const x = inputOf(given.shape, given.dtype);
  const known = new Map<Tensor, TypedArray>([[x, given.data]]);
  const row: readonly unknown[] = Array.isArray(layer) ? layer : [layer];
  const y = row.reduce<Tensor>((at, one, i) => {
    if (isLayer(one)) {
      if (weights !== undefined) setWeights(known, one, weights, Array.isArray(layer) ? `${i}.` : "");
      return checked(one.forward(at, prediction), op);
    }
    if (typeof one === "function") return checked((one as (x: Tensor) => Tensor)(at), op);
    throw wrongArgument(op, "layer", one, "a layer, a function from tensor to tensor, or a list of them");
  }, x);
  return { x, y, known };
}

function checked(y: unknown, op: string): Tensor {
  if (isTensor(y)) return y;
  throw wrongArgument(op, "what the layer gives", y, "a tensor");
}

const prediction: Context = {
  training: false,
  random() {
    throw new TatamiError("argument", "a layer asked for random numbers; explanations are of predictions", {
      op: "explain",
    });
  },
  update: () => {},
};

function isLayer(value: unknown): value is Layer {
  return typeof value === "object" && value !== null && "forward" in value && "state" in value;
}

function tensorOf(input: Given, op: string): Tensor & { readonly data: TypedArray } {
  if (isTensor(input)) {
    return { ...input, data: input.data ?? valuesOf(input, new Map(), op) };
  }
  if (typeof input === "object" && "shape" in input && input.data !== undefined) {
    const shape = checkShape(input.shape, op, "the input's shape");
    return withData(constant(filled(input.data, sizeOf(shape), "the input", op), shape));
  }
  if (typeof input === "number" || Array.isArray(input)) return withData(constant(input as Nested));
  throw wrongArgument(op, "input", input, "nested numbers, a constant, or { shape, data }");
}

function withData(t: Tensor): Tensor & { readonly data: TypedArray } {
  return t as Tensor & { readonly data: TypedArray };
}

function filled(data: ArrayLike<number>, size: number, what: string, op: string): Float32Array {
  if (data.length === size) return Float32Array.from(data);
  throw new TatamiError("data-length", `${what} has ${data.length} values, its shape holds ${size}`, {
    op,
    details: { given: data.length, wanted: size },
  });
}

/** A state is a leaf or one transpose of it; graphs read the leaf. */
function setWeights(known: Map<Tensor, TypedArray>, layer: Layer, weights: Weights, prefix: string): void {
  for (const [name, said] of Object.entries(layer.state)) {
    const value = weights[prefix + name];
    if (value === undefined) continue;
    const data = "data" in value ? value.data : value;
    const values = typedArray(said.dtype, sizeOf(said.shape));
    values.set(filled(data, values.length, show(prefix + name), "explain"));
    if (said.op !== transposeOp) known.set(said, values);
    else {
      const perm = inversePerm((said.attrs as TransposeAttrs).perm);
      known.set(said.inputs[0]!, transposeOp.value!([values], { perm }, said.inputs[0]!, [said]));
    }
  }
}
