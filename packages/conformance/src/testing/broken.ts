/**
 * Backends with one thing wrong. The kit proves itself on them: each must be caught. A kit that lets one through says
 * nothing about the backends that it passes.
 */
import type { Call, OpName } from "@tatamijs/core";
import { kitOf } from "../kits.ts";
import type { AnyBackend } from "../memory.ts";
import { toDType, type Value } from "../value.ts";
import { reference, type ReferenceKernel, type ReferenceOptions } from "./reference.ts";

export interface Broken {
  readonly name: string;
  /** Ops that it gets wrong: where to look for it. */
  readonly ops: readonly OpName[];
  open(): AnyBackend;
}

const conv: readonly OpName[] = ["conv2d", "conv2dInputGrad", "conv2dWeightGrad"];

type Attrs = Readonly<Record<string, unknown>>;
const attrsOf = (call: Call): Attrs => call.attrs as unknown as Attrs;
const withAttrs = (call: Call, change: Attrs): Call => ({ ...call, attrs: { ...attrsOf(call), ...change } });

const fault = (name: string, ops: readonly OpName[], options: ReferenceOptions): Broken => ({
  name,
  ops,
  open: () => reference({ name: `broken: ${name}`, ...options }),
});

/** Only calls of these ops are misheard. */
const mishear = (ops: readonly OpName[], change: (call: Call) => Call): ReferenceOptions => ({
  mishear: (call) => (ops.includes(call.op) ? change(call) : call),
});

/** The values of these ops are spoilt. */
const spoil = (ops: readonly OpName[], change: NonNullable<ReferenceOptions["spoil"]>): ReferenceOptions => ({
  spoil: (call, inputs, values) => (ops.includes(call.op) ? change(call, inputs, values) : values),
});

const tamper = (
  ops: readonly OpName[],
  change: (kernel: ReferenceKernel, call: Call) => ReferenceKernel,
): ReferenceOptions => ({
  tamper: (kernel, call) => (ops.includes(call.op) ? change(kernel, call) : kernel),
});

/** The same op over other operands. */
const again = (call: Call, inputs: readonly Value[]): Float64Array => kitOf(call.op).meaning(inputs, call.attrs).values;

const flip = (pair: unknown): unknown => [...(pair as readonly number[])].reverse();

/** The last tap of every filter is left out. */
function withoutLastTap(call: Call, [x, w]: readonly Value[]): Float64Array {
  const [, fh, fw, c] = w!.shape as [number, number, number, number];
  const data = w!.data.map((v, i) => (Math.floor(i / c) % (fh * fw) === fh * fw - 1 ? 0 : v));
  return again(call, [x!, { ...w!, data }]);
}

/** Every group reads from one channel further on. */
function fromNextChannel(call: Call, [x, w]: readonly Value[]): Float64Array {
  const channels = x!.shape[3]!;
  const data = x!.data.map((_, i) => x!.data[i - (i % channels) + (((i % channels) + 1) % channels)]!);
  return again(call, [{ ...x!, data }, w!]);
}

const groupsOf = (call: Call): number => attrsOf(call)["groups"] as number;

/** Wraps a backend's own functions. */
const wrapped = (
  name: string,
  ops: readonly OpName[],
  change: (backend: AnyBackend) => Partial<AnyBackend>,
): Broken => ({
  name,
  ops,
  open() {
    const backend = reference({ name: `broken: ${name}` });
    return { ...backend, ...change(backend) };
  },
});

