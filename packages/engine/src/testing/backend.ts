/**
 * Backends for the engine's own tests: slow, plain, and strict. Each kernel loads logical values, poisons what it may
 * write, and stores; a step that breaks the contract's rules about memory throws when it is linked.
 *
 * `testBackend()` is the simplest that can be; `{ sharesBlock: false, pad: 4, alignment: 256 }` has the rules of a GPU.
 */
import {
  decline,
  kernelTable,
  type Backend,
  type Declined,
  type Kernel,
  type Linked,
  type Loss,
  type Pack,
  type Slice,
  type Step,
} from "@tatamijs/core/backend";
import {
  bytesPerElement,
  compositeNames,
  composites,
  input,
  primitiveNames,
  primitives,
  sizeOf,
  TatamiError,
  typedArray,
  type AnyOp,
  type CompositeName,
  type OpName,
  type Spec,
  type TypedArray,
} from "@tatamijs/core";
import { interpret, means, valueOf } from "./values.ts";

export interface TestMemory {
  readonly bytes: Uint8Array;
  freed: boolean;
}

export interface TestKernel extends Kernel {
  readonly name: string;
  compute(inputs: readonly TypedArray[]): TypedArray;
}

export interface TestOptions {
  readonly sharesBlock?: boolean;
  /** The last axis is padded to a multiple of this; 1: not at all. */
  readonly pad?: number;
  readonly alignment?: number;
  /** Composites that it runs whole. Default all. */
  readonly composites?: readonly CompositeName[];
  /** Says why it declines an op, or undefined. */
  readonly declines?: (name: OpName) => string | undefined;
  readonly inPlace?: boolean;
  /** Operand 1 of these ops arrives packed. */
  readonly packs?: readonly OpName[];
  readonly scratch?: number;
  readonly inFlight?: number;
  /** Memory that there is. */
  readonly limit?: number;
  /** Computes nothing, so that what the engine does can be measured. */
  readonly idle?: boolean;
}

export interface TestBackend extends Backend<TestKernel, TestMemory> {
  /** Bytes allocated and not freed. */
  readonly held: () => number;
  /** How often a kernel of this name ran. */
  readonly ran: Map<string, number>;
  lose(reason: string): void;
}

