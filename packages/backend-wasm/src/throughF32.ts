/**
 * f16 by way of f32: operands are widened into scratch, the f32 kernel runs there, its result is rounded. So every kernel
 * has one set of loops.
 */
import {
  isDeclined,
  sizeOf,
  type Call,
  type Declined,
  type OpName,
  type Prepare,
  type Spec,
} from "@tatamijs/core/backend";
import type { Io, Operand, Phase, WasmKernel } from "./kernel.ts";
import { alignment, ceilTo } from "./values.ts";

const isHalf = (spec: Spec): boolean => spec.dtype === "f16";

/** A kernel of `prepare`, which does not know f16, for a call with f16 in it. */
export async function through(call: Call, prepare: Prepare<OpName, WasmKernel>): Promise<WasmKernel | Declined> {
  const { inputs, output, attrs } = call;
  const wide = <S extends Spec>(spec: S): S => (isHalf(spec) ? { ...spec, dtype: "f32" } : spec);
  const kernel = await prepare({
    ...call,
    attrs: wideAttrs(attrs) as Call["attrs"],
    inputs: inputs.map((spec) =>
      isHalf(spec) && spec.data !== undefined ? { ...wide(spec), data: Float32Array.from(spec.data) } : wide(spec),
    ),
    output: wide(output),
  });
  if (isDeclined(kernel)) return kernel;
  const packs = kernel.packs ?? [];
  // What arrives packed is packed from f32.
  const loose = inputs.map((spec, k) => isHalf(spec) && !packs.some(({ input }) => input === k));
  return {
    ...widened(kernel, inputs, loose, output),
    packs: packs.map((pack) => {
      const spec = inputs[pack.input]!;
      const packed: Spec = { shape: [pack.bytes], dtype: "u8" };
      return isHalf(spec)
        ? { ...pack, key: `f16 ${pack.key}`, kernel: widened(pack.kernel as WasmKernel, [spec], [true], packed) }
        : pack;
    }),
  };
}

/** Attributes that speak of f16 (`cast`, the last step of a chain) as they are for f32. */
function wideAttrs(attrs: unknown): unknown {
  if (Array.isArray(attrs)) return attrs.map(wideAttrs);
  if (typeof attrs !== "object" || attrs === null) return attrs;
  return Object.fromEntries(
    Object.entries(attrs).map(([key, value]) => [key, key === "dtype" && value === "f16" ? "f32" : wideAttrs(value)]),
  );
}

/** `kernel`, which is one of f32, on operands of which those are f16 that `half` says, and the output, if it is. */
function widened(kernel: WasmKernel, inputs: readonly Spec[], half: readonly boolean[], output: Spec): WasmKernel {
  let scratch = ceilTo(kernel.scratch ?? 0, alignment);
  const take = (spec: Spec): number => {
    const at = scratch;
    scratch += bytesOf(spec);
    return at;
  };
  const inputAt = inputs.map((spec, k) => (half[k] === true ? take(spec) : 0));
  const outputAt = isHalf(output) ? take(output) : 0;
  const { inPlace: _, ...own } = kernel;
  return {
    ...own,
    variant: `${kernel.variant}, f16 through f32`,
    scratch,
    phases(io) {
      const before: Phase[] = [];
      const operands = io.inputs.map((given, k) => {
        if (half[k] !== true) return given;
        const at = io.scratch + inputAt[k]!;
        before.push(converted("widen", at, given.at, given.spec));
        return placed(given.spec, at);
      });
      const at = io.scratch + outputAt;
      const result = isHalf(output) ? placed(io.output.spec, at) : io.output;
      const inner: Io = { inputs: operands, output: result, scratch: io.scratch, table: io.table };
      const after = isHalf(output) ? [converted("round", io.output.at, at, output)] : [];
      return [...before, ...kernel.phases(inner), ...after];
    },
  };
}

function bytesOf({ shape }: Spec): number {
  return ceilTo(sizeOf(shape) * 4, alignment);
}

function placed({ shape }: Spec, at: number): Operand {
  const spec: Spec = { shape, dtype: "f32" };
  return { at, spec, bytes: bytesOf(spec) };
}

function converted(code: "widen" | "round", to: number, from: number, { shape }: Spec): Phase {
  const count = sizeOf(shape);
  return { code, units: Math.ceil(count / 8192), args: [to, from, count] };
}