export const brokenBackends: readonly Broken[] = [
  fault(
    "padding off by one",
    conv,
    mishear(conv, (call) => {
      const [top, ...rest] = attrsOf(call)["padding"] as readonly number[];
      return withAttrs(call, { padding: [top! + 1, ...rest] });
    }),
  ),
  fault(
    "height and width swapped in the stride",
    conv,
    mishear(conv, (call) => withAttrs(call, { stride: flip(attrsOf(call)["stride"]) })),
  ),
  fault(
    "height and width swapped in the dilation",
    conv,
    mishear(conv, (call) => withAttrs(call, { dilation: flip(attrsOf(call)["dilation"]) })),
  ),
  fault(
    "bias dropped",
    ["convBlock"],
    mishear(["convBlock"], (call) => withAttrs(call, { bias: false })),
  ),
  fault(
    "bias of a dense layer dropped",
    ["linear"],
    spoil(["linear"], (call, [x, w]) => again(call, [x!, w!])),
  ),
  fault("a tap dropped", ["conv2d"], spoil(["conv2d"], withoutLastTap)),
  fault(
    "wrong group stride",
    ["conv2d"],
    spoil(["conv2d"], (call, inputs, values) => (groupsOf(call) > 1 ? fromNextChannel(call, inputs) : values)),
  ),
  fault(
    "zeros",
    ["matmul"],
    spoil(["matmul"], (_, __, values) => values.map(() => 0)),
  ),
  fault(
    "a NaN in the last element",
    ["pool2d"],
    spoil(["pool2d"], (_, __, values) => values.with(-1, NaN)),
  ),
  fault(
    "NaN lost",
    ["unary"],
    spoil(["unary"], (_, __, values) => values.map((v) => (Number.isNaN(v) ? 0 : v))),
  ),
  fault(
    "a leading NaN lost by max pooling",
    ["pool2d"],
    spoil(["pool2d"], (call, [x], values) => {
      if (attrsOf(call)["fn"] !== "max") return values;
      const lost = x!.data.map((v, i) => (Number.isNaN(v) && i < x!.data.length / 2 ? -Infinity : v));
      return again(call, [{ ...x!, data: lost }]);
    }),
  ),
  fault(
    "infinity clamped",
    ["reduce"],
    spoil(["reduce"], (_, __, values) => values.map((v) => Math.min(Math.max(v, -3e38), 3e38))),
  ),
  fault(
    "minus zero lost in a copy",
    ["transpose"],
    spoil(["transpose"], (_, __, values) => values.map((v) => v + 0)),
  ),
  fault(
    "half precision inside",
    ["matmul"],
    spoil(["matmul"], (_, __, values) => values.map((v) => toDType("f16", v))),
  ),
  fault(
    "one ulp off on whole numbers",
    ["conv2d"],
    spoil(["conv2d"], (_, __, values) => values.map((v) => v * (1 + 2 ** -22))),
  ),
  fault(
    "the last of a tie wins",
    ["argReduce"],
    spoil(["argReduce"], (call, [x], values) => {
      const axis = attrsOf(call)["axis"] as number;
      return values.every((v) => v === 0) ? values.map(() => x!.shape[axis]! - 1) : values;
    }),
  ),
  fault(
    "remainders of four forgotten",
    ["binary"],
    spoil(["binary"], (_, __, values) => values.map((v, i) => (i >= values.length - (values.length % 4) ? 0 : v))),
  ),
  fault(
    "every second index outside wraps round",
    ["gather"],
    spoil(["gather"], (call, [x, index]) => {
      const size = x!.shape[attrsOf(call)["axis"] as number]!;
      return again(call, [
        x!,
        { ...index!, data: index!.data.map((at) => (size === 0 ? at : ((at % size) + size) % size)) },
      ]);
    }),
  ),
  fault(
    "ceil counted as floor",
    ["pool2d"],
    spoil(["pool2d"], (call, _, values) => {
      const { output, kernel, stride, padding, input } = attrsOf(call) as { readonly [key: string]: readonly number[] };
      const sticksOut = (output![0]! - 1) * stride![0]! + kernel![0]! - padding![0]! > input![0]! + padding![2]!;
      return sticksOut ? values.map(() => 0) : values;
    }),
  ),
  fault(
    "another random stream",
    ["random"],
    mishear(["random"], (call) => withAttrs(call, { stream: (attrsOf(call)["stream"] as number) ^ 1 })),
  ),
  fault(
    "stale output",
    ["unary"],
    tamper(["unary"], (kernel) => {
      let ran = false;
      return {
        ...kernel,
        run(step) {
          if (!ran) kernel.run(step);
          ran = true;
        },
      };
    }),
  ),
  fault(
    "adds to what was there",
    ["scatterAdd"],
    tamper(["scatterAdd"], (kernel) => ({
      ...kernel,
      run(step) {
        const { memory, offset, bytes } = step.output;
        const before = Float32Array.from(new Float32Array(memory, offset, bytes / 4));
        kernel.run(step);
        const after = new Float32Array(memory, offset, bytes / 4);
        after.forEach((v, i) => (after[i] = v + before[i]!));
      },
    })),
  ),
  fault(
    "writes past its slice",
    ["slice"],
    tamper(["slice"], (kernel) => ({
      ...kernel,
      run(step) {
        kernel.run(step);
        new Uint8Array(step.output.memory, step.output.offset + step.output.bytes, 1)[0] = 1;
      },
    })),
  ),
  fault(
    "writes before its slice",
    ["concat"],
    tamper(["concat"], (kernel) => ({
      ...kernel,
      run(step) {
        kernel.run(step);
        new Uint8Array(step.output.memory, step.output.offset - 1, 1)[0] = 1;
      },
    })),
  ),
  fault(
    "claims to work in place",
    ["transpose"],
    tamper(["transpose"], (kernel, { inputs, output }) => ({
      ...kernel,
      ...(inputs[0]!.shape.join() === output.shape.join() ? { inPlace: [0] } : {}),
      run(step) {
        new Uint8Array(step.output.memory, step.output.offset, step.output.bytes).fill(0);
        kernel.run(step);
      },
    })),
  ),
  fault(
    "reads scratch that it has not written",
    ["softmax"],
    tamper(["softmax"], (kernel) => ({
      ...kernel,
      scratch: 64,
      run(step) {
        kernel.run(step);
        const { memory, offset } = step.scratch!;
        new Float32Array(step.output.memory, step.output.offset, 1)[0]! += new Float32Array(memory, offset, 1)[0]!;
      },
    })),
  ),
  fault(
    "changes its input",
    ["cast"],
    tamper(["cast"], (kernel) => ({
      ...kernel,
      run(step) {
        kernel.run(step);
        const [input] = step.inputs;
        if (input!.bytes > 0) new Uint8Array(input!.memory, input!.offset, 1)[0]! ^= 64;
      },
    })),
  ),
  fault("packs once and never again", ["matmul"], {
    packs: true,
    ...tamper(["matmul"], (kernel) => ({
      ...kernel,
      packs: kernel.packs!.map((pack) => {
        let packed = false;
        return {
          ...pack,
          kernel: {
            ...pack.kernel,
            run(step: Parameters<ReferenceKernel["run"]>[0]) {
              if (!packed) (pack.kernel as ReferenceKernel).run(step);
              packed = true;
            },
          },
        };
      }),
    })),
  }),
  fault("keeps the fixed weights of its first run", ["conv2d"], {
    ...tamper(["conv2d"], (kernel, call) => {
      if (call.inputs[1]!.fixed !== true) return kernel;
      let kept: Parameters<ReferenceKernel["run"]>[0]["inputs"][number] | undefined;
      return {
        ...kernel,
        run(step) {
          const [x, w] = step.inputs;
          kept ??= { ...w!, memory: w!.memory.slice(0) };
          kernel.run({ ...step, inputs: [x!, kept] });
        },
      };
    }),
  }),
  fault("reads the operand that it asked for packed", ["matmul"], {
    packs: true,
    ...tamper(["matmul"], (kernel) => ({
      ...kernel,
      packs: kernel.packs!.map((pack) => ({
        ...pack,
        key: "nothing",
        kernel: { name: "nothing", run: () => undefined } as ReferenceKernel,
      })),
    })),
  }),
  wrapped("reads late", ["binary"], (backend) => ({
    read: async (from, into) => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      return backend.read(from, into);
    },
  })),
  wrapped("reads into an array of its own", ["unary"], (backend) => ({ read: (from) => backend.read(from) })),
  wrapped("keeps the array that it was given", ["binary"], (backend) => {
    const late: (() => void)[] = [];
    return {
      write: (to, data) => void late.push(() => backend.write(to, data)),
      link: async (steps) => {
        const linked = await backend.link(steps);
        return {
          close: () => linked.close(),
          run() {
            for (const write of late.splice(0)) write();
            linked.run();
          },
        };
      },
    };
  }),
  wrapped("reads another type", ["argReduce"], (backend) => ({
    read: async (from) => Float32Array.from(await backend.read(from)),
  })),
  wrapped("calls every reshape free", ["reshape"], () => ({ aliases: () => true })),
  wrapped("prepare throws", ["detach"], (backend) => ({
    kernels: {
      ...backend.kernels,
      detach: () => {
        throw new Error("not today");
      },
    },
  })),
  wrapped("does what its traits deny", ["unary"], (backend) => ({
    traits: { ...backend.traits, dtypes: ["f32", "bool"] },
  })),
  wrapped("fails when it runs", ["select"], (backend) => ({
    settle: () => Promise.reject(new Error("the device said no")),
    read: () => Promise.reject(new Error("the device said no")),
    name: backend.name,
  })),
];
