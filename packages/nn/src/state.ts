/**
 * The states of a model: which are trained, in what form they are stored, and their first values.
 *
 * A layer says its filters as (FN, C, FH, FW), which is a transpose of the leaf that is stored (FN, FH, FW, C): a state's
 * tensor is its leaf, or one transpose of it. Files speak the said form, optimisers and sessions the stored one.
 */
import {
  inversePerm,
  permuted,
  sameShape,
  showShape,
  show,
  transposeOp,
  typedArray,
  sizeOf,
  TatamiError,
  type DType,
  type Layer,
  type Perm,
  type Shape,
  type Tensor,
  type TypedArray,
  wrongArgument,
} from "@tatamijs/core";
import { checkLayer } from "./module.ts";

/** `said = transpose(leaf, perm)`; without `perm` they are one. */
export interface StoredForm {
  readonly leaf: Tensor;
  readonly perm?: Perm;
}

/** @throws TatamiError `state` when the tensor is neither a state nor a transpose of one. */
export function storedForm(said: Tensor, name: string = "state"): StoredForm {
  const turned = said.op === transposeOp;
  const leaf = turned ? said.inputs[0]! : said;
  if (leaf.op.leaf !== "state") {
    throw new TatamiError(
      "state",
      `${name} is made by ${said.op.name}; a layer's states are state(…) or one transpose of it`,
      { op: "state" },
    );
  }
  return turned ? { leaf, perm: (said.attrs as { perm: Perm }).perm } : { leaf };
}

/** Values in the order of the stored form, given in that of the said one. */
export function toStored(said: Tensor, values: ArrayLike<number>): TypedArray {
  const { leaf, perm } = storedForm(said);
  return reordered(values, said.shape, perm === undefined ? undefined : inversePerm(perm), leaf.dtype);
}

/** Values in the order of the said form, given in that of the stored one. */
export function toSaid(said: Tensor, values: ArrayLike<number>): TypedArray {
  const { leaf, perm } = storedForm(said);
  return reordered(values, leaf.shape, perm, leaf.dtype);
}

function reordered(values: ArrayLike<number>, shape: Shape, perm: Perm | undefined, dtype: DType): TypedArray {
  const data = typedArray(dtype, values.length);
  for (let i = 0; i < data.length; i++) data[i] = values[i]!;
  return perm === undefined
    ? data
    : transposeOp.value!([data], { perm }, { shape: permuted(shape, perm), dtype }, [{ shape, dtype }]);
}

/** The states that an optimiser trains, by name. @throws TatamiError `argument`. */
export function parameters(model: Layer): Record<string, Tensor> {
  checkLayer(model, "parameters", "model");
  const buffers = new Set(model.buffers);
  return Object.fromEntries(Object.entries(model.state).filter(([name]) => !buffers.has(name)));
}

/** Number of trained values; one leaf under two names counts once. */
export function parameterCount(model: Layer): number {
  const leaves = new Set(Object.values(parameters(model)).map((said) => storedForm(said).leaf));
  return [...leaves].reduce((sum, leaf) => sum + sizeOf(leaf.shape), 0);
}

/** A tensor of a file. */
export interface NamedValues {
  readonly dtype: DType;
  readonly shape: Shape;
  readonly data: TypedArray;
}

/**
 * The values that the model would start from in a new session, in the said form: a copy. What a session has made of
 * them since is read from the session.
 */
export function firstValues(model: Layer): Map<string, NamedValues> {
  checkLayer(model, "firstValues", "model");
  return new Map(
    Object.entries(model.state).map(([name, said]) => {
      const { leaf } = storedForm(said, name);
      return [name, { dtype: said.dtype, shape: said.shape, data: toSaid(said, leaf.data!) }];
    }),
  );
}

/** Tensors by name, as `readSafetensors` gives them, or a plain record of them. */
export type Tensors = ReadonlyMap<string, FileTensor> | Readonly<Record<string, FileTensor>>;

export interface FileTensor {
  readonly shape: Shape;
  /** f32, f16 or whatever the state's own dtype is. */
  readonly data: ArrayLike<number> | BigInt64Array;
}

/** PyTorch counts the batches that batch norm has seen; with its fixed momentum the count changes nothing. */
const ignored = /(^|\.)num_batches_tracked$/;

