/**
 * Reductions, of a value or of a chain. Each thread takes one output and a part of what it is made of; where outputs are few,
 * there are several parts, and a second dispatch joins them. Parts depend on sizes alone, so bits do not depend on the device.
 */
import { sizeOf, type Declined, type MapStep, type ReduceFn, type Shape, type Spec } from "@tatamijs/core/backend";
import { ceilTo, idle, type Choices, type GpuKernel, type Part } from "../kernel.ts";
import { bits, perThread, type Binding } from "../shader.ts";
import { storageOf, valueOf } from "../values.ts";
import { linesOf, load, tooMany } from "./chain.ts";
import { axesOf, coordinates, numbered, place } from "./operands.ts";

interface Joining {
  readonly start: string;
  readonly join: (a: string, b: string) => string;
  readonly uses: readonly string[];
}

function joining(fn: ReduceFn, type: "f32" | "i32"): Joining {
  const one = type === "f32" ? "1.0" : "1";
  if (fn === "prod") return { start: one, join: (a, b) => `${a} * ${b}`, uses: [] };
  if (fn === "sum" || fn === "mean") return { start: `${type}()`, join: (a, b) => `${a} + ${b}`, uses: [] };
  const larger = fn === "max";
  if (type === "i32") {
    return {
      start: larger ? "i32(-2147483648)" : "2147483647",
      join: (a, b) => `${larger ? "max" : "min"}(${a}, ${b})`,
      uses: [],
    };
  }
  return {
    start: `special(${larger ? "0xff800000u" : "0x7f800000u"})`,
    join: (a, b) => `${larger ? "larger" : "smaller"}(${a}, ${b})`,
    uses: ["special", larger ? "larger" : "smaller"],
  };
}

/** Threads that keep a GPU busy, and elements that are worth one. */
const enough = 8192;
const least = 64;

export function partsOf(outputs: number, count: number): number {
  return Math.max(1, Math.min(Math.ceil(count / least), Math.floor(enough / Math.max(1, outputs)), 1024));
}

/** `shape`: the chain's, before `axes` become 1. */
export function reduction(
  { fn, axes }: { readonly fn: ReduceFn; readonly axes: readonly number[] },
  shape: Shape,
  inputs: readonly Spec[],
  output: Spec,
  steps: readonly MapStep[],
  choices: Choices,
): GpuKernel | Declined {
  const outputs = sizeOf(output.shape);
  if (outputs === 0) return idle;
  const refused = tooMany(inputs, choices);
  if (refused !== undefined) return refused;
  const count = axes.reduce((product, axis) => product * shape[axis]!, 1);
  const type = valueOf(output.dtype);
  const { start, join, uses } = joining(fn, type);
  const lines = linesOf(inputs, steps);
  const kept = shape.map((size, a) => (axes.includes(a) ? 1 : size));
  const gone = shape.map((size, a) => (axes.includes(a) ? size : 1));
  const shapes = inputs.map(({ shape: own }) => own);
  const outer = axesOf(kept, shapes);
  const inner = axesOf(gone, shapes);
  const parts = partsOf(outputs, count);
  const each = Math.max(1, Math.ceil(count / parts));
  const mean = fn === "mean" ? { scale: bits(1 / count) } : {};
  const finish = (value: string): string => (fn === "mean" ? `${value} * bitcast<f32>(u.scale)` : value);
  const storage = storageOf(output.dtype);
  const uniforms: Record<string, number> = {
    outputs,
    count,
    each,
    ...numbered("k", outer.sizes),
    ...numbered("r", inner.sizes),
    ...Object.assign(
      {},
      ...inputs.flatMap((_, n) => [used(outer.strides[n]!, `ks${n}_`), used(inner.strides[n]!, `rs${n}_`)]),
    ),
  };
  const body = (store: string): string =>
    [
      parts === 1
        ? "  let o = i;\n  let first = 0u;"
        : "  let o = i % u.outputs;\n  let first = (i / u.outputs) * u.each;",
      coordinates("o", outer.sizes.length, "c", "k"),
      ...inputs.map((_, n) => `  let base${n} = ${place(outer.strides[n]!, "c", `ks${n}_`)};`),
      `  var sum: ${type} = ${start};`,
      "  for (var k = first; k < min(first + u.each, u.count); k++) {",
      coordinates("k", inner.sizes.length, "e", "r"),
      ...inputs.map(
        (spec, n) => `  let v${n} = ${load(spec, `x${n}`, `base${n} + ${place(inner.strides[n]!, "e", `rs${n}_`)}`)};`,
      ),
      lines.text,
      `  sum = ${join("sum", lines.value)};`,
      "  }",
      store,
    ].join("\n");
  const bindings = (operands: readonly Part[]): Binding[] =>
    operands.map((part, n) => ({ name: `x${n}`, of: storageOf(inputs[n]!.dtype), part }));
  if (parts === 1) {
    return {
      variant: "a thread each",
      dispatches: ({ inputs: operands, output: to }) => [
        perThread({
          label: `reduce ${fn}`,
          threads: outputs,
          uniforms: { ...uniforms, ...mean },
          bindings: [...bindings(operands), { name: "y", of: storage, part: to, write: true }],
          uses: [...uses, ...lines.uses],
          body: body(`  y[i] = ${storage}(${finish("sum")});`),
        }),
      ],
    };
  }
  const bytes = ceilTo(outputs * parts * 4, 16);
  return {
    variant: `${parts} parts, joined`,
    scratch: bytes,
    dispatches({ inputs: operands, output: to, scratch }) {
      const middle = scratch(0, bytes);
      return [
        perThread({
          label: `reduce ${fn}, parts`,
          threads: outputs * parts,
          uniforms,
          bindings: [...bindings(operands), { name: "y", of: type, part: middle, write: true }],
          uses: [...uses, ...lines.uses],
          body: body("  y[i] = sum;"),
        }),
        perThread({
          label: `reduce ${fn}, joined`,
          threads: outputs,
          uniforms: { outputs, parts, ...mean },
          bindings: [
            { name: "x", of: type, part: middle },
            { name: "y", of: storage, part: to, write: true },
          ],
          uses,
          body: [
            `  var sum: ${type} = x[i];`,
            `  for (var p = 1u; p < u.parts; p++) { sum = ${join("sum", "x[p * u.outputs + i]")}; }`,
            `  y[i] = ${storage}(${finish("sum")});`,
          ].join("\n"),
        }),
      ];
    },
  };
}

function used(strides: readonly number[], name: string): Record<string, number> {
  return Object.fromEntries(strides.flatMap((step, a) => (step === 0 ? [] : [[`${name}${a}`, step]])));
}
