/**
 * The backend: memories are ArrayBuffers, a link is a list of functions, and runs happen at once, in the caller's thread.
 */
import {
  bytesPerElement,
  sizeOf,
  TatamiError,
  typedArray,
  type Backend,
  type DType,
  type Linked,
  type Slice,
  type Step,
  type TypedArray,
} from "@tatamijs/core/backend";
import { scratchOf, viewOf, type CpuKernel, type Memory } from "./kernel.ts";
import { kernels } from "./table.ts";

/** One cache line, so that no two values share one. */
const alignment = 64;

/** No engine gives an ArrayBuffer more than 2 GiB everywhere, and views count in 32 bits. */
const maxBytes = 2 ** 31 - alignment;

/** Opens the CPU backend: plain TypeScript, one thread. Several may be open; they share the panels that kernels work on. */
export function cpu(): Backend<CpuKernel, Memory> {
  const half = typeof Float16Array !== "undefined";
  const dtypes: DType[] = half ? ["f32", "f16", "i32", "u8", "bool"] : ["f32", "i32", "u8", "bool"];
  // A program writes its inputs through the same slices at every run: no view is made again.
  const inputs = new WeakMap<Slice<Memory>, TypedArray>();
  let closed = false;
  let failure: Error | undefined;
  const checkOpen = (what: string): void => {
    if (closed)
      throw new TatamiError("closed", `${what} on the cpu backend after close(); open another with cpu()`, {
        op: "cpu",
      });
  };
  const checkFailure = (): void => {
    if (failure === undefined) return;
    const first = failure;
    failure = undefined;
    throw first;
  };

  return {
    name: "cpu",
    traits: {
      variant: "plain TypeScript, 1 thread",
      dtypes,
      alignment,
      sharesBlock: true,
      maxBytes,
      inFlight: Infinity,
    },
    kernels: kernels(),
    bytes: ({ shape, dtype }) => sizeOf(shape) * bytesPerElement(dtype),
    aliases: (from, to) => from.dtype === to.dtype,
    alloc(bytes) {
      checkOpen("alloc");
      try {
        return new ArrayBuffer(Math.ceil(bytes / 8) * 8);
      } catch (cause) {
        throw new TatamiError(
          "out-of-memory",
          `alloc of ${bytes} bytes was refused; use a smaller batch, or close sessions`,
          { op: "cpu", details: { bytes }, cause },
        );
      }
    },
    free() {
      // The garbage collector's business: nothing here holds a memory.
    },
    write(to, data) {
      checkOpen("write");
      let view = inputs.get(to);
      if (view === undefined) inputs.set(to, (view = viewOf(to)));
      view.set(data);
    },
    async read(from: Slice<Memory>, into?: TypedArray) {
      checkOpen("read");
      checkFailure();
      const values = viewOf(from);
      const copy = into ?? typedArray(from.spec.dtype, values.length);
      copy.set(values);
      return copy;
    },
    link(steps: readonly Step<CpuKernel, Memory>[]): Linked {
      checkOpen("link");
      const runs = steps.map(({ kernel, inputs, output, scratch }) =>
        kernel.bind({ inputs: inputs.map(viewOf), output: viewOf(output), scratch: scratchOf(scratch) }),
      );
      let dropped = false;
      return {
        run() {
          try {
            checkOpen("run");
            if (dropped)
              throw new TatamiError("closed", "run of a program after its close(); link it again", { op: "cpu" });
            for (let i = 0; i < runs.length; i++) runs[i]!();
          } catch (error) {
            failure ??=
              error instanceof TatamiError
                ? error
                : new TatamiError("internal", "a kernel failed", { op: "cpu", cause: error });
          }
        },
        close() {
          dropped = true;
          runs.length = 0;
        },
      };
    },
    async settle() {
      checkOpen("settle");
      checkFailure();
    },
    // A processor is not lost.
    lost: new Promise(() => {}),
    async close() {
      closed = true;
    },
  };
}
