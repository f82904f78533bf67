/** Softmax and its logarithm: lines along one axis, a thread a line, or on GPUs a workgroup for each long one. */
import { sizeOf, type Call } from "@tatamijs/core/backend";
import { idle, samePlace, type Choices, type GpuKernel } from "../kernel.ts";
import { perGroup, perThread } from "../shader.ts";
import { storageOf } from "../values.ts";
import { joined, lanes, treeMemory } from "./tree.ts";

/** WGSL of a line whose largest element is `most`: terms that make `sum`, what is done once with that, and results. */
export interface LineText {
  term(x: string): string;
  readonly once?: string;
  result(x: string): string;
  readonly uses: readonly string[];
}

/** The least length that gives each thread of a workgroup some work. */
const long = 2 * lanes;

export function along(
  { op, attrs: { axis }, inputs: [x] }: Call<"softmax"> | Call<"logSoftmax">,
  { term, once = "", result, uses }: LineText,
  { profile, subgroup }: Choices,
): GpuKernel {
  const { shape, dtype } = x!;
  const size = shape[axis]!;
  if (sizeOf(shape) === 0) return idle;
  const of = storageOf(dtype);
  const shared = profile === "gpu" && size >= long;
  return {
    variant: `a ${shared ? "workgroup" : "thread"} for each line`,
    inPlace: [0],
    dispatches({ inputs: [from], output }) {
      const own = samePlace(from!, output);
      const at = "[start + k * u.inner]";
      const element = `f32(${own ? "y" : "x"}${at})`;
      const lines = sizeOf(shape) / size;
      const source = {
        label: op,
        uniforms: { size, inner: sizeOf(shape.slice(axis + 1)) },
        bindings: [...(own ? [] : [{ name: "x", of, part: from! }]), { name: "y", of, part: output, write: true }],
        uses: ["larger", ...uses],
      };
      const body = (line: string, first: string, step: string, meet: (value: string, join: string) => string): string =>
        `  let start = (${line} / u.inner) * u.size * u.inner + ${line} % u.inner;
  var most = f32(${own ? "y" : "x"}[start + ${first} * u.inner]);
  for (var k = ${first} + ${step}; k < u.size; k += ${step}) { most = larger(most, ${element}); }
${meet("most", "larger(a, b)")}
  var sum = 0.0;
  for (var k = ${first}; k < u.size; k += ${step}) { sum += ${term(element)}; }
${meet("sum", "a + b")}
${once}
  for (var k = ${first}; k < u.size; k += ${step}) { y${at} = ${of}(${result(element)}); }`;
      if (!shared) return [perThread({ ...source, threads: lines, body: body("i", "0u", "1u", () => "") })];
      return [
        perGroup({
          ...source,
          groups: lines,
          size: lanes,
          subgroups: subgroup > 1,
          before: treeMemory("f32"),
          body: body("number", "lane", `${lanes}u`, (value, join) => joined(value, join, subgroup)),
        }),
      ];
    },
  };
}
