/** The library's numbers as pixels. */
import type { Shown } from "./kernels.ts";
import type { Tints } from "./protocol.ts";

/** `values`: [height, width, 3] or [height, width, 1]. Writes `height` × `width` rgba into `image`. */
export function paint(values: Float32Array, shown: Shown, tints: Tints, image: ImageData): void {
  // Clamped, and rounded, as bytes of a picture are.
  const bytes = image.data;
  const words = new Uint32Array(bytes.buffer);
  const count = words.length;
  if (shown === "colour") {
    for (let i = 0; i < count; i++) {
      bytes[i * 4] = values[i * 3]!;
      bytes[i * 4 + 1] = values[i * 3 + 1]!;
      bytes[i * 4 + 2] = values[i * 3 + 2]!;
      bytes[i * 4 + 3] = 255;
    }
  } else if (shown === "grey") {
    for (let i = 0; i < count; i++) {
      bytes[i * 4] = bytes[i * 4 + 1] = bytes[i * 4 + 2] = values[i]!;
      bytes[i * 4 + 3] = 255;
    }
  } else if (shown === "signed") {
    for (let i = 0; i < count; i++) words[i] = tints.signed[64 + tint(values[i]! / 255, -64)]!;
  } else {
    for (let i = 0; i < count; i++) words[i] = tints.signed[64 + tint(values[i]! / 510, 0)]!;
  }
}

/** From −64 or 0 to 64. */
function tint(share: number, least: number): number {
  const step = Math.round(share * 64);
  return step > 64 ? 64 : step < least ? least : step;
}

/** Columns of a mosaic of so many maps. */
export const columnsOf = (maps: number): number => Math.ceil(Math.sqrt(maps * 1.3));
export const gap = 2;

/** Maps beside each other, in full colour from half of the largest number on. `values`: [height, width, maps]. */
export function mosaic(
  values: Float32Array,
  height: number,
  width: number,
  maps: number,
  tints: Tints,
  image: ImageData,
): void {
  const words = new Uint32Array(image.data.buffer);
  words.fill(tints.paper);
  let most = 1e-6;
  for (let i = 0; i < values.length; i++) most = Math.max(most, values[i]! / 2);
  const columns = columnsOf(maps);
  for (let map = 0; map < maps; map++) {
    const corner = Math.floor(map / columns) * (height + gap) * image.width + (map % columns) * (width + gap);
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++)
        words[corner + y * image.width + x] =
          tints.signed[64 + tint(values[(y * width + x) * maps + map]! / most, -64)]!;
  }
}

/** Width and height of the mosaic. */
export function mosaicSize(height: number, width: number, maps: number): readonly [width: number, height: number] {
  const columns = columnsOf(maps);
  const rows = Math.ceil(maps / columns);
  return [columns * (width + gap) - gap, rows * (height + gap) - gap];
}
