/**
 * Data as `fit` reads it: two arrays in memory, or samples one by one from any (async) iterable.
 *
 * The order of an epoch is a pure function of (seed, epoch), so a run that is resumed in the middle of one reads what it
 * would have read. Arrays are permuted whole; a stream is shuffled through a buffer of `shuffle` samples.
 */
import { sameShape, show, showShape, sizeOf, TatamiError, type Shape, type TypedArray } from "@tatamijs/core";
import { generator, type Generator as Draws } from "@tatamijs/nn";
import type { Augment } from "./augment.ts";

/** Values with a shape; `constant(data, shape)` is one. */
export interface Values {
  readonly data?: TypedArray;
  readonly shape: Shape;
}

/** Samples in memory: axis 0 counts them in both. Targets: classes (whole numbers), or values. */
export interface ArrayData {
  readonly inputs: Values;
  readonly targets: Values;
}

/** One sample, without the batch's axis; a plain number as target is a class. */
export interface Sample {
  readonly input: Values;
  readonly target: Values | number;
}

export type Samples = Iterable<Sample> | AsyncIterable<Sample>;

/** Arrays; samples that can be iterated again in each epoch; or a function that begins a new pass. */
export type Dataset = ArrayData | Samples | (() => Samples);

/** `inputs` [n, …] f32 or i32, `targets` [n, …] f32 or i32. The arrays are used again for the next batch. */
export interface Batch {
  readonly size: number;
  readonly inputs: { readonly data: TypedArray; readonly shape: Shape };
  readonly targets: { readonly data: TypedArray; readonly shape: Shape };
}

export interface BatchOptions {
  readonly batchSize: number;
  readonly epoch: number;
  readonly seed: number;
  /** false: in order. true: arrays whole, streams through 1,024 samples. A number: a stream's buffer. */
  readonly shuffle: boolean | number;
  /** Leave out a last batch that is not full. */
  readonly dropLast: boolean;
  /** Batches to pass over at the beginning. */
  readonly skip: number;
  readonly augment?: Augment | undefined;
}

export function isArrayData(data: unknown): data is ArrayData {
  return typeof data === "object" && data !== null && "inputs" in data && "targets" in data;
}

/** Number of samples where that is known without reading them. */
export function lengthOf(data: Dataset): number | undefined {
  return isArrayData(data) ? data.inputs.shape[0] : undefined;
}

/** @throws TatamiError `argument`, `shape`, `data-length`, `zero-size` for what is no data. */
export function checkDataset(data: unknown, op: string, name: string): Dataset {
  const given: unknown = data;
  if (isArrayData(given)) {
    for (const part of ["inputs", "targets"] as const) checkValues(given[part], op, `${name}.${part}`);
    const [n, m] = [given.inputs.shape[0], given.targets.shape[0]];
    if (n === undefined || n !== m) {
      throw new TatamiError(
        "shape",
        `${name}: inputs ${showShape(given.inputs.shape)} and targets ${showShape(given.targets.shape)} differ along axis 0; give one target per sample`,
        {
          op,
          details: { inputs: given.inputs.shape, targets: given.targets.shape },
        },
      );
    }
    if (sizeOf(given.inputs.shape) === 0) {
      throw new TatamiError(
        "zero-size",
        `${name}: inputs ${showShape(given.inputs.shape)} hold nothing; give at least one sample`,
        { op },
      );
    }
    return given;
  }
  const iterable =
    typeof given === "object" && given !== null && (Symbol.iterator in given || Symbol.asyncIterator in given);
  if (typeof given === "function" || (iterable && !ArrayBuffer.isView(given))) return given as Dataset;
  throw new TatamiError(
    "argument",
    `${name} is ${show(data)}; give { inputs: { data, shape }, targets: { data, shape } }, or an iterable of { input, target }`,
    { op, details: { name, given: data } },
  );
}

