/**
 * f16 by way of f32: operands are widened into scratch, the f32 kernel runs, its result is rounded. One set of hot loops,
 * which only ever see Float32Arrays.
 */
import { sizeOf, type Call, type OpName, type Spec, type TypedArray } from "@tatamijs/core/backend";
import { f32Bytes, f32Part, type CpuKernel, type Io } from "./kernel.ts";

export function throughF32<N extends OpName>(call: Call<N>, prepare: (call: Call<N>) => CpuKernel): CpuKernel {
  const half = (spec: Spec): boolean => spec.dtype === "f16";
  if (!call.inputs.some(half) && !half(call.output)) return prepare(call);
  const wide = <S extends Spec>(spec: S): S => (half(spec) ? { ...spec, dtype: "f32" } : spec);
  const kernel = prepare({ ...call, inputs: call.inputs.map(wide), output: wide(call.output) });
  const packed = (kernel.packs ?? []).map((pack) => pack.input);
  const through = widened(
    kernel,
    call.inputs.map((spec, k) => (half(spec) && !packed.includes(k) ? sizeOf(spec.shape) : 0)),
    half(call.output) ? sizeOf(call.output.shape) : 0,
  );
  if (kernel.packs === undefined) return through;
  const packs = kernel.packs.map((pack) => {
    const spec = call.inputs[pack.input]!;
    return half(spec)
      ? { ...pack, key: `f16-${pack.key}`, kernel: widened(pack.kernel as CpuKernel, [sizeOf(spec.shape)], 0) }
      : pack;
  });
  return { ...through, packs };
}

/** `inputs[k]` f32 elements for input k in scratch (0: given as it is), and so for the output. */
function widened(kernel: CpuKernel, inputs: readonly number[], output: number): CpuKernel {
  const own = Math.ceil((kernel.scratch ?? 0) / 64) * 64;
  let bytes = own;
  const take = (length: number): number => {
    const at = bytes;
    bytes += f32Bytes(length);
    return at;
  };
  const inputAt = inputs.map(take);
  const outputAt = take(output);
  return {
    scratch: bytes,
    bind(io: Io) {
      const copies: [Float32Array, TypedArray][] = [];
      const operands = io.inputs.map((values, k) => {
        const length = inputs[k] ?? 0;
        if (length === 0) return values;
        const view = f32Part(io.scratch, inputAt[k]!, length);
        copies.push([view, values]);
        return view;
      });
      const result = output === 0 ? io.output : f32Part(io.scratch, outputAt, output);
      const run = kernel.bind({ inputs: operands, output: result, scratch: io.scratch.subarray(0, own / 8) });
      return () => {
        for (let i = 0; i < copies.length; i++) copies[i]![0].set(copies[i]![1]);
        run();
        if (output !== 0) io.output.set(result);
      };
    },
  };
}
