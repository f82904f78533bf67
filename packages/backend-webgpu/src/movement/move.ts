/**
 * Data movement: y[start + Σ iₐ·tₐ] = x[start + Σ iₐ·fₐ] over a box of indices. Transposes, slices, pads and repeats are this
 * with different steps. Elements travel as words, so that every bit of them arrives; f16 as f16.
 */
import { sizeOf, stridesOf, type DType, type Shape, type Spec } from "@tatamijs/core/backend";
import { coordinates, numbered, place } from "../elementwise/operands.ts";
import type { Dispatch, GpuKernel, Io, Operand } from "../kernel.ts";
import { bits, perThread } from "../shader.ts";
import { stored, storing, writtenOf } from "../values.ts";

/** Steps and starts in elements. */
export interface Box {
  readonly shape: Shape;
  readonly to: Shape;
  readonly from: Shape;
  readonly toStart: number;
  readonly fromStart: number;
}

/** The whole of `shape`, read in steps of `from`. */
export function toWhole(shape: Shape, from: Shape, fromStart: number = 0): Box {
  return { shape, to: stridesOf(shape), from, toStart: 0, fromStart };
}

export const wordOf = (dtype: DType): "f16" | "i32" => (dtype === "f16" ? "f16" : "i32");

/** A binding of such words that is written. */
export const writtenWordOf = (dtype: DType): string => (dtype === "u8" ? writtenOf(dtype) : wordOf(dtype));

/** Box k reads input k (the only one, where there is one). */
export function move(output: Spec, boxes: readonly Box[], fill?: number): GpuKernel {
  return {
    variant: boxes.length === 1 ? "words" : `words, ${boxes.length} boxes`,
    dispatches: ({ inputs, output: to }: Io) => [
      ...(fill === undefined || sizeOf(output.shape) === 0 ? [] : [filled(to, fill)]),
      ...boxes.flatMap((box, k) => moved(box, inputs[k]!, to)),
    ],
  };
}

export function filled(to: Operand, value: number): Dispatch {
  const { shape, dtype } = to.spec;
  const word = dtype === "f32" ? bits(value) : value;
  return perThread({
    label: "fill",
    threads: sizeOf(shape),
    uniforms: { word: dtype === "f16" ? bits(value) : word },
    bindings: [{ name: "y", of: writtenWordOf(dtype), part: to, write: true }],
    body: storing(dtype, "y", "i", dtype === "f16" ? "f16(bitcast<f32>(u.word))" : "i32(u.word)"),
  });
}

/** The box in vectors of four, where its last axis and every step allow it. */
function inFours({ shape, to, from, toStart, fromStart }: Box): Box | undefined {
  const last = shape.length - 1;
  const fours = [shape[last]!, toStart, fromStart, ...to.slice(0, last), ...from.slice(0, last)];
  if (to[last] !== 1 || from[last] !== 1 || fours.some((k) => k % 4 !== 0)) return undefined;
  const quarter = (steps: Shape): Shape => [...steps.slice(0, last).map((step) => step / 4), 1];
  return {
    shape: [...shape.slice(0, last), shape[last]! / 4],
    to: quarter(to),
    from: quarter(from),
    toStart: toStart / 4,
    fromStart: fromStart / 4,
  };
}

export function moved(box: Box, x: Operand, y: Operand): Dispatch[] {
  const { dtype } = x.spec;
  const fours = dtype === "u8" ? undefined : inFours(box);
  const { shape, to, from, toStart, fromStart } = fours ?? box;
  const threads = sizeOf(shape);
  if (threads === 0) return [];
  const axes: { size: number; to: number; from: number }[] = [];
  shape.forEach((size, a) => {
    if (size === 1) return;
    const last = axes.at(-1);
    if (last !== undefined && last.to === to[a]! * size && last.from === from[a]! * size)
      axes[axes.length - 1] = { size: last.size * size, to: to[a]!, from: from[a]! };
    else axes.push({ size, to: to[a]!, from: from[a]! });
  });
  const flat = axes.length <= 1 && axes.every((axis) => axis.to === 1 && axis.from === 1);
  const at = (start: string, step: string): string =>
    `u.${start} + ${place(
      axes.map(() => 1),
      "c",
      step,
    )}`;
  return [
    perThread({
      label: "move",
      threads,
      uniforms: {
        a: toStart,
        b: fromStart,
        ...(flat
          ? {}
          : {
              ...numbered(
                "d",
                axes.map(({ size }) => size),
              ),
              ...numbered(
                "t",
                axes.map((axis) => axis.to),
              ),
              ...numbered(
                "f",
                axes.map((axis) => axis.from),
              ),
            }),
      },
      bindings: [
        { name: "x", of: fours === undefined ? wordOf(dtype) : `vec4<${wordOf(dtype)}>`, part: x },
        {
          name: "y",
          of: fours === undefined ? writtenWordOf(dtype) : `vec4<${wordOf(dtype)}>`,
          part: y,
          write: true,
        },
      ],
      body: flat
        ? storing(dtype, "y", "u.a + i", stored(dtype, "x", "u.b + i"))
        : [
            coordinates("i", axes.length, "c", "d"),
            storing(dtype, "y", at("a", "t"), stored(dtype, "x", at("b", "f"))),
          ].join("\n"),
    }),
  ];
}