export function testBackend(options: TestOptions = {}): TestBackend {
  const { sharesBlock = true, pad = 1, alignment = 4, inPlace = true, limit = Infinity, inFlight = Infinity } = options;
  const whole = options.composites ?? compositeNames;
  const memories = new Set<TestMemory>();
  const ran = new Map<string, number>();
  let gone: TatamiError | undefined;
  let lose: (loss: Loss) => void = () => {};
  const lost = new Promise<Loss>((resolve) => {
    lose = resolve;
  });

  // bool and u8 take four bytes each where the memory has padding, as they would in WGSL.
  const width = ({ dtype }: Spec): number => (pad > 1 ? 4 : bytesPerElement(dtype));
  const row = (spec: Spec): { logical: number; physical: number } => {
    const logical = spec.shape.at(-1) ?? 1;
    return { logical, physical: Math.ceil(logical / pad) * pad };
  };
  const elements = (spec: Spec): number => {
    const { logical, physical } = row(spec);
    return logical === 0 ? 0 : (sizeOf(spec.shape) / logical) * physical;
  };
  const isRaw = (spec: Spec): boolean => spec.dtype === "u8" && spec.shape.length === 1;
  const size = (spec: Spec): number => (isRaw(spec) ? spec.shape[0]! : elements(spec) * width(spec));
  const view = ({ memory, offset, spec }: Slice<TestMemory>): TypedArray => {
    if (memory.freed) throw new TatamiError("internal", "used after free");
    const wide = pad > 1 && (spec.dtype === "u8" || spec.dtype === "bool") && !isRaw(spec) ? "i32" : spec.dtype;
    return typedArray(
      wide,
      memory.bytes.buffer,
      memory.bytes.byteOffset + offset,
      isRaw(spec) ? spec.shape[0]! : elements(spec),
    );
  };
  const load = (
    from: Slice<TestMemory>,
    into: TypedArray = typedArray(from.spec.dtype, sizeOf(from.spec.shape)),
  ): TypedArray => {
    const all = view(from);
    const { logical, physical } = row(from.spec);
    if (isRaw(from.spec)) into.set(all);
    else for (let i = 0; i < into.length; i++) into[i] = all[Math.floor(i / logical) * physical + (i % logical)]!;
    return into;
  };
  const store = (to: Slice<TestMemory>, values: TypedArray): void => {
    poison(to);
    const all = view(to);
    const { logical, physical } = row(to.spec);
    if (isRaw(to.spec)) all.set(values);
    else for (let i = 0; i < values.length; i++) all[Math.floor(i / logical) * physical + (i % logical)] = values[i]!;
  };

  const make = (name: string, compute: TestKernel["compute"], operands: readonly Spec[], output: Spec): TestKernel => {
    const same = operands.flatMap((x, k) =>
      inPlace && size(x) === size(output) && !(options.packs?.includes(name as OpName) === true && k === 1) ? [k] : [],
    );
    const packed = options.packs?.includes(name as OpName) === true && operands.length > 1;
    const spec = operands[1]!;
    const unpack = (inputs: readonly TypedArray[]): TypedArray[] =>
      inputs.map((x, k) =>
        k === 1 ? (typedArray(spec.dtype, x.slice().buffer, 0, sizeOf(spec.shape)).toReversed() as TypedArray) : x,
      );
    const packing = (): Pack => {
      const bytes = sizeOf(spec.shape) * bytesPerElement(spec.dtype);
      const kernel: TestKernel = {
        name: "pack",
        compute: ([x]) => new Uint8Array((x!.toReversed() as TypedArray).buffer as ArrayBuffer),
      };
      return { input: 1, key: `reversed ${spec.dtype}`, bytes, kernel };
    };
    return {
      name,
      compute: packed ? (inputs) => compute(unpack(inputs)) : compute,
      ...(same.length > 0 ? { inPlace: same } : {}),
      ...(options.scratch === undefined ? {} : { scratch: options.scratch }),
      ...(packed ? { packs: [packing()] } : {}),
    };
  };

  const table: Record<
    string,
    (call: { attrs: unknown; inputs: readonly Spec[]; output: Spec }) => TestKernel | Declined
  > = {};
  for (const name of [...primitiveNames, ...whole]) {
    const op: AnyOp =
      name in primitives ? primitives[name as keyof typeof primitives] : composites[name as CompositeName];
    if (op.kind === "primitive" && !means(op)) continue;
    table[name] = ({ attrs, inputs, output }) => {
      structuredClone({ attrs, inputs, output }); // a call must reach a worker
      const reason = options.declines?.(name);
      if (reason !== undefined) return decline(reason);
      if (options.idle === true) return make(name, () => new Float32Array(0), inputs, output);
      if (op.kind === "primitive")
        return make(name, (values) => valueOf(op, values, attrs, output, inputs), inputs, output);
      const leaves = inputs.map((x) => input(x.shape, x.dtype));
      const root = op.expand(leaves, attrs);
      return make(
        name,
        (values) => interpret([root], new Map(leaves.map((leaf, k) => [leaf, values[k]!])))[0]!,
        inputs,
        output,
      );
    };
  }

  const check = (step: Step<TestKernel, TestMemory>): void => {
    const wrong = (what: string): never => {
      throw new TatamiError("internal", `${step.kernel.name}: ${what}`);
    };
    const all = [...step.inputs, step.output, ...(step.scratch === undefined ? [] : [step.scratch])];
    for (const s of all) {
      if (s.offset % alignment !== 0) wrong(`offset ${s.offset} is not aligned`);
      if (s.offset + s.bytes > s.memory.bytes.length) wrong("slice leaves its memory");
      if (s !== step.scratch && s.bytes !== size(s.spec)) wrong("slice has another size than its spec");
    }
    for (const written of all.slice(step.inputs.length)) {
      step.inputs.forEach((x, k) => {
        const equal = x.memory === written.memory && x.offset === written.offset && x.bytes === written.bytes;
        if (written === step.output && equal && step.kernel.inPlace?.includes(k) === true) return;
        const overlap =
          x.memory === written.memory &&
          x.offset < written.offset + written.bytes &&
          written.offset < x.offset + x.bytes;
        if (overlap || (!sharesBlock && x.memory === written.memory)) wrong(`writes where operand ${k} lies`);
      });
    }
    if (step.scratch !== undefined && !sharesBlock && step.scratch.memory === step.output.memory)
      wrong("scratch and output lie in one memory");
    if ((step.kernel.scratch ?? 0) > (step.scratch?.bytes ?? 0)) wrong("has no scratch");
  };

  return {
    name: "test",
    traits: {
      variant: "slow and plain",
      dtypes: ["f32", "i32", "u8", "bool"],
      alignment,
      sharesBlock,
      maxBytes: 2 ** 31,
      inFlight,
    },
    kernels: kernelTable<TestKernel>(table),
    bytes: size,
    aliases: (from, to) =>
      isRaw(from) === isRaw(to) &&
      (row(from).logical === row(to).logical || (row(from).logical % pad === 0 && row(to).logical % pad === 0)),
    alloc(bytes) {
      if (gone !== undefined) throw gone;
      const held = [...memories].reduce((sum, m) => sum + m.bytes.length, 0);
      if (held + bytes > limit) throw new TatamiError("out-of-memory", `${bytes} bytes more than there are`);
      const memory: TestMemory = { bytes: new Uint8Array(bytes).fill(255), freed: false };
      memories.add(memory);
      return memory;
    },
    free(memory) {
      if (!memories.delete(memory)) throw new TatamiError("internal", "freed twice");
      memory.freed = true;
    },
    write(to, data) {
      if (gone === undefined && options.idle !== true) store(to, data);
    },
    async read(from, into) {
      if (gone !== undefined) throw gone;
      const values = load(from);
      await Promise.resolve();
      into?.set(values);
      return into ?? values;
    },
    link(steps): Linked {
      steps.forEach(check);
      let open = true;
      return {
        run() {
          if (!open) throw new TatamiError("internal", "run after close");
          if (gone !== undefined || options.idle === true) return;
          for (const { kernel, inputs, output, scratch } of steps) {
            ran.set(kernel.name, (ran.get(kernel.name) ?? 0) + 1);
            const values = kernel.compute(inputs.map((x) => load(x)));
            if (scratch !== undefined) poison(scratch);
            store(output, values);
          }
        },
        close() {
          open = false;
        },
      };
    },
    async settle() {
      if (gone !== undefined) throw gone;
    },
    lost,
    async close() {},
    held: () => [...memories].reduce((sum, m) => sum + m.bytes.length, 0),
    ran,
    lose(reason) {
      gone = new TatamiError("backend", `broken: ${reason}`);
      lose({ reason });
    },
  };
}

/** All bits set: NaN in floats, −1 in integers. */
function poison({ memory, offset, bytes }: Slice<TestMemory>): void {
  memory.bytes.fill(255, offset, offset + bytes);
}

/** The rules of a GPU without one: several buffers, padded channels, coarse alignment. */
export const nullGpu = (options: TestOptions = {}): TestBackend =>
  testBackend({ sharesBlock: false, pad: 4, alignment: 256, inFlight: 2, ...options });

/** A backend behind an asynchronous proxy: everything that may be a promise is one, and comes late. */
export function proxied(backend: TestBackend): TestBackend {
  const later = async <T>(value: () => T): Promise<T> => {
    await new Promise((resolve) => setTimeout(resolve, 1));
    return value();
  };
  const kernels = Object.fromEntries(
    Object.entries(backend.kernels).map(([name, prepare]) => [
      name,
      (call: never) => later(() => (prepare as (c: never) => unknown)(call)),
    ]),
  );
  return {
    ...backend,
    name: "proxied",
    kernels: kernels as unknown as TestBackend["kernels"],
    alloc: (bytes) => later(() => backend.alloc(bytes)) as Promise<TestMemory>,
    link: (steps) => later(() => backend.link(steps)) as Promise<Linked>,
  };
}
