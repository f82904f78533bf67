/**
 * Data movement: out[Σ iₐ·tₐ] = in[Σ iₐ·fₐ] over a box of indices. Transposes, slices, pads and repeats are this with
 * different steps. Here it is worked out which two axes run innermost and how; assembly/move.ts runs them.
 */
import { stridesOf, type Shape } from "@tatamijs/core/backend";
import type { Address, Phase } from "../kernel.ts";

/** Steps in elements. */
export interface Box {
  readonly shape: Shape;
  /** Steps in the output and in the input, per axis. */
  readonly to: Shape;
  readonly from: Shape;
  readonly toStart: number;
  readonly fromStart: number;
}

interface Axis {
  readonly size: number;
  /** In bytes. */
  readonly to: number;
  readonly from: number;
}

/** How the innermost axes run: side by side on both sides; one element again and again; side by side in either; neither. */
const hows = ["runs", "repeats", "turns", "steps"] as const;

export interface Walk {
  readonly how: (typeof hows)[number];
  phase(to: Address, from: Address): Phase;
}

/** Traffic of a unit, one way. */
const unitBytes = 32768;
/** Elements along the side of a tile: a cache line of 4-byte elements. */
const tile = 16;

/** The whole of `shape`, read in steps of `from`. */
export function toWhole(shape: Shape, from: Shape, fromStart: number = 0): Box {
  return { shape, to: stridesOf(shape), from, toStart: 0, fromStart };
}

/** Axes by their steps in the output; those that are one longer axis in both are joined, those of size 1 dropped. */
function joined({ shape, to, from }: Box, width: number): Axis[] {
  const axes: Axis[] = [];
  shape.forEach((size, a) => {
    if (size === 1) return;
    const last = axes.at(-1);
    if (last !== undefined && last.to === to[a]! * size * width && last.from === from[a]! * size * width)
      axes[axes.length - 1] = { size: last.size * size, to: to[a]! * width, from: from[a]! * width };
    else axes.push({ size, to: to[a]! * width, from: from[a]! * width });
  });
  return axes;
}

/** `width`: bytes of an element. */
export function walk(box: Box, width: number): Walk {
  const axes = joined(box, width);
  const n = axes.pop() ?? { size: 1, to: width, from: width };
  const close = n.to === width;
  const beside = axes.findLastIndex(({ from }) => from === width);
  const how =
    close && n.from === width ? "runs" : close && n.from === 0 ? "repeats" : close && beside >= 0 ? "turns" : "steps";
  const m = axes.splice(how === "turns" ? beside : -1, 1)[0] ?? { size: 1, to: 0, from: 0 };
  const outer = axes.reduce((product, { size }) => product * size, 1);
  // Runs and repeats are counted in bytes.
  const unit = how === "runs" || how === "repeats" ? width : 1;
  const counted = { size: n.size * unit, to: n.to / unit, from: how === "runs" ? 1 : n.from };
  const mEach = Math.min(m.size, atLeast(unitBytes / (n.size * width), how === "turns" ? tile : 1));
  const nEach = Math.min(counted.size, atLeast((unitBytes * unit) / (mEach * width), 64));
  const units = Math.ceil(counted.size / nEach) * Math.ceil(m.size / mEach);
  const each = units > 1 ? 1 : Math.max(1, Math.floor(unitBytes / (n.size * m.size * width)));
  // A narrow side is gone along whole: there is no line to come back to.
  const tiles = [m.size <= tile ? nEach : tile, n.size <= tile ? mEach : tile];
  const words = [
    [hows.indexOf(how), width, counted.size, counted.to, counted.from, m.size, m.to, m.from],
    [nEach, Math.ceil(counted.size / nEach), mEach, Math.ceil(m.size / mEach), outer, each, ...tiles],
    [axes.length, ...axes.toReversed().flatMap(({ size, to, from }) => [size, to, from])],
  ].flat();
  const count = box.shape.includes(0) ? 0 : units * Math.ceil(outer / each);
  return {
    how,
    phase: (to, from) => ({
      code: "move",
      units: count,
      args: [to + box.toStart * width, from + box.fromStart * width, ...words],
    }),
  };
}

/** A whole multiple of `least`, about `wanted`. */
function atLeast(wanted: number, least: number): number {
  return Math.max(1, Math.floor(wanted / least)) * least;
}
