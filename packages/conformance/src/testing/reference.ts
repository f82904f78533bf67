/**
 * A backend that runs each op by its float64 meaning. Slow and correct: the kit is tested on it, an engine can be, and the
 * broken backends are it with one thing wrong. It is built to be awkward where the contract leaves room: rows are padded to
 * four elements, steps may be kept out of each other's memory, weights may be asked for packed.
 */
import {
  primitiveNames,
  type Backend,
  type Call,
  type DType,
  type Kernel,
  type Loss,
  type OpName,
  type Pack,
  type Slice,
  type Spec,
  type Step,
  type TypedArray,
} from "@tatamijs/core";
import { decline, kernelTable } from "@tatamijs/core/backend";
import { kitOf, kits } from "../kits.ts";
import { count, hasArray, toDType, toTyped, type Value } from "../value.ts";

export interface ReferenceKernel extends Kernel {
  run(step: Step<ReferenceKernel, ArrayBuffer>): void;
}

export interface ReferenceOptions {
  readonly name?: string;
  /** Rows are padded to four elements, so that physical and logical sizes differ. Default true. */
  readonly padded?: boolean;
  /** Default true. */
  readonly sharesBlock?: boolean;
  /** Ask for the last operand of products packed (its bytes turned round). Default false. */
  readonly packs?: boolean;
  /** Which composites to run whole. Default all. */
  readonly composites?: boolean;
  /** What an op's values are made into before they are stored: for faults. */
  readonly spoil?: (call: Call, inputs: readonly Value[], values: Float64Array) => ArrayLike<number>;
  /** What a call is made into before it is understood: for faults. */
  readonly mishear?: (call: Call) => Call;
  /** Changes a kernel: for faults. */
  readonly tamper?: (kernel: ReferenceKernel, call: Call) => ReferenceKernel;
}

const bytesOf: Readonly<Record<DType, number>> = { f32: 4, f16: 2, i32: 4, u8: 1, bool: 1 };
const packable: readonly OpName[] = ["matmul", "conv2d", "conv2dInputGrad"];

export function reference(options: ReferenceOptions = {}): Backend<ReferenceKernel, ArrayBuffer> {
  const { padded = true, packs = false, spoil, mishear = (call) => call, tamper = (kernel) => kernel } = options;
  const pitch = (shape: readonly number[]): number => {
    const last = shape.at(-1) ?? 1;
    return padded ? Math.ceil(last / 4) * 4 : last;
  };
  const bytes = ({ shape, dtype }: Spec): number =>
    Math.ceil((count(shape.slice(0, -1)) * pitch(shape) * bytesOf[dtype]) / 4) * 4;
  /** Where logical element i lies, in elements. */
  const place = (shape: readonly number[]): ((i: number) => number) => {
    const last = shape.at(-1) ?? 1;
    const row = pitch(shape);
    return (i) => Math.floor(i / last) * row + (i % last);
  };
  const view = (slice: Slice<ArrayBuffer>): TypedArray =>
    arrayOn(slice.spec.dtype, slice.memory, slice.offset, bytes(slice.spec));
  const load = (slice: Slice<ArrayBuffer>): Value => {
    const from = view(slice);
    const at = place(slice.spec.shape);
    const data = new Float64Array(count(slice.spec.shape)).map((_, i) => from[at(i)]!);
    return { shape: slice.spec.shape, dtype: slice.spec.dtype, data };
  };
  const store = (slice: Slice<ArrayBuffer>, data: ArrayLike<number>): void => {
    const to = view(slice);
    const at = place(slice.spec.shape);
    for (let i = 0; i < data.length; i++) to[at(i)] = toDType(slice.spec.dtype, data[i]!);
  };

  /** A packed operand is its bytes turned round, behind nothing. */
  const turned = ({ memory, offset, bytes }: Slice<ArrayBuffer>): Uint8Array<ArrayBuffer> =>
    new Uint8Array(memory.slice(offset, offset + bytes)).reverse();
  const packOf = (input: number, spec: Spec): Pack => ({
    input,
    key: "reversed",
    bytes: bytes(spec),
    kernel: {
      variant: "reverse",
      run: ({ inputs, output }: Step<ReferenceKernel, ArrayBuffer>) => {
        new Uint8Array(output.memory).set(turned(inputs[0]!), output.offset);
      },
    } as ReferenceKernel,
  });

  const prepare = (given: Call): ReferenceKernel | { declined: string } => {
    const call = mishear(given);
    if ([...given.inputs, given.output].some(({ dtype }) => !hasArray(dtype)))
      return decline("this runtime has no Float16Array");
    const kit = kitOf(call.op);
    const pack = packs && packable.includes(call.op) ? packOf(1, given.inputs[1]!) : undefined;
    const sameBytes = (spec: Spec): boolean =>
      spec.dtype === given.output.dtype && sameShape(spec.shape, given.output.shape);
    const kernel: ReferenceKernel = {
      variant: `float64 ${call.op}`,
      ...(pack === undefined
        ? { inPlace: given.inputs.flatMap((input, k) => (sameBytes(input) ? [k] : [])) }
        : { packs: [pack] }),
      run({ inputs, output }) {
        const values = inputs.map((slice, k) => {
          if (k !== pack?.input) return load(slice);
          const memory = turned(slice).buffer;
          return load({ memory, offset: 0, bytes: slice.bytes, spec: given.inputs[k]! });
        });
        const meant = kit.meaning(values, call.attrs).values;
        store(output, spoil?.(given, values, meant) ?? meant);
      },
    };
    return tamper(kernel, given);
  };
  const names: readonly OpName[] = options.composites === false ? primitiveNames : (Object.keys(kits) as OpName[]);
  const lost = new Promise<Loss>(() => undefined);
  return {
    name: options.name ?? "reference",
    traits: {
      variant: "float64 oracle",
      dtypes: (["f32", "f16", "i32", "u8", "bool"] as const).filter(hasArray),
      alignment: 16,
      sharesBlock: options.sharesBlock ?? true,
      maxBytes: 2 ** 30,
      inFlight: 2,
    },
    kernels: kernelTable<ReferenceKernel>(Object.fromEntries(names.map((name) => [name, prepare]))),
    bytes,
    aliases: (from, to) =>
      pitch(from.shape) === (from.shape.at(-1) ?? 1) &&
      pitch(to.shape) === (to.shape.at(-1) ?? 1) &&
      from.dtype === to.dtype,
    alloc: (size) => new ArrayBuffer(size),
    free: () => undefined,
    write: (to, data) => store(to, data),
    read: async (from, into) => {
      const { data, dtype } = load(from);
      const out = into ?? toTyped(dtype, data);
      if (into !== undefined) into.set(data);
      return out;
    },
    link: (steps) => ({
      run: () => {
        for (const step of steps) step.kernel.run(step);
      },
      close: () => undefined,
    }),
    settle: async () => undefined,
    lost,
    close: async () => undefined,
  };
}

const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((size, i) => size === b[i]);

function arrayOn(dtype: DType, memory: ArrayBuffer, offset: number, bytes: number): TypedArray {
  const n = Math.floor(bytes / bytesOf[dtype]);
  switch (dtype) {
    case "f32":
      return new Float32Array(memory, offset, n);
    case "f16":
      return new Float16Array(memory, offset, n);
    case "i32":
      return new Int32Array(memory, offset, n);
    default:
      return new Uint8Array(memory, offset, n);
  }
}
