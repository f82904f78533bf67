/** Filters: a kernel of whole numbers, what its sum is divided by and what is added, and how the result is shown. */

/**
 * `colour`: on red, green and blue alike. `grey`: on the brightness. `signed`: on the brightness, in the colours of numbers around
 * zero. `edges`: the length √(a² + b²) of what the kernel and the kernel turned make of the brightness.
 */
export type Shown = "colour" | "grey" | "signed" | "edges";

export interface Filter {
  readonly size: 3 | 5;
  /** Row by row, `size`² of them. */
  readonly weights: readonly number[];
  readonly divisor: number;
  /** Added at the end; 0 black to 255 white. */
  readonly offset: number;
  readonly shown: Shown;
}

export const shownNames: readonly Shown[] = ["colour", "grey", "signed", "edges"];

const of = (shown: Shown, weights: readonly number[], divisor: number = 1, offset: number = 0): Filter => ({
  size: weights.length === 9 ? 3 : 5,
  weights,
  divisor,
  offset,
  shown,
});

export type Preset = "none" | "blur" | "sharpen" | "sobel" | "across" | "emboss" | "outline" | "network";

/** `network` is the first layer of the trained network: twelve kernels, which are not whole numbers. */
export const presets: Readonly<Record<Exclude<Preset, "network">, Filter>> = {
  sobel: of("edges", [-1, 0, 1, -2, 0, 2, -1, 0, 1]),
  across: of("signed", [-1, 0, 1, -2, 0, 2, -1, 0, 1]),
  blur: of("colour", [1, 4, 6, 4, 1, 4, 16, 24, 16, 4, 6, 24, 36, 24, 6, 4, 16, 24, 16, 4, 1, 4, 6, 4, 1], 256),
  sharpen: of("colour", [0, -1, 0, -1, 5, -1, 0, -1, 0]),
  emboss: of("grey", [-2, -1, 0, -1, 0, 1, 0, 1, 2], 1, 128),
  outline: of("signed", [-1, -1, -1, -1, 8, -1, -1, -1, -1]),
  none: of("colour", [0, 0, 0, 0, 1, 0, 0, 0, 0]),
};

export const presetNames: readonly Preset[] = [
  "sobel",
  "across",
  "blur",
  "sharpen",
  "emboss",
  "outline",
  "network",
  "none",
];

/** What an editor lets through. */
export const most = { weight: 99, divisor: 999, offset: 255 } as const;

/** The same filter with another side: a border of zeros comes or goes. */
export function resized(filter: Filter, size: 3 | 5): Filter {
  if (filter.size === size) return filter;
  const shift = (size - filter.size) / 2;
  const weights = Array.from({ length: size * size }, (_, k) => {
    const [y, x] = [Math.floor(k / size) - shift, (k % size) - shift];
    return y < 0 || x < 0 || y >= filter.size || x >= filter.size ? 0 : filter.weights[y * filter.size + x]!;
  });
  return { ...filter, size, weights };
}

/** The kernel turned about its main diagonal. */
export function turned({ size, weights }: Filter): readonly number[] {
  return weights.map((_, k) => weights[(k % size) * size + Math.floor(k / size)]!);
}

/** `3.-1.0.1…_1_0_edges`: for the address. */
export function toText({ weights, divisor, offset, shown }: Filter): string {
  return [weights.join("."), divisor, offset, shown].join("_");
}

/** undefined for what is no filter. */
export function fromText(text: string): Filter | undefined {
  const [list = "", divisor, offset, shown] = text.split("_");
  const weights = list.split(".").map(Number);
  const whole = (value: number, bound: number): boolean => Number.isInteger(value) && Math.abs(value) <= bound;
  const name = shownNames.find((one) => one === shown);
  const [d, o] = [Number(divisor), Number(offset)];
  if (name === undefined || (weights.length !== 9 && weights.length !== 25)) return undefined;
  if (!weights.every((one) => whole(one, most.weight)) || !whole(d, most.divisor) || d < 1 || !whole(o, most.offset))
    return undefined;
  return of(name, weights, d, o);
}

export const sameFilter = (a: Filter, b: Filter): boolean => toText(a) === toText(b);
