// A few shapes that can be set beside and above each other, and the sheet they stand on. Colours are classes, so that one
// drawing serves light pages and dark ones; it brings its own ground, and so is readable wherever it is put.

/** Something with a size that draws itself with its left upper corner at (x, y). */
export interface Drawn {
  readonly width: number;
  readonly height: number;
  /** The line by which it is set beside others, from its upper edge. Default: half its height. */
  readonly middle?: number;
  at(x: number, y: number): string;
}

const number = (value: number): string => String(Math.round(value * 100) / 100);
const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

export type TextStyle = "value" | "math" | "name" | "sign";

const sizes: Readonly<Record<TextStyle, number>> = { value: 14, math: 16, name: 16, sign: 24 };

/** One line. Its width is an estimate: it is centred where it is put. */
export function text(words: string, style: TextStyle, more: string = ""): Drawn {
  const size = sizes[style];
  const width = words.length * size * (style === "sign" ? 0.7 : 0.56);
  return {
    width,
    height: size * 1.3,
    at: (x, y) => textAt(words, x + width / 2, y + size * 0.65, style, more),
  };
}

/** Words centred on a point. */
export function textAt(words: string, x: number, y: number, style: TextStyle, more: string = ""): string {
  return `<text class="${style} ${more}" x="${number(x)}" y="${number(y)}">${escaped(words)}</text>`;
}

export function rect(x: number, y: number, width: number, height: number, kind: string, radius: number = 0): string {
  const round = radius === 0 ? "" : ` rx="${radius}"`;
  return `<rect class="${kind}" x="${number(x)}" y="${number(y)}" width="${number(width)}" height="${number(height)}"${round}/>`;
}

export function path(kind: string, d: string): string {
  return `<path class="${kind}" d="${d.replaceAll(/\d+\.\d{3,}/g, (n) => number(Number(n)))}"/>`;
}

const middleOf = ({ middle, height }: Drawn): number => middle ?? height / 2;

/** Side by side on one line. */
export function row(items: readonly Drawn[], between: number = 16): Drawn {
  const middle = Math.max(...items.map(middleOf));
  const height = middle + Math.max(...items.map((item) => item.height - middleOf(item)));
  const width = items.reduce((sum, item) => sum + item.width, 0) + between * (items.length - 1);
  return {
    width,
    height,
    middle,
    at(x, y) {
      let left = x;
      return items
        .map((item) => {
          const drawn = item.at(left, y + middle - middleOf(item));
          left += item.width + between;
          return drawn;
        })
        .join("");
    },
  };
}

/** One below the other, centred, or begun at the left. */
export function column(items: readonly Drawn[], between: number = 10, begun: "middle" | "left" = "middle"): Drawn {
  const width = Math.max(...items.map((item) => item.width));
  const height = items.reduce((sum, item) => sum + item.height, 0) + between * (items.length - 1);
  return {
    width,
    height,
    at(x, y) {
      let top = y;
      return items
        .map((item) => {
          const drawn = item.at(begun === "left" ? x : x + (width - item.width) / 2, top);
          top += item.height + between;
          return drawn;
        })
        .join("");
    },
  };
}

// Rush green for maps, indigo for filters, gold for results, vermilion for the window.
const light = {
  ground: "#fbfaf4",
  ink: "#2d2c27",
  soft: "#77746a",
  map: "#e3ead0",
  mapline: "#a3b183",
  filter: "#dbe4f1",
  filterline: "#8299bd",
  out: "#f6e5b8",
  outline: "#c5a04a",
  pad: "#fbfaf4",
  padline: "#b9b6a9",
  mark: "#c2452d",
  hit: "#f7d9cd",
};
const dark: typeof light = {
  ground: "#1f201c",
  ink: "#eceadf",
  soft: "#a29f93",
  map: "#3a4430",
  mapline: "#6f8056",
  filter: "#2f3d54",
  filterline: "#6d87b3",
  out: "#54471f",
  outline: "#a88937",
  pad: "#1f201c",
  padline: "#6b695f",
  mark: "#f0836a",
  hit: "#6a3629",
};

const rules = (c: typeof light): string =>
  `.ground{fill:${c.ground}}text{fill:${c.ink}}.soft{fill:${c.soft}}` +
  `.map{fill:${c.map};stroke:${c.mapline}}.filter{fill:${c.filter};stroke:${c.filterline}}.out{fill:${c.out};stroke:${c.outline}}` +
  `.pad{fill:${c.pad};stroke:${c.padline};stroke-dasharray:3 3}.hit{fill:${c.hit};stroke:${c.mapline}}` +
  `.window{fill:none;stroke:${c.mark};stroke-width:3}.ghost{fill:none;stroke:${c.mark};stroke-width:2;stroke-dasharray:5 4}` +
  `.mat{fill:${c.mark}}.bad{fill:${c.mark};font-weight:700}.gone{fill:${c.ground};stroke:${c.mark};stroke-dasharray:5 4}`;

const shared =
  `text{text-anchor:middle;dominant-baseline:central;font-family:system-ui,"Segoe UI","Noto Sans","Hiragino Sans",sans-serif;font-variant-numeric:tabular-nums}` +
  Object.entries(sizes)
    .map(([style, size]) => `.${style}{font-size:${size}px}`)
    .join("") +
  `.math,.name{font-family:"STIX Two Text",Georgia,"Times New Roman","Noto Serif",serif}.name{font-style:italic}.start{text-anchor:start}`;

/** The finished drawing. */
export function sheet(drawn: Drawn): string {
  const margin = 24;
  const [width, height] = [Math.max(760, Math.ceil(drawn.width + 2 * margin)), Math.ceil(drawn.height + 2 * margin)];
  const style = `${shared}${rules(light)}@media (prefers-color-scheme:dark){${rules(dark)}}`;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">` +
    `<style>${style}</style>${rect(0, 0, width, height, "ground", 10)}${drawn.at((width - drawn.width) / 2, margin)}</svg>\n`
  );
}
