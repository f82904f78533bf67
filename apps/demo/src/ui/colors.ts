/**
 * The colours of numbers: indigo above zero, persimmon below, paper at zero. Blue and orange stay apart for every kind of
 * colour blindness; the numbers themselves are never further away than a table.
 */
import { palette } from "../preferences.ts";

export interface Palette {
  /** From −1 to 1. */
  of(share: number): string;
  /** Readable on `of(share)`. */
  on(share: number): string;
  readonly line: string;
  readonly ink: string;
  readonly soft: string;
  readonly mark: string;
  readonly accent: string;
  readonly paper: string;
}

type Rgb = readonly [number, number, number];

/** Of `rgb(r, g, b)`, as browsers say a computed colour. */
const channels = (color: string): Rgb => color.match(/\d+/g)!.map(Number) as unknown as Rgb;

/** Relative luminance, 0 to 1 (WCAG 2.2). */
function luminance(color: Rgb): number {
  const [r, g, b] = color.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as unknown as Rgb;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Where black and white stand out equally, each with a contrast of 4.58: (L + 0.05)/0.05 = 1.05/(L + 0.05). */
const even = Math.sqrt(1.05 * 0.05) - 0.05;

let made: { readonly at: number; readonly palette: Palette } | undefined;

/** The palette of the theme of now. Read in a component, it follows the theme. */
export function colors(): Palette {
  if (made?.at === palette.value) return made.palette;
  // A custom property is still `light-dark(…)`; as an element's colour it is one of the two.
  const probe = document.documentElement.appendChild(document.createElement("i"));
  // Where the system's few colours are forced on the page, numbers still need many.
  probe.style.setProperty("forced-color-adjust", "none");
  const of = (name: string): string => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const [zero, plus, minus] = [channels(of("zero")), channels(of("plus")), channels(of("minus"))];
  const mixed = Array.from({ length: 129 }, (_, i) => {
    const share = (i - 64) / 64;
    const end = share < 0 ? minus : plus;
    const part = Math.abs(share) ** 0.8;
    const [r, g, b] = zero.map((from, k) => Math.round(from + (end[k]! - from) * part)) as unknown as Rgb;
    return { fill: `rgb(${r} ${g} ${b})`, text: luminance([r, g, b]) > even ? "#000000" : "#ffffff" };
  });
  const step = (share: number): number => Math.round(Math.max(-1, Math.min(1, share || 0)) * 64) + 64;
  const next: Palette = {
    of: (share) => mixed[step(share)]!.fill,
    on: (share) => mixed[step(share)]!.text,
    line: of("line"),
    ink: of("ink"),
    soft: of("soft"),
    mark: of("shu"),
    accent: of("rush-deep"),
    paper: of("paper"),
  };
  probe.remove();
  made = { at: palette.value, palette: next };
  return next;
}

/** The number of full colour in a map: its largest, whatever the sign. */
export const limitOf = (values: readonly number[]): number =>
  values.reduce((most, v) => Math.max(most, Math.abs(v)), 0) || 1;

/** A number as it is shown in a cell: whole, or at most two digits behind the point. A real minus sign. */
export function short(value: number): string {
  const text = Number.isInteger(value) ? `${value}` : `${Math.round(value * 100) / 100}`;
  return text.replace("-", "−");
}
