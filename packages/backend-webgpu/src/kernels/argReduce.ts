import { sizeOf, type Prepare } from "@tatamijs/core/backend";
import { idle, type GpuKernel } from "../kernel.ts";
import { perThread } from "../shader.ts";
import { storageOf, valueOf } from "../values.ts";

/** The first wins a tie; a NaN wins over numbers. */
export const argReduce: Prepare<"argReduce", GpuKernel> = ({ attrs: { fn, axis }, inputs: [x], output }) => {
  const threads = sizeOf(output.shape);
  if (threads === 0) return idle;
  const type = valueOf(x!.dtype);
  const better = fn === "max" ? "w > v" : "w < v";
  return {
    variant: "a thread each",
    dispatches: ({ inputs: [from], output: to }) => [
      perThread({
        label: `arg${fn}`,
        threads,
        uniforms: { size: x!.shape[axis]!, inner: sizeOf(x!.shape.slice(axis + 1)) },
        bindings: [
          { name: "x", of: storageOf(x!.dtype), part: from! },
          { name: "y", of: "i32", part: to, write: true },
        ],
        uses: ["isNan"],
        body: `  let start = (i / u.inner) * u.size * u.inner + i % u.inner;
  var v = ${type}(x[start]);
  var best = 0u;
  for (var k = 1u; k < u.size; k++) {
    ${type === "f32" ? "if (isNan(v)) { break; }" : ""}
    let w = ${type}(x[start + k * u.inner]);
    if (${type === "f32" ? "isNan(w) || " : ""}${better}) { v = w; best = k; }
  }
  y[i] = i32(best);`,
      }),
    ],
  };
};