function checkValues(value: unknown, op: string, name: string): { data: TypedArray; shape: Shape } {
  const { data, shape } = (typeof value === "object" && value !== null ? value : {}) as Partial<Values>;
  if (!ArrayBuffer.isView(data) || data instanceof DataView || isBig(data) || !Array.isArray(shape)) {
    throw new TatamiError(
      "argument",
      `${name} is ${show(value)}; give { data, shape } with a typed array, such as constant(pixels, [60000, 1, 28, 28])`,
      {
        op,
        details: { name },
      },
    );
  }
  if (!shape.every((dim: unknown) => typeof dim === "number" && Number.isInteger(dim) && dim >= 0)) {
    throw new TatamiError("shape", `${name}.shape is ${show(shape)}; give whole numbers ≥ 0`, { op });
  }
  if (data.length !== sizeOf(shape)) {
    throw new TatamiError(
      "data-length",
      `${name} has ${data.length} values for shape ${showShape(shape)}, which holds ${sizeOf(shape)}`,
      {
        op,
        details: { name, given: data.length, wanted: sizeOf(shape) },
      },
    );
  }
  return { data, shape };
}

const isBig = (data: ArrayBufferView): boolean => data instanceof BigInt64Array || data instanceof BigUint64Array;

/** The whole numbers below `count`, in an order drawn by Fisher and Yates' shuffle. */
export function permutation(count: number, random: Draws): Int32Array {
  const order = Int32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}

/** What each use of the seed is for, so that no two draw the same numbers. */
const ORDER = 1;
const AUGMENT = 2;

/** The batches of one epoch. */
export async function* batches(data: Dataset, options: BatchOptions): AsyncGenerator<Batch, void, undefined> {
  if (isArrayData(data)) yield* arrayBatches(data, options);
  else yield* streamBatches(data, options);
}

function* arrayBatches(data: ArrayData, options: BatchOptions): Iterable<Batch> {
  const { batchSize, epoch, seed, shuffle, dropLast, skip } = options;
  const count = data.inputs.shape[0]!;
  const order = shuffle === false ? undefined : permutation(count, generator(seed, ORDER, epoch));
  const inputs = packer(data.inputs.shape.slice(1), data.inputs.data!, false, batchSize);
  const targets = packer(data.targets.shape.slice(1), data.targets.data!, true, batchSize);
  for (let start = skip * batchSize; start < count; start += batchSize) {
    const size = Math.min(batchSize, count - start);
    if (dropLast && size < batchSize) return;
    for (let i = 0; i < size; i++) {
      const at = order?.[start + i] ?? start + i;
      inputs.put(i, data.inputs.data!, at);
      targets.put(i, data.targets.data!, at);
      augmented(inputs, i, start + i, options);
    }
    yield { size, inputs: inputs.batch(size), targets: targets.batch(size) };
  }
}

async function* streamBatches(
  data: Samples | (() => Samples),
  options: BatchOptions,
): AsyncGenerator<Batch, void, undefined> {
  const { batchSize, skip, dropLast } = options;
  let packers: { inputs: Packer; targets: Packer } | undefined;
  let seen = 0;
  let filled = 0;
  for await (const { input, target } of shuffled(typeof data === "function" ? data() : data, options)) {
    const [x, t] = [input, typeof target === "number" ? { data: Int32Array.of(target), shape: [] } : target];
    packers ??= {
      inputs: packer(x.shape, x.data!, false, batchSize),
      targets: packer(t.shape, t.data!, true, batchSize),
    };
    packers.inputs.check(x, seen, "input");
    packers.targets.check(t, seen, "target");
    if (seen >= skip * batchSize) {
      packers.inputs.put(filled, x.data!, 0);
      packers.targets.put(filled, t.data!, 0);
      augmented(packers.inputs, filled, seen, options);
      filled++;
    }
    seen++;
    if (filled === batchSize) {
      yield { size: filled, inputs: packers.inputs.batch(filled), targets: packers.targets.batch(filled) };
      filled = 0;
    }
  }
  if (packers !== undefined && filled > 0 && !dropLast) {
    yield { size: filled, inputs: packers.inputs.batch(filled), targets: packers.targets.batch(filled) };
  }
  if (seen === 0) {
    throw new TatamiError(
      "zero-size",
      `the data gave no sample in epoch ${options.epoch + 1}; an iterator that is used up cannot begin again: give a function that starts a new pass, () => samples()`,
      {
        op: "fit",
      },
    );
  }
}

