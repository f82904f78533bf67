/** Augmentation: small changes of a training picture that do not change what it shows. Drawn anew in each epoch, from the seed. */
import { checkOptions, show, TatamiError, type Shape } from "@tatamijs/core";
import type { Generator } from "@tatamijs/nn";

/** Changes one sample (C, H, W) in place. */
export type Augment = (sample: Float32Array, shape: Shape, random: Generator) => void;

export interface RandomAffineOptions {
  /** At most so many pixels each way. Default 0. */
  readonly shift?: number | undefined;
  /** At most so many degrees either way. Default 0. */
  readonly rotate?: number | undefined;
  /** Larger or smaller by at most this share: 0.1 is from 0.9 to 1.1. Default 0. */
  readonly scale?: number | undefined;
  /** Slanted by at most this share of the height. Default 0. */
  readonly shear?: number | undefined;
  /** What comes in from outside. Default 0. */
  readonly fill?: number | undefined;
}

/**
 * A random shift, rotation, scale and slant about the centre, all at once, read off bilinearly.
 * Pixel p of the result is pixel A⁻¹(p − c − shift) + c of the picture, c its centre.
 * @throws TatamiError `argument`.
 */
export function randomAffine(options: RandomAffineOptions): Augment {
  const { shift = 0, rotate = 0, scale = 0, shear = 0, fill = 0 } = checkOptions(options, "randomAffine");
  for (const [name, value] of Object.entries({ shift, rotate, scale, shear })) {
    if (typeof value !== "number" || !Number.isFinite(value) || value < 0 || (name === "scale" && value >= 1)) {
      throw new TatamiError(
        "argument",
        `${name} is ${show(value)}; give a finite number ≥ 0${name === "scale" ? " and below 1" : ""}`,
        { op: "randomAffine" },
      );
    }
  }
  if (typeof fill !== "number" || !Number.isFinite(fill))
    throw new TatamiError("argument", `fill is ${show(fill)}; give a finite number`, { op: "randomAffine" });
  let copy = new Float32Array(0);
  return (sample, shape, random) => {
    const [h, w] = mapSize(shape, "randomAffine");
    const around = (most: number): number => most * (2 * random.next() - 1);
    const [dx, dy] = [around(shift), around(shift)];
    const angle = (around(rotate) * Math.PI) / 180;
    const size = 1 + around(scale);
    const slant = around(shear);
    if (copy.length !== sample.length) copy = new Float32Array(sample.length);
    copy.set(sample);
    // A = size · rotation · slant; its inverse by rows.
    const [cos, sin] = [Math.cos(angle) / size, Math.sin(angle) / size];
    const [xx, xy, yx, yy] = [cos + slant * sin, sin - slant * cos, -sin, cos];
    const [cx, cy] = [(w - 1) / 2, (h - 1) / 2];
    for (let plane = 0; plane < sample.length; plane += h * w) {
      const pixel = (y: number, x: number): number =>
        y < 0 || y >= h || x < 0 || x >= w ? fill : copy[plane + y * w + x]!;
      for (let y = 0; y < h; y++) {
        for (let x = 0; x < w; x++) {
          const [u, v] = [x - cx - dx, y - cy - dy];
          const [sx, sy] = [xx * u + xy * v + cx, yx * u + yy * v + cy];
          const [x0, y0] = [Math.floor(sx), Math.floor(sy)];
          const [fx, fy] = [sx - x0, sy - y0];
          const top = pixel(y0, x0) * (1 - fx) + pixel(y0, x0 + 1) * fx;
          const bottom = pixel(y0 + 1, x0) * (1 - fx) + pixel(y0 + 1, x0 + 1) * fx;
          sample[plane + y * w + x] = top * (1 - fy) + bottom * fy;
        }
      }
    }
  };
}

/** Left and right exchanged, with probability `p`. @throws TatamiError `argument`. */
export function randomFlip(p: number = 0.5): Augment {
  if (typeof p !== "number" || !(p >= 0 && p <= 1))
    throw new TatamiError("argument", `p is ${show(p)}; give a number from 0 to 1`, { op: "randomFlip" });
  return (sample, shape, random) => {
    const w = mapSize(shape, "randomFlip")[1];
    if (random.next() >= p) return;
    for (let start = 0; start < sample.length; start += w) sample.subarray(start, start + w).reverse();
  };
}

/** One after the other. */
export const inTurn =
  (...steps: readonly Augment[]): Augment =>
  (sample, shape, random) => {
    for (const step of steps) step(sample, shape, random);
  };

function mapSize(shape: Shape, op: string): [number, number] {
  if (shape.length >= 2) return [shape.at(-2)!, shape.at(-1)!];
  throw new TatamiError("rank", `samples have ${shape.length} axes, wanted pictures (H, W) or (C, H, W)`, { op });
}
