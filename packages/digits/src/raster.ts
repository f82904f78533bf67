/** Polylines → a grayscale bitmap, ink 1 on 0: a round pen whose radius may change along the line, anti-aliased. */
import type { Point } from "./strokes/path.ts";

/** A grayscale picture, row-major. 0 is paper; the largest value is full ink (255 for bytes, 1 for floats). */
export interface Bitmap {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array | Uint8Array | Uint8ClampedArray;
}

/** A point of a line and the pen's radius there, both in pixels. Pixel (0, 0) covers the square from 0 to 1. */
export interface Dab extends Point {
  readonly radius: number;
}

/** Draws each line (a list of dabs joined by straight pieces) with a round pen on a picture of `width` × `height`. */
export function drawLines(lines: readonly (readonly Dab[])[], width: number, height: number): Bitmap {
  const data = new Float32Array(width * height);
  for (const line of lines) {
    let from = line[0];
    for (const to of line) {
      if (from !== undefined) capsule(data, width, height, from, to);
      from = to;
    }
  }
  return { width, height, data };
}

/** One straight piece: ink where the distance to it is under the radius, fading over one pixel at the edge. */
function capsule(data: Float32Array, width: number, height: number, a: Dab, b: Dab): void {
  const dx = b.x - a.x;
  const dy = b.y - a.y;
  const squared = dx * dx + dy * dy;
  const reach = Math.max(a.radius, b.radius) + 1;
  const left = Math.max(0, Math.floor(Math.min(a.x, b.x) - reach));
  const right = Math.min(width - 1, Math.ceil(Math.max(a.x, b.x) + reach));
  const top = Math.max(0, Math.floor(Math.min(a.y, b.y) - reach));
  const bottom = Math.min(height - 1, Math.ceil(Math.max(a.y, b.y) + reach));
  for (let y = top; y <= bottom; y++) {
    const py = y + 0.5 - a.y;
    for (let x = left; x <= right; x++) {
      const px = x + 0.5 - a.x;
      const u = squared === 0 ? 0 : Math.min(1, Math.max(0, (px * dx + py * dy) / squared));
      const ex = px - u * dx;
      const ey = py - u * dy;
      const ink = a.radius + (b.radius - a.radius) * u + 0.5 - Math.sqrt(ex * ex + ey * ey);
      const index = y * width + x;
      if (ink > (data[index] ?? 0)) data[index] = Math.min(1, ink);
    }
  }
}
