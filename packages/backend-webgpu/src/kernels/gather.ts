import { sizeOf, type Prepare } from "@tatamijs/core/backend";
import { idle, type GpuKernel } from "../kernel.ts";
import { wordOf, writtenWordOf } from "../movement/move.ts";
import { perThread } from "../shader.ts";
import { stored, storing } from "../values.ts";

export const gather: Prepare<"gather", GpuKernel> = ({ attrs: { axis }, inputs: [x, indices], output }) => {
  const threads = sizeOf(output.shape);
  if (threads === 0) return idle;
  const { dtype } = x!;
  const of = wordOf(dtype);
  return {
    variant: "a thread each",
    dispatches: ({ inputs: [from, at], output: to }) => [
      perThread({
        label: "gather",
        threads,
        uniforms: { count: indices!.shape[0]!, size: x!.shape[axis]!, inner: sizeOf(x!.shape.slice(axis + 1)) },
        bindings: [
          { name: "x", of, part: from! },
          { name: "indices", of: "u32", part: at! },
          { name: "y", of: writtenWordOf(dtype), part: to, write: true },
        ],
        body: `  let block = i / u.inner;
  let index = indices[block % u.count];
  // A negative index is a large one here.
  if (index >= u.size) {
  ${storing(dtype, "y", "i", `${of}()`)}
    return;
  }
  let at = ((block / u.count) * u.size + index) * u.inner + i % u.inner;
${storing(dtype, "y", "i", stored(dtype, "x", "at"))}`,
      }),
    ],
  };
};
