/**
 * Digits as small terminal pictures. A half block shows two pixels, one above the other, which makes them square:
 * in greys where the terminal has colours, in black and white where it has not, in plain ASCII where there is none.
 */
import { SIDE } from "./preprocess.ts";

/** `grey`: half blocks in the 24 greys of 256-colour terminals. `blocks`: half blocks without colour. `ascii`: a ramp. */
export type Ink = "grey" | "blocks" | "ascii";

/** What it needs of `process.stdout`. */
export interface Screen {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Plain ASCII when the output is no terminal, no colour when the user (no-color.org) or the terminal wants none. */
export function inkFor(screen: Screen): Ink {
  if (screen.isTTY !== true || screen.env["TERM"] === "dumb") return "ascii";
  return (screen.env["NO_COLOR"] ?? "") === "" ? "grey" : "blocks";
}

/** MNIST keeps ink within 20 × 20 around the middle; with the shift of the centre of mass this much shows nearly all. */
const CROP = 2;

/**
 * One 28 × 28 picture (bytes, 255 is ink) as lines of text, all of one width: 24 columns × 12 lines, or 12 × 6 when
 * `half` is set, each pixel then the mean of four.
 */
export function picture(image: Uint8Array, ink: Ink, half = false): readonly string[] {
  const step = half ? 2 : 1;
  const size = (SIDE - 2 * CROP) / step;
  const grey = (x: number, y: number): number => mean(image, CROP + x * step, CROP + y * step, step);
  return Array.from({ length: size / 2 }, (_, row) => {
    const pairs = Array.from({ length: size }, (__, x) => [grey(x, 2 * row), grey(x, 2 * row + 1)] as const);
    return pairs.map(([upper, lower]) => CELL[ink](upper, lower)).join("") + (ink === "grey" ? RESET : "");
  });
}

/**
 * Pictures side by side with lines of caption under each, as many to a row as fit into `columns` (80 when unknown):
 * large ones when all fit into one row so, else small ones.
 */
export function gallery(
  items: readonly { readonly image: Uint8Array; readonly caption: readonly string[] }[],
  ink: Ink,
  columns = 80,
): readonly string[] {
  const gap = 1;
  const large = SIDE - 2 * CROP;
  const half = items.length * (large + gap) - gap > columns;
  const width = half ? large / 2 : large;
  // Rows as long as each other: six of which four would fit are three and three.
  const most = Math.max(1, Math.floor((columns + gap) / (width + gap)));
  const perRow = Math.ceil(items.length / Math.ceil(items.length / most));
  const lines: string[] = [];
  for (let first = 0; first < items.length; first += perRow) {
    const row = items.slice(first, first + perRow);
    if (first > 0) lines.push("");
    const pictures = row.map(({ image }) => picture(image, ink, half));
    for (let y = 0; y < (pictures[0]?.length ?? 0); y++) {
      lines.push(
        pictures
          .map((one) => one[y] ?? "")
          .join(" ".repeat(gap))
          .trimEnd(),
      );
    }
    const captions = Math.max(0, ...row.map(({ caption }) => caption.length));
    for (let y = 0; y < captions; y++) {
      lines.push(
        row
          .map(({ caption }) => fit(caption[y] ?? "", width))
          .join(" ".repeat(gap))
          .trimEnd(),
      );
    }
  }
  return lines;
}

const RESET = "\u001b[0m";
const RAMP = " .:-=+*#%@";

const CELL: Readonly<Record<Ink, (upper: number, lower: number) => string>> = {
  // Foreground paints the upper half, background the lower: both are needed, for paper is black on every terminal theme.
  grey: (upper, lower) => `\u001b[38;5;${greyCode(upper)};48;5;${greyCode(lower)}m▀`,
  blocks: (upper, lower) => (upper > 96 ? (lower > 96 ? "█" : "▀") : lower > 96 ? "▄" : " "),
  ascii: (upper, lower) => RAMP[Math.round(((upper + lower) / 510) * (RAMP.length - 1))] ?? " ",
};

/** 0 to 255 → one of the greys of the 256-colour palette: 232 (nearly black) to 255 (nearly white). */
function greyCode(value: number): number {
  return 232 + Math.round((value / 255) * 23);
}

function mean(image: Uint8Array, left: number, top: number, size: number): number {
  let sum = 0;
  for (let y = top; y < top + size; y++) {
    for (let x = left; x < left + size; x++) sum += image[y * SIDE + x] ?? 0;
  }
  return sum / (size * size);
}

function fit(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, width - 1)}…` : text.padEnd(width);
}
