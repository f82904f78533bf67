/** What carries f16 to an f32 kernel and back. */
import type { Call, OpName, Shape, Spec, TypedArray } from "@tatamijs/core/backend";
import type { CpuKernel, Io } from "./kernel.ts";

export async function widened<N extends OpName>(
  call: Call<N>,
  prepare: (call: Call<N>) => CpuKernel | Promise<CpuKernel>,
): Promise<CpuKernel> {
  const half = (spec: Spec): boolean => spec.dtype === "f16";
  const wide = <S extends Spec>(spec: S): S => (half(spec) ? { ...spec, dtype: "f32" } : spec);
  const kernel = await prepare({ ...call, inputs: call.inputs.map(wide), output: wide(call.output) });
  const packed = (kernel.packs ?? []).map((pack) => pack.input);
  const carried = around(
    kernel,
    call.inputs.map((spec, k) => (half(spec) && !packed.includes(k) ? sizeOf(spec.shape) : 0)),
    half(call.output) ? sizeOf(call.output.shape) : 0,
  );
  if (kernel.packs === undefined) return carried;
  const packs = kernel.packs.map((pack) => {
    const spec = call.inputs[pack.input]!;
    return half(spec)
      ? { ...pack, key: `f16-${pack.key}`, kernel: around(pack.kernel as CpuKernel, [sizeOf(spec.shape)], 0) }
      : pack;
  });
  return { ...carried, packs };
}

/** `inputs[k]` f32 elements for input k in scratch (0: given as it is), and so for the output. */
function around(kernel: CpuKernel, inputs: readonly number[], output: number): CpuKernel {
  const own = Math.ceil((kernel.scratch ?? 0) / 64) * 64;
  let bytes = own;
  const take = (length: number): number => {
    const at = bytes;
    bytes += Math.ceil(length / 16) * 64;
    return at;
  };
  const inputAt = inputs.map(take);
  const outputAt = take(output);
  return {
    scratch: bytes,
    bind(io: Io) {
      const { buffer, byteOffset } = io.scratch;
      const part = (at: number, length: number): Float32Array => new Float32Array(buffer, byteOffset + at, length);
      const copies: [Float32Array, TypedArray][] = [];
      const operands = io.inputs.map((values, k) => {
        const length = inputs[k] ?? 0;
        if (length === 0) return values;
        const view = part(inputAt[k]!, length);
        copies.push([view, values]);
        return view;
      });
      const result = output === 0 ? io.output : part(outputAt, output);
      const run = kernel.bind({ inputs: operands, output: result, scratch: io.scratch.subarray(0, own / 8) });
      return () => {
        for (let i = 0; i < copies.length; i++) copies[i]![0].set(copies[i]![1]);
        run();
        if (output !== 0) io.output.set(result);
      };
    },
  };
}

const sizeOf = (shape: Shape): number => shape.reduce((size, dim) => size * dim, 1);
