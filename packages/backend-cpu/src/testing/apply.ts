/** Runs one op on a backend without an engine: prepare, pack, link, run, read. For tests. */
import {
  isDeclined,
  type Attrs,
  type Backend,
  type Call,
  type Linked,
  type OpName,
  type Prepare,
  type Slice,
  type Spec,
  type Step,
  type TypedArray,
} from "@tatamijs/core/backend";
import type { CpuKernel, Memory } from "../kernel.ts";
import { cpu } from "../cpu.ts";

export interface Value extends Spec {
  readonly data: TypedArray;
}

/** An op whose memories stand and may be run again. */
export interface Applied {
  run(): Promise<TypedArray>;
  readonly kernel: CpuKernel;
  readonly linked: Linked;
}

export async function prepareOp<N extends OpName>(
  op: N,
  attrs: Attrs<N>,
  inputs: readonly Value[],
  output: Spec,
  backend: Backend<CpuKernel, Memory> = cpu(),
): Promise<Applied> {
  const call: Call<N> = { op, attrs, inputs: inputs.map(({ shape, dtype }) => ({ shape, dtype })), output };
  const prepare = backend.kernels[op] as Prepare<N, CpuKernel>;
  const kernel = await prepare(call);
  if (isDeclined(kernel)) throw new Error(kernel.declined);
  const slice = async (spec: Spec, bytes: number): Promise<Slice<Memory>> => ({
    memory: await backend.alloc(bytes + 8),
    offset: 0,
    bytes,
    spec,
  });
  const slices: Slice<Memory>[] = [];
  for (const { shape, dtype, data } of inputs) {
    const made = await slice({ shape, dtype }, backend.bytes({ shape, dtype }));
    backend.write(made, data);
    slices.push(made);
  }
  const steps: Step<CpuKernel, Memory>[] = [];
  const operands = [...slices];
  for (const pack of kernel.packs ?? []) {
    const packed = await slice({ shape: [pack.bytes], dtype: "u8" }, pack.bytes);
    steps.push(await step(pack.kernel as CpuKernel, [slices[pack.input]!], packed));
    operands[pack.input] = packed;
  }
  const out = await slice(output, backend.bytes(output));
  new Uint8Array(out.memory).fill(0xff);
  steps.push(await step(kernel, operands, out));
  const linked = await backend.link(steps);
  return {
    kernel,
    linked,
    run() {
      linked.run();
      return backend.read(out);
    },
  };

  async function step(
    k: CpuKernel,
    from: readonly Slice<Memory>[],
    to: Slice<Memory>,
  ): Promise<Step<CpuKernel, Memory>> {
    const scratch = k.scratch ?? 0;
    if (scratch === 0) return { kernel: k, inputs: from, output: to };
    const made = await slice({ shape: [scratch], dtype: "u8" }, scratch);
    new Uint8Array(made.memory).fill(0xff);
    return { kernel: k, inputs: from, output: to, scratch: made };
  }
}

export async function applyOp<N extends OpName>(
  op: N,
  attrs: Attrs<N>,
  inputs: readonly Value[],
  output: Spec,
): Promise<TypedArray> {
  return (await prepareOp(op, attrs, inputs, output)).run();
}

/** Whole numbers from −8 to 8, the same for the same seed: sums of their products are exact in f32. */
export function wholes(length: number, seed: number): Float32Array<ArrayBuffer> {
  const values = new Float32Array(length);
  let state = (seed + 1) * 2654435761;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    values[i] = ((state >>> 16) % 17) - 8;
  }
  return values;
}
