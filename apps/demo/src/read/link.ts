/**
 * A drawing as text for an address: each stroke as the number of its points and a byte for each coordinate, base64 with the
 * letters of addresses. And back: what a stranger wrote is checked.
 */
import type { Line } from "@tatamijs/digits";

/** Of the pad's 255 steps: a point nearer to the last one than this adds nothing that is read. */
const least = 4;
/** Characters that leave room for the rest of an address of 2,000. */
const most = 1700;

/** Undefined for a drawing that is too long for an address. */
export function inkText(lines: readonly Line[]): string | undefined {
  const bytes: number[] = [];
  for (const line of lines) {
    const points = line.map(({ x, y }) => [x, y].map((v) => Math.max(0, Math.min(255, Math.round(v * 255)))));
    const kept = points.slice(0, 1);
    points.forEach(([x = 0, y = 0], i) => {
      const [lastX = 0, lastY = 0] = kept.at(-1)!;
      if (Math.hypot(x - lastX, y - lastY) >= least || (i > 0 && i === points.length - 1)) kept.push([x, y]);
    });
    // A longer stroke goes on as another that begins where it ended.
    for (let from = 0; from === 0 || from < kept.length - 1; from += 254) {
      const part = kept.slice(from, from + 255);
      bytes.push(part.length, ...part.flat());
    }
  }
  const text = btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
  return text.length > most ? undefined : text;
}

/** Undefined for a text that is no drawing. */
export function inkFrom(text: string): readonly Line[] | undefined {
  if (text === "" || text.length > most) return undefined;
  let raw: string;
  try {
    raw = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  } catch {
    return undefined;
  }
  const bytes = Uint8Array.from(raw, (letter) => letter.charCodeAt(0));
  const lines: Line[] = [];
  for (let at = 0; at < bytes.length;) {
    const count = bytes[at++]!;
    if (count === 0 || at + 2 * count > bytes.length) return undefined;
    const line = Array.from({ length: count }, (_, i) => ({
      x: bytes[at + 2 * i]! / 255,
      y: bytes[at + 2 * i + 1]! / 255,
    }));
    lines.push(line);
    at += 2 * count;
  }
  return lines;
}

/** A sample: which digit, and the seed of its hand. */
export function sampleFrom(text: string): { readonly digit: number; readonly seed: number } | undefined {
  const [, digit, seed] = /^(\d)\.(\d{1,6})$/.exec(text) ?? [];
  return digit === undefined ? undefined : { digit: Number(digit), seed: Number(seed) };
}
