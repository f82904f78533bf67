// The notebook's drawings, by name. Every number in them is told by `explain`.
import { batch, channels, filters, pooling } from "./maps.ts";
import { gradient, matrix } from "./products.ts";
import { mats, stride } from "./sizes.ts";
import { sheet, type Drawn } from "./svg.ts";
import { bias, flat, padding, places, shrinking, windowFigure } from "./windows.ts";

const all: Readonly<Record<string, () => Drawn>> = {
  flat,
  window: windowFigure,
  places,
  bias,
  padding,
  shrinking,
  stride,
  mats,
  channels,
  filters,
  batch,
  pooling,
  matrix,
  gradient,
};

/** The text of every drawing, by the name of its file. */
export function figures(): Record<string, string> {
  return Object.fromEntries(Object.entries(all).map(([name, draw]) => [`${name}.svg`, sheet(draw())]));
}
