/** A picture as the lab's input: its middle, cut to the map's shape, as whole numbers from 0 to 127. */
import { changed, most, type Lab } from "./state.ts";

/** On fewer cells there is nothing to recognise. */
const least = 16;

/**
 * One channel gets the brightness; of three or more the first three get red, green and blue, and those that are left the
 * brightness. A small map grows to 16 × 16. @throws what the browser says of a file that is no picture (rejects).
 */
export async function pictured(lab: Lab, file: Blob): Promise<Lab> {
  const picture = await createImageBitmap(file);
  const larger = (size: number): number => Math.min(most.size, Math.max(least, size));
  const next = changed(lab, { h: larger(lab.h), w: larger(lab.w) });
  const { h, w, c } = next;
  const canvas = document.createElement("canvas");
  canvas.width = w;
  canvas.height = h;
  const pen = canvas.getContext("2d", { willReadFrequently: true })!;
  pen.fillStyle = "white";
  pen.fillRect(0, 0, w, h);
  pen.imageSmoothingQuality = "high";
  const scale = Math.min(picture.width / w, picture.height / h);
  const [wide, tall] = [w * scale, h * scale];
  pen.drawImage(picture, (picture.width - wide) / 2, (picture.height - tall) / 2, wide, tall, 0, 0, w, h);
  picture.close();
  return { ...next, x: numbers(pen.getImageData(0, 0, w, h).data, next.x.length, c) };
}

/** From rgba bytes. `count`: of all images' maps, c to an image. */
export function numbers(rgba: ArrayLike<number>, count: number, c: number): number[] {
  const size = rgba.length / 4;
  return Array.from({ length: count }, (_, i) => {
    const [channel, at] = [Math.floor(i / size) % c, (i % size) * 4];
    const [r, g, b] = [rgba[at]!, rgba[at + 1]!, rgba[at + 2]!];
    // Rec. 709's shares.
    const bright = 0.2126 * r + 0.7152 * g + 0.0722 * b;
    return Math.round(((c >= 3 ? [r, g, b][channel] : undefined) ?? bright) * (127 / 255));
  });
}