/**
 * Each state of the model with its values (said form) from `tensors`: what `loadState` would set.
 * @throws TatamiError `weights`, one error that lists all missing, extra and misshapen tensors.
 */
export function matchState(model: Layer, tensors: Tensors, op: string = "loadState"): Map<Tensor, TypedArray> {
  checkLayer(model, op, "model");
  const given = entriesOf(tensors, op);
  const wanted = new Map(Object.entries(model.state));
  const missing = [...wanted.keys()].filter((name) => !given.has(name));
  const extra = [...given.keys()].filter((name) => !wanted.has(name) && !ignored.test(name));
  const misshapen: string[] = [];
  const found = new Map<Tensor, TypedArray>();
  for (const [name, said] of wanted) {
    const tensor = given.get(name);
    if (tensor === undefined) continue;
    const complaint = misfit(said, tensor);
    if (complaint === undefined)
      found.set(said, reordered(tensor.data as ArrayLike<number>, said.shape, undefined, said.dtype));
    else misshapen.push(`${name} ${complaint}`);
  }
  const problems = [
    ...(missing.length > 0 ? [`missing: ${missing.join(", ")}`] : []),
    ...(extra.length > 0 ? [`extra: ${extra.join(", ")}`] : []),
    ...(misshapen.length > 0 ? [`misshapen: ${misshapen.join("; ")}`] : []),
  ];
  if (problems.length > 0) {
    throw new TatamiError(
      "weights",
      `the tensors do not fit the model; nothing was changed.\n  ${problems.join("\n  ")}\nBuild the model that the file was saved from, or load its own file.`,
      { op, details: { missing, extra, misshapen } },
    );
  }
  return found;
}

/**
 * Sets the model's first values from tensors of PyTorch's names. Call it before the model is first compiled: a session
 * that already holds the states keeps its own (write to it, or use `load` of `tatamijs`, which does both).
 * @throws TatamiError `weights`, one error that lists all missing, extra and misshapen tensors; then nothing is changed.
 */
export function loadState(model: Layer, tensors: Tensors): void {
  for (const [said, values] of matchState(model, tensors)) setFirstValues(said, values);
}

/** Sets what a state (said form) starts from in sessions to come. */
export function setFirstValues(said: Tensor, values: ArrayLike<number>): void {
  const { leaf } = storedForm(said);
  if (values.length !== sizeOf(leaf.shape)) {
    throw new TatamiError(
      "data-length",
      `${values.length} values for a state of shape ${showShape(said.shape)}, which holds ${sizeOf(said.shape)}`,
      {
        op: "setFirstValues",
      },
    );
  }
  (leaf as { data: TypedArray }).data = toStored(said, values);
}

function entriesOf(tensors: unknown, op: string): Map<string, FileTensor> {
  const entries: [unknown, unknown][] =
    tensors instanceof Map
      ? [...(tensors as Map<unknown, unknown>)]
      : typeof tensors === "object" && tensors !== null && !Array.isArray(tensors) && !ArrayBuffer.isView(tensors)
        ? Object.entries(tensors)
        : [["", undefined]];
  for (const [name, value] of entries) {
    const { shape, data } = (typeof value === "object" && value !== null ? value : {}) as Partial<FileTensor>;
    if (
      typeof name !== "string" ||
      !Array.isArray(shape) ||
      typeof data !== "object" ||
      data === null ||
      typeof data.length !== "number"
    ) {
      throw wrongArgument(
        op,
        "tensors",
        tensors,
        "a Map or a record of { shape, data } by name, such as readSafetensors(bytes).tensors",
      );
    }
  }
  return new Map(entries as [string, FileTensor][]);
}

function misfit(said: Tensor, { shape, data }: FileTensor): string | undefined {
  if (!sameShape(shape, said.shape)) {
    return `is ${show(shape)}, wanted ${showShape(said.shape)}`;
  }
  if (data.length !== sizeOf(said.shape)) return `has ${data.length} values, wanted ${sizeOf(said.shape)}`;
  const float = said.dtype === "f32" || said.dtype === "f16";
  const narrow = data instanceof BigInt64Array || (float && (data instanceof Int32Array || data instanceof Uint8Array));
  return narrow ? `holds ${data.constructor.name}, wanted ${said.dtype}` : undefined;
}
