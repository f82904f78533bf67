/**
 * Element-wise programs, run block by block: load operands into registers, apply instructions, save one register.
 *
 * An interpreter, but one that decodes once per 512 elements, needs no `eval`, and keeps what passes between the steps of
 * a chain in the first-level cache. Single ops run on it too.
 */
import { bytesPerElement, sizeOf, type Shape, type Spec, type TypedArray } from "@tatamijs/core/backend";
import type { CpuKernel } from "../kernel.ts";
import { blockSize, ports, type Load } from "./registers.ts";
import type { Instruction } from "./functions.ts";

/** Register numbers. Inputs come in registers 0 … inputs − 1. */
export interface Op {
  readonly run: Instruction;
  readonly to: number;
  readonly a: number;
  readonly b?: number;
  readonly c?: number;
}

/** How one operand is walked: outer axes (one step each), then two inner axes. */
interface Walk {
  readonly steps: readonly number[];
  readonly inner: number;
  readonly outer: number;
}

interface Loops {
  /** Sizes of the outer axes. */
  readonly outer: readonly number[];
  /** Size of the innermost axis, and elements of the two inner ones. */
  readonly size: number;
  readonly cell: number;
  readonly walks: readonly Walk[];
}

/** Axes on which all operands either move or stand still together are one axis. */
function loopsOf(output: Shape, inputs: readonly Shape[]): Loops {
  const axes: { size: number; moves: boolean[] }[] = [];
  output.forEach((size, axis) => {
    if (size === 1) return;
    const moves = inputs.map((shape) => shape[axis] !== 1);
    const last = axes.at(-1);
    if (last !== undefined && last.moves.every((m, k) => m === moves[k])) last.size *= size;
    else axes.push({ size, moves });
  });
  const strides = inputs.map((_, k) => {
    let stride = 1;
    const list: number[] = [];
    for (let axis = axes.length - 1; axis >= 0; axis--) {
      const { size, moves } = axes[axis]!;
      list.unshift(moves[k] === true ? stride : 0);
      if (moves[k] === true) stride *= size;
    }
    return list;
  });
  const size = axes.at(-1)?.size ?? 1;
  return {
    outer: axes.slice(0, -2).map((axis) => axis.size),
    size,
    cell: size * (axes.at(-2)?.size ?? 1),
    walks: strides.map((list) => ({ steps: list.slice(0, -2), inner: list.at(-1) ?? 0, outer: list.at(-2) ?? 0 })),
  };
}

/** Elements at … at + n of the shape stand in the result's register. Called in order, from 0 to the end. */
export type Sink = (at: number, n: number) => void;

/** Runs `ops` over operands that broadcast to `shape`, block by block. */
export function chain(
  shape: Shape,
  inputs: readonly Spec[],
  ops: readonly Op[],
): (values: readonly TypedArray[], sink: Sink) => () => void {
  const { outer, size, cell, walks } = loopsOf(
    shape,
    inputs.map((spec) => spec.shape),
  );
  const cells = sizeOf(outer);
  if (sizeOf(shape) === 0) return () => () => {};
  return (values, sink) => {
    const loads: Load<TypedArray>[] = inputs.map((spec) => ports[spec.dtype]().load);
    const bases = walks.map(() => 0);
    const index = outer.map(() => 0);
    const operands = values.length;
    return () => {
      bases.fill(0);
      index.fill(0);
      for (let k = 0; k < cells; k++) {
        for (let start = 0; start < cell; start += blockSize) {
          const n = Math.min(blockSize, cell - start);
          for (let i = 0; i < operands; i++) {
            const walk = walks[i]!;
            loads[i]!(values[i]!, bases[i]!, start, size, walk.inner, walk.outer, i * blockSize, n);
          }
          for (let i = 0; i < ops.length; i++) {
            const op = ops[i]!;
            op.run(op.to * blockSize, op.a * blockSize, (op.b ?? 0) * blockSize, (op.c ?? 0) * blockSize, n);
          }
          sink(k * cell + start, n);
        }
        for (let axis = outer.length - 1; axis >= 0; axis--) {
          index[axis]!++;
          for (let i = 0; i < operands; i++) bases[i]! += walks[i]!.steps[axis]!;
          if (index[axis]! < outer[axis]!) break;
          for (let i = 0; i < operands; i++) bases[i]! -= walks[i]!.steps[axis]! * outer[axis]!;
          index[axis] = 0;
        }
      }
    };
  };
}

/** A kernel that saves register `result`. */
export function elementwise(inputs: readonly Spec[], output: Spec, ops: readonly Op[], result: number): CpuKernel {
  const count = sizeOf(output.shape);
  const bytes = bytesPerElement(output.dtype);
  const run = chain(output.shape, inputs, ops);
  return {
    inPlace: inputs.flatMap((spec, k) =>
      bytesPerElement(spec.dtype) === bytes && sizeOf(spec.shape) === count ? [k] : [],
    ),
    bind(io) {
      const { save } = ports[output.dtype]();
      const out = io.output;
      return run(io.inputs, (at, n) => save(out, at, result * blockSize, n));
    },
  };
}
