/**
 * A glyph as a hand would write it this time: the points wobble, the whole leans, turns, stretches and bends a little,
 * the pen is thick or thin and presses more or less. All of it from one random stream; sums, products and square roots
 * only, so that a seed gives the same picture on every machine.
 */
import { drawLines } from "../raster.ts";
import type { Bitmap, Dab } from "../raster.ts";
import type { Random } from "../random.ts";
import { trace } from "./path.ts";
import type { Point, Stroke } from "./path.ts";
import type { Glyph } from "./styles.ts";

/** Longer side of the drawing in pixels, before preprocessing makes 20 of them. */
const SIZE = 60;

/** One drawing of the glyph, ink 1 on 0, with a margin of nothing around it. */
export function drawGlyph(glyph: Glyph, random: Random): Bitmap {
  const bend = affine(random, warp(random));
  const lines = glyph.map((stroke) => trace(wobble(stroke, random), 3).map(bend));
  const points = lines.flat();
  const [left, right] = range(points.map(({ x }) => x));
  const [top, bottom] = range(points.map(({ y }) => y));
  const scale = SIZE / Math.max(right - left, bottom - top);
  // A pen's width as a share of the digit's height: from a fine ballpoint to a felt pen. Squared: thick ones are rarer.
  const radius = ((0.07 + 0.11 * random.uniform() * random.uniform() + 0.035 * random.uniform()) * SIZE) / 2;
  const margin = radius * 1.5 + 2;
  const dabs = lines.map((line) =>
    pressed(
      line,
      radius,
      random,
      (x) => (x - left) * scale + margin,
      (y) => (y - top) * scale + margin,
    ),
  );
  const side = (size: number): number => Math.ceil(size * scale + 2 * margin);
  return drawLines(dabs, side(right - left), side(bottom - top));
}

/** Each control point moves a little; the ends of an open stroke, which nobody hits exactly, a little more. */
function wobble(stroke: Stroke, random: Random): Stroke {
  const last = stroke.points.length - 1;
  const points = stroke.points.map((point, i) => {
    const reach = !stroke.closed && (i === 0 || i === last) ? 2.8 : 1.8;
    return { x: point.x + reach * random.normal(), y: point.y + reach * random.normal() };
  });
  return { ...stroke, points };
}

type Move = (point: Point) => Point;

/** A smooth bend of the paper: the second-degree terms of both coordinates, and x·y (one side taller than the other). */
function warp(random: Random): Move {
  const [a, b, c, d, e, f] = Array.from({ length: 6 }, () => 3 * random.normal()) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return ({ x, y }) => {
    const u = x / 50 - 1;
    const v = y / 50 - 1;
    return { x: x + a * u * u + b * u * v + c * v * v, y: y + d * u * u + e * u * v + f * v * v };
  };
}

/** After `first`: stretch, lean and turn about the middle. The turn is ((1 − t²), 2t)/(1 + t²), t = tan(angle/2). */
function affine(random: Random, first: Move): Move {
  const stretch = 1 + 0.12 * random.normal();
  const lean = 0.1 + 0.16 * random.normal();
  const t = 0.045 * random.normal();
  const cos = (1 - t * t) / (1 + t * t);
  const sin = (2 * t) / (1 + t * t);
  return (point) => {
    const { x, y } = first(point);
    const v = y - 50;
    const u = (x - 50) * stretch - v * lean;
    return { x: 50 + u * cos - v * sin, y: 50 + u * sin + v * cos };
  };
}

/** The line in pixels, with a pressure that drifts by up to a quarter along it and lets go a little at the end. */
function pressed(
  line: readonly Point[],
  radius: number,
  random: Random,
  toX: (x: number) => number,
  toY: (y: number) => number,
): readonly Dab[] {
  const [begin, middle, end] = [0.12, 0.1, 0.14].map((share) => 1 + share * random.normal()) as [
    number,
    number,
    number,
  ];
  return line.map(({ x, y }, i) => {
    const u = line.length > 1 ? i / (line.length - 1) : 0;
    const pressure = begin * (1 - u) * (1 - u) + 2 * middle * u * (1 - u) + end * u * u;
    return { x: toX(x), y: toY(y), radius: radius * Math.min(1.4, Math.max(0.6, pressure)) };
  });
}

function range(values: readonly number[]): [low: number, high: number] {
  return values.reduce<[number, number]>(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [Infinity, -Infinity],
  );
}
