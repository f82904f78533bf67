/**
 * Reductions, of a value or of a chain. Each thread takes one output and a part of what it is made of; where outputs are few,
 * there are several parts, and a second dispatch joins them. On GPUs a workgroup takes the place of the thread where what is
 * reduced lies together in memory, and joins its threads' values in a tree. Parts depend on sizes and profile alone, so bits do
 * not depend on the device.
 */
import { sizeOf, type Declined, type MapStep, type ReduceFn, type Shape, type Spec } from "@tatamijs/core/backend";
import { ceilTo, idle, type Choices, type Dispatch, type GpuKernel, type Part } from "../kernel.ts";
import { bits, perGroup, perThread, type Binding, type Source } from "../shader.ts";
import { storageOf, valueOf } from "../values.ts";
import { linesOf, load, tooMany } from "./chain.ts";
import { axesOf, coordinates, numbered, place } from "./operands.ts";
import { joined, lanes, treeMemory } from "./tree.ts";

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

/** @param workers - threads that take a part together. */
export function partsOf(outputs: number, count: number, workers: number = 1): number {
  const busy = Math.floor(enough / workers / Math.max(1, outputs));
  return Math.max(1, Math.min(Math.ceil(count / (least * workers)), busy, 1024));
}

/** Is the last axis of `shape` that has a length among `axes`, and long enough to give each thread of a workgroup some work? */
function liesTogether(shape: Shape, axes: readonly number[], count: number): boolean {
  const last = shape.findLastIndex((size) => size > 1);
  return axes.includes(last) && count >= 2 * lanes;
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
  const tree = choices.profile === "gpu" && liesTogether(shape, axes, count);
  const parts = partsOf(outputs, count, tree ? lanes : 1);
  const each = Math.max(1, Math.ceil(count / parts));
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
  /** `body` for each of `count`, by a thread or a workgroup: `sum` from its own share, of every `step`th from `lane`. */
  const worker = (
    source: Omit<Source, "body">,
    count: number,
    body: (place: string, lane: string, step: string) => string,
    store: (place: string) => string,
  ): Dispatch => {
    if (!tree) return perThread({ ...source, threads: count, body: `${body("i", "0u", "1u")}\n${store("i")}` });
    return perGroup({
      ...source,
      groups: count,
      size: lanes,
      subgroups: choices.subgroup > 1,
      before: treeMemory(type),
      body: `${body("number", "lane", `${lanes}u`)}
${joined("sum", join("a", "b"), choices.subgroup)}
  if (lane == 0u) {
${store("number")}
  }`,
    });
  };
  const body = (at: string, lane: string, step: string): string =>
    [
      parts === 1
        ? `  let o = ${at};\n  let first = 0u;`
        : `  let o = ${at} % u.outputs;\n  let first = (${at} / u.outputs) * u.each;`,
      coordinates("o", outer.sizes.length, "c", "k"),
      ...inputs.map((_, n) => `  let base${n} = ${place(outer.strides[n]!, "c", `ks${n}_`)};`),
      `  var sum: ${type} = ${start};`,
      `  for (var k = first + ${lane}; k < min(first + u.each, u.count); k += ${step}) {`,
      coordinates("k", inner.sizes.length, "e", "r"),
      ...inputs.map(
        (spec, n) => `  let v${n} = ${load(spec, `x${n}`, `base${n} + ${place(inner.strides[n]!, "e", `rs${n}_`)}`)};`,
      ),
      lines.text,
      `  sum = ${join("sum", lines.value)};`,
      "  }",
    ].join("\n");
  const bindings = (operands: readonly Part[]): Binding[] =>
    operands.map((part, n) => ({ name: `x${n}`, of: storageOf(inputs[n]!.dtype), part }));
  const mean = fn === "mean" ? { scale: bits(1 / count) } : {};
  const who = tree ? "a workgroup each" : "a thread each";
  if (parts === 1) {
    return {
      variant: who,
      dispatches: ({ inputs: operands, output: to }) => [
        worker(
          {
            label: `reduce ${fn}`,
            uniforms: { ...uniforms, ...mean },
            bindings: [...bindings(operands), { name: "y", of: storage, part: to, write: true }],
            uses: [...uses, ...lines.uses],
          },
          outputs,
          body,
          (at) => `  y[${at}] = ${storage}(${finish("sum")});`,
        ),
      ],
    };
  }
  const bytes = ceilTo(outputs * parts * 4, 16);
  return {
    variant: `${parts} parts, ${who}, joined`,
    scratch: bytes,
    dispatches({ inputs: operands, output: to, scratch }) {
      const middle = scratch(0, bytes);
      return [
        worker(
          {
            label: `reduce ${fn}, parts`,
            uniforms,
            bindings: [...bindings(operands), { name: "y", of: type, part: middle, write: true }],
            uses: [...uses, ...lines.uses],
          },
          outputs * parts,
          body,
          (at) => `  y[${at}] = sum;`,
        ),
        worker(
          {
            label: `reduce ${fn}, joined`,
            uniforms: { outputs, parts, ...mean },
            bindings: [
              { name: "x", of: type, part: middle },
              { name: "y", of: storage, part: to, write: true },
            ],
            uses,
          },
          outputs,
          (at, lane, step) => `  var sum: ${type} = ${start};
  for (var p = ${lane}; p < u.parts; p += ${step}) { sum = ${join("sum", `x[p * u.outputs + ${at}]`)}; }`,
          (at) => `  y[${at}] = ${storage}(${finish("sum")});`,
        ),
      ];
    },
  };
}

function used(strides: readonly number[], name: string): Record<string, number> {
  return Object.fromEntries(strides.flatMap((step, a) => (step === 0 ? [] : [[`${name}${a}`, step]])));
}
