/** Kernels that work on lines along one axis, a thread a line. */
import { sizeOf, type Call } from "@tatamijs/core/backend";
import { idle, samePlace, type GpuKernel } from "../kernel.ts";
import { perThread } from "../shader.ts";
import { storageOf } from "../values.ts";

/** WGSL for a line of `u.size` elements, whose largest is `most`: `x` is element k, `store` sets it. */
export type LineText = (x: string, store: (value: string) => string) => string;

export function along(
  { op, attrs: { axis }, inputs: [x] }: Call<"softmax"> | Call<"logSoftmax">,
  text: LineText,
  uses: readonly string[],
): GpuKernel {
  const { shape, dtype } = x!;
  const size = shape[axis]!;
  if (sizeOf(shape) === 0) return idle;
  const of = storageOf(dtype);
  return {
    variant: "a thread for each line",
    inPlace: [0],
    dispatches({ inputs: [from], output }) {
      const own = samePlace(from!, output);
      const at = "[start + k * u.inner]";
      const element = `f32(${own ? "y" : "x"}${at})`;
      return [
        perThread({
          label: op,
          threads: sizeOf(shape) / size,
          uniforms: { size, inner: sizeOf(shape.slice(axis + 1)) },
          bindings: [...(own ? [] : [{ name: "x", of, part: from! }]), { name: "y", of, part: output, write: true }],
          uses: ["larger", ...uses],
          body: `  let start = (i / u.inner) * u.size * u.inner + i % u.inner;
  var most = f32(${own ? "y" : "x"}[start]);
  for (var k = 1u; k < u.size; k++) { most = larger(most, ${element}); }
${text(element, (value) => `y${at} = ${of}(${value});`)}`,
        }),
      ];
    },
  };
}