async function* shuffled(
  samples: unknown,
  { shuffle, seed, epoch }: BatchOptions,
): AsyncGenerator<Sample, void, undefined> {
  const room = shuffle === false ? 0 : shuffle === true ? 1024 : shuffle;
  const random = generator(seed, ORDER, epoch);
  const buffer: Sample[] = [];
  for await (const sample of checkIterable(samples)) {
    checkSample(sample);
    if (buffer.length < room) {
      buffer.push(sample);
    } else if (room === 0) {
      yield sample;
    } else {
      const at = random.below(room);
      yield buffer[at]!;
      buffer[at] = sample;
    }
  }
  for (const at of permutation(buffer.length, random)) yield buffer[at]!;
}

function checkIterable(samples: unknown): Samples {
  if (
    typeof samples === "object" &&
    samples !== null &&
    (Symbol.iterator in samples || Symbol.asyncIterator in samples)
  )
    return samples as Samples;
  throw new TatamiError(
    "argument",
    `the function that begins a pass gave ${show(samples)}; return an iterable of { input, target }`,
    { op: "fit" },
  );
}

function checkSample(sample: unknown): void {
  const { input, target } = (typeof sample === "object" && sample !== null ? sample : {}) as Partial<Sample>;
  checkValues(input, "fit", "a sample's input");
  if (typeof target === "number") {
    if (Number.isInteger(target)) return;
    throw new TatamiError(
      "argument",
      `a sample's target is ${target}; a plain number is a class, so whole: give { data: Float32Array.of(${target}), shape: [1] } for a value`,
      {
        op: "fit",
      },
    );
  }
  checkValues(target, "fit", "a sample's target");
}

function augmented(inputs: Packer, slot: number, position: number, { augment, seed, epoch }: BatchOptions): void {
  if (augment !== undefined) augment(inputs.row(slot), inputs.shape, generator(seed, AUGMENT, epoch, position));
}

interface Packer {
  readonly shape: Shape;
  put(slot: number, from: TypedArray, at: number): void;
  row(slot: number): Float32Array;
  check(sample: Values, at: number, name: string): void;
  batch(size: number): { readonly data: TypedArray; readonly shape: Shape };
}

/** Gathers samples into one array: bytes become f32 as they are (0 … 255), classes i32. */
function packer(shape: Shape, like: TypedArray, target: boolean, batchSize: number): Packer {
  const length = sizeOf(shape);
  const whole = like instanceof Int32Array || (target && like instanceof Uint8Array);
  const data = whole ? new Int32Array(batchSize * length) : new Float32Array(batchSize * length);
  return {
    shape,
    put: (slot, from, at) => data.set(from.subarray(at * length, (at + 1) * length), slot * length),
    row(slot) {
      if (data instanceof Float32Array) return data.subarray(slot * length, (slot + 1) * length);
      throw new TatamiError("dtype", "inputs are i32, and augmentation wants f32 or bytes; give a Float32Array", {
        op: "fit",
      });
    },
    check({ data: values, shape: given }, at, name) {
      if (whole && values!.constructor.name.startsWith("Float")) {
        throw new TatamiError(
          "dtype",
          `sample ${at}: its ${name} is a ${values!.constructor.name}, the first one's ${like.constructor.name} would cut off fractions; give all samples one type`,
          { op: "fit", details: { given: values!.constructor.name, wanted: like.constructor.name } },
        );
      }
      if (sameShape(given, shape)) return;
      throw new TatamiError(
        "shape",
        `sample ${at}: its ${name} has shape ${showShape(given)}, the first one's ${showShape(shape)}; samples of one batch have one shape`,
        {
          op: "fit",
          details: { given, wanted: shape },
        },
      );
    },
    batch: (size) => ({ data: size === batchSize ? data : data.subarray(0, size * length), shape: [size, ...shape] }),
  };
}
