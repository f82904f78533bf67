import { sizeOf, type Prepare } from "@tatamijs/core/backend";
import { idle, type GpuKernel } from "../kernel.ts";
import { perThread } from "../shader.ts";
import { storageOf, valueOf } from "../values.ts";

/** Each output looks for its index among all: no two threads meet, and sums are in one order. */
export const scatterAdd: Prepare<"scatterAdd", GpuKernel> = ({ attrs: { axis, size }, inputs: [values], output }) => {
  const threads = sizeOf(output.shape);
  if (threads === 0) return idle;
  const of = storageOf(output.dtype);
  const type = valueOf(output.dtype);
  return {
    variant: "a thread for each output",
    dispatches: ({ inputs: [from, at], output: to }) => [
      perThread({
        label: "scatterAdd",
        threads,
        uniforms: { count: values!.shape[axis]!, size, inner: sizeOf(output.shape.slice(axis + 1)) },
        bindings: [
          { name: "x", of, part: from! },
          { name: "indices", of: "u32", part: at! },
          { name: "y", of, part: to, write: true },
        ],
        body: `  let block = i / u.inner;
  let own = block % u.size;
  let start = (block / u.size) * u.count * u.inner + i % u.inner;
  var sum = ${type}();
  for (var k = 0u; k < u.count; k++) {
    if (indices[k] == own) { sum += ${type}(x[start + k * u.inner]); }
  }
  y[i] = ${of}(sum);`,
      }),
    ],
  };
};
