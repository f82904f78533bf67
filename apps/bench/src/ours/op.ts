/** One op on a backend, straight at the contract: what is timed is the kernel. */
import type { Call, Declined, Kernel, Operand, OpName, Slice, Spec, Step } from "@tatamijs/core/backend";
import { isDeclined } from "@tatamijs/core/backend";
import type { Layer } from "../layers.ts";
import type { Ready, Task } from "../runner.ts";
import { sizeOf } from "../shapes.ts";
import type { AnyBackend } from "./runner.ts";

export async function prepareOp({ net, input }: Task, backend: AnyBackend): Promise<Ready> {
  const layer = net.layers[0]!;
  const { call, weights } = callOf(net.input, layer);
  const kernel = await (backend.kernels[call.op] as (call: Call) => Kernel | Declined | Promise<Kernel | Declined>)(
    call as unknown as Call,
  );
  if (isDeclined(kernel)) throw new Error(`${call.op} declined: ${kernel.declined}`);
  const operands = [await place(backend, call.inputs[0]!, input), await place(backend, call.inputs[1]!, weights)];
  const packs: Step<Kernel, unknown>[] = [];
  const given: Slice<unknown>[] = [...operands];
  for (const pack of kernel.packs ?? []) {
    given[pack.input] = await slice(backend, { shape: [pack.bytes], dtype: "u8" }, pack.bytes);
    packs.push(await step(backend, pack.kernel, [operands[pack.input]!], given[pack.input]!));
  }
  const output = await slice(backend, call.output, backend.bytes(call.output));
  const packing = await backend.link(packs);
  packing.run();
  const program = await backend.link([await step(backend, kernel, given, output)] as never);
  const answer = new Float32Array(sizeOf(call.output.shape));
  return {
    // A backend that answers runs late is asked for the answer.
    run: Number.isFinite(backend.traits.inFlight)
      ? () => {
          program.run();
          return backend.read(output, answer);
        }
      : () => program.run(),
    async burst(count) {
      for (let i = 0; i < count; i++) program.run();
      await backend.settle();
    },
    async answer() {
      program.run();
      return (await backend.read(output)) as Float32Array;
    },
    close: () => backend.close(),
  };
}

interface Placed {
  readonly op: OpName;
  readonly attrs: unknown;
  readonly inputs: readonly Operand[];
  readonly output: Spec;
}

function callOf(input: readonly number[], layer: Layer): { call: Placed; weights: Float32Array } {
  const f32 = (shape: readonly number[]): Spec => ({ shape, dtype: "f32" });
  const fixed = (shape: readonly number[]): Operand => ({ ...f32(shape), fixed: true });
  if (layer.kind === "linear") {
    const attrs = { ta: false, tb: true };
    return {
      call: { op: "matmul", attrs, inputs: [f32(input), fixed(layer.shape)], output: f32([input[0]!, layer.shape[0]]) },
      weights: layer.weights,
    };
  }
  if (layer.kind !== "conv") throw new Error(`${layer.kind} is no single op of the bench`);
  const [filters, kernel] = layer.shape;
  const size = (axis: 0 | 1): number =>
    Math.floor((input[axis + 1]! + layer.padding[axis] + layer.padding[axis + 2]! - kernel) / layer.stride) + 1;
  const attrs = {
    input: [input[1]!, input[2]!],
    kernel: [kernel, kernel],
    output: [size(0), size(1)],
    stride: [layer.stride, layer.stride],
    padding: layer.padding,
    dilation: [1, 1],
    groups: layer.groups,
  };
  return {
    call: {
      op: "conv2d",
      attrs,
      inputs: [f32(input), fixed(layer.shape)],
      output: f32([input[0]!, size(0), size(1), filters]),
    },
    weights: layer.weights,
  };
}

async function slice(backend: AnyBackend, spec: Spec, bytes: number): Promise<Slice<unknown>> {
  return { memory: await backend.alloc(bytes), offset: 0, bytes, spec };
}

async function place(backend: AnyBackend, spec: Spec, data: Float32Array): Promise<Slice<unknown>> {
  const made = await slice(backend, spec, backend.bytes(spec));
  backend.write(made, data);
  return made;
}

async function step(
  backend: AnyBackend,
  kernel: Kernel,
  inputs: readonly Slice<unknown>[],
  output: Slice<unknown>,
): Promise<Step<Kernel, unknown>> {
  const scratch = kernel.scratch ?? 0;
  if (scratch === 0) return { kernel, inputs, output };
  return { kernel, inputs, output, scratch: await slice(backend, { shape: [scratch], dtype: "u8" }, scratch) };
}
