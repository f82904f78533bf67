/**
 * The product over windows on registers alone: a thread makes P neighbouring pixels of 4·J channels. Convolutions, their input
 * gradients, 1×1 and dense layers and matrix products are all this (a matrix is an image of one row).
 *
 * Per tap and four channels of depth it reads P vectors of the image and 4·J of the filters for 4·P·J multiply–adds of
 * vectors. Where threads come in quads, four neighbours have the same pixels and other channels: each loads one element of a
 * vector of the image, and they swap them. Element e of such a vector is then channel `quadLane ^ e`, another one in each of
 * the four, and so are the filters' rows that it meets. Pixels lie in a row, so the row's test of the border is made once;
 * both tests are left out where no window reaches over a border.
 */
import type { Dispatch, Io, Part } from "../kernel.ts";
import { each, perThread, processorGroup } from "../shader.ts";
import { storageOf, vectorOf } from "../values.ts";
import { epilogue, finishing } from "./epilogue.ts";
import { blocksOf, flattened, isLarge, mostKept, tileOf, type RegisterTile } from "./registerTile.ts";
import { geometryUniforms, sourceRow, ownBinding, type Product, type Windows } from "./size.ts";

/** How the pixels of a row are read: for every tap anew, or once for all taps of a row of the kernel. */
type Reading = "taps" | "row" | "channels";

/**
 * "row": vectors of channels, for kernels whose windows overlap. "channels": few channels, which lie in a row behind those of
 * the pixel before, so that a row of the kernel is one longer row of scalars.
 */
function readingOf(windows: Windows, { pixels }: RegisterTile): Reading {
  const { kernel, stride, dilation, depth, groups, turned } = windows;
  if (!isLarge(windows) || turned || dilation[1] !== 1 || kernel[1] === 1) return "taps";
  const kept = (pixels - 1) * stride[1] + kernel[1];
  if (depth < 4 && groups === 1 && kept * depth <= mostKept) return "channels";
  const vectors = depth % 4 === 0 ? kept * 4 : kept;
  return stride[1] < kernel[1] && kernel[1] <= 5 && vectors <= 2 * mostKept ? "row" : "taps";
}

interface Text {
  readonly windows: Windows;
  readonly tile: RegisterTile;
  readonly reading: Reading;
  /** Channels in memory are vectors of four, and groups begin at one. */
  readonly whole: boolean;
}

/** How many vectors of channels (or channels) there are. */
const depthOf = ({ whole }: Text): string => (whole ? "u.depth4" : "u.depth");

/** Steps of vectors (or channels) in elements of `x`: of quads, each thread has its own element of a vector. */
const stepOf = (vectors: string, { tile: { quads } }: Text): string => (quads ? `4u * ${vectors}` : vectors);

/** WGSL of where the channels of pixel (iy, ix) begin; what all loads of a tile share is worked out once. */
function lineOf(text: Text): string {
  const at = `u32(i32((image * u.h + u32(iy)) * u.w) + ix) * u.pitch + group * ${depthOf(text)}`;
  return text.tile.quads ? `(${at}) * 4u + quadLane` : at;
}

/** WGSL that sets `name` to the vector (or element) of the image at `at`; zeros where column `column` is not below `width`. */
function pixel(
  { windows, whole, tile: { quads } }: Text,
  name: string,
  at: string,
  column: string,
  width: string,
): string {
  const load = whole && !quads ? `vec4f(x[${at}])` : `f32(x[${at}])`;
  const zero = whole && !quads ? "vec4f()" : "0.0";
  const value = isOpen(windows) ? load : `select(${zero}, ${load}, u32(${column}) < ${width})`;
  if (!(whole && quads)) return `          let ${name} = ${value};`;
  return `          let ${name}q = ${value};
          let ${name} = vec4f(${name}q, quadSwapX(${name}q), quadSwapY(${name}q), quadSwapDiagonal(${name}q));`;
}

/** Does no window reach over a border? */
const isOpen = ({ turned, padding, to, stride, kernel, dilation, from }: Windows): boolean =>
  !turned &&
  ([0, 1] as const).every(
    (axis) =>
      padding[axis] <= 0 &&
      (to[axis] - 1) * stride[axis] + (kernel[axis] - 1) * dilation[axis] - padding[axis] < from[axis],
  );

/** a[p][j] += Σ v · (rows of) filters, in one expression: `values` are vectors of channels, or one channel. */
function multiplyAdds(text: Text, p: number, values: readonly string[]): string {
  const { whole, tile } = text;
  const factors = whole ? values.flatMap((v) => ["x", "y", "z", "w"].map((lane) => `${v}.${lane}`)) : values;
  return each(tile.vectors, (j) => {
    const sum = `a${p}_${j}`;
    return `          ${sum} = ${factors.reduce((to, factor, e) => `fma(vec4f(${factor}), w${e}_${j}, ${to})`, sum)};`;
  }).join("\n");
}

/** The filters' vectors from `at`: one row of depth, or four for each of `steps`. */
function filtersAt({ whole, tile: { vectors, quads } }: Text, at: string, steps = 1): string {
  return each(whole ? 4 * steps : 1, (e) => {
    const row = !(whole && quads) ? `${e}u * u.wide` : e < 4 ? `row${e}` : `row${e % 4} + ${e - (e % 4)}u * u.wide`;
    return each(vectors, (j) => `          let w${e}_${j} = f[${at} + ${row} + ${j}u];`).join("\n");
  }).join("\n");
}

/** What a thread of a quad has at places 0 … 3: where the filters' rows for its channels are. */
const quadRows = each(4, (e) => `  let row${e} = (quadLane ^ ${e}u) * u.wide;`).join("\n");

/** Every tap reads its pixels. */
function tapsText(text: Text): string {
  const { windows, tile, whole } = text;
  const { turned } = windows;
  const depth = depthOf(text);
  const column = turned
    ? `        let tx = i32(rx) + i32(u.left) - i32(kx * u.dx);
        if (tx % i32(u.sx) != 0) { continue; }
        let ix = i32(q) + tx / i32(u.sx);`
    : "        let ix = i32(ox * u.sx + kx * u.dx) - i32(u.left);";
  const steps = stepsOf(text);
  const pixels = each(tile.pixels, (p) => {
    const from = `ix + ${p}${turned ? "" : " * i32(u.sx)"}`;
    const names = each(steps, (k) => `v${p}_${k}`);
    const loads = names.map((name, k) =>
      pixel(text, name, `here + ${p}u * step${k === 0 ? "" : ` + ${stepOf(`${k}u`, text)}`}`, from, "width"),
    );
    return [...loads, multiplyAdds(text, p, names)].join("\n");
  });
  return overTaps(
    windows,
    "kx",
    `${column}
        let line = ${lineOf(text)};
        let step = ${stepOf(turned ? "u.pitch" : "u.jump", text)};
        var at = start + (ky * u.kw + kx) * u.tap;
        for (var k = 0u; k < ${depth}; k${steps === 1 ? "++" : ` += ${steps}u`}) {
          let here = line + ${stepOf("k", text)};
${filtersAt(text, "at", steps)}
          at += ${whole ? 4 * steps : 1}u * u.wide;
${pixels.join("\n")}
        }`,
  );
}

/**
 * Vectors of channels in one turn of the loop over them: sums that a loop carries are stored at the end of each turn. Of a small
 * tile they are few, and a loop of half the size stays in the processor's cache.
 */
const stepsOf = ({ windows: { depth }, tile: { quads, pixels }, whole }: Text): number =>
  whole && quads && depth % 8 === 0 && pixels >= 7 ? 2 : 1;

/**
 * `body` for each row or column of the kernel; no loop where there is but one. The loop tests at its end: processors that play a
 * GPU go through one that tests at its beginning once more, with all threads masked. (Turned, `body` goes on to the next.)
 */
function overTaps({ kernel, turned }: Windows, tap: "ky" | "kx", body: string): string {
  if (!turned && kernel[tap === "ky" ? 0 : 1] === 1) return `      let ${tap} = 0u;\n${body}`;
  return `      var ${tap} = 0u;
      loop {
${body}
        continuing { ${tap}++; break if ${tap} >= u.${tap === "ky" ? "kh" : "kw"}; }
      }`;
}

/** A row of pixels is read once for all taps of a row of the kernel. */
function rowText(text: Text): string {
  const { windows, tile, whole } = text;
  const [kw, s] = [windows.kernel[1], windows.stride[1]];
  const depth = depthOf(text);
  const kept = each((tile.pixels - 1) * s + kw, (m) =>
    pixel(text, `r${m}`, `here + ${m}u * step`, `ix + ${m}`, "width"),
  );
  const taps = each(
    kw,
    (kx) => `          {
${filtersAt(text, `at + ${kx}u * u.tap`)}
${each(tile.pixels, (p) => multiplyAdds(text, p, [`r${p * s + kx}`])).join("\n")}
          }`,
  );
  return `      let ix = i32(ox * u.sx) - i32(u.left);
      let line = ${lineOf(text)};
      let step = ${stepOf("u.pitch", text)};
      for (var k = 0u; k < ${depth}; k++) {
          let here = line + ${stepOf("k", text)};
          let at = start + ky * u.kw * u.tap + k * ${whole ? "4u * " : ""}u.wide;
${kept.join("\n")}
${taps.join("\n")}
      }`;
}

/** The same for few channels: pixels and channels are one row of scalars, as are taps and channels. */
function channelsText(text: Text): string {
  const { windows, tile } = text;
  const { depth } = windows;
  const [kw, s] = [windows.kernel[1] * depth, windows.stride[1] * depth];
  const kept = each((tile.pixels - 1) * s + kw, (m) =>
    pixel(text, `r${m}`, `line + ${m}u`, `ix + ${m}`, "width * u.depth"),
  );
  const taps = each(
    kw,
    (t) => `          {
${filtersAt(text, `at + ${t}u * u.wide`)}
${each(tile.pixels, (p) => multiplyAdds(text, p, [`r${p * s + t}`])).join("\n")}
          }`,
  );
  return `      let ix = (i32(ox * u.sx) - i32(u.left)) * i32(u.depth);
      let line = u32(i32((image * u.h + u32(iy)) * u.w * u.depth) + ix);
      let at = start + ky * u.kw * u.tap;
${kept.join("\n")}
${taps.join("\n")}`;
}

const texts = { taps: tapsText, row: rowText, channels: channelsText };

function textOf(text: Text): string {
  const { windows, tile, whole, reading } = text;
  const { turned, own } = windows;
  const { pixels, vectors } = tile;
  const place = turned
    ? `  let rx = tile % u.sx;
  let q = (tile / u.sx) * ${pixels}u;
  let ox = rx + u.sx * q;`
    : `  let ox = tile * ${pixels}u;`;
  const sums = each(pixels, (p) => each(vectors, (j) => `a${p}_${j}`)).flat();
  const store = `  let px = ox + t / ${vectors}u${turned ? " * u.sx" : ""};
  let more = t % ${vectors}u * 4u;
  if (px < u.ow && first + more < u.columns) {
    finish((out + px) * u.all + channel + more, u.columns - first - more, sum, low, high);
  }`;
  return `  let block = i % u.blocks;
  let s = i / u.blocks;
  let group = s % u.groups;
  let r = s / u.groups;
  let tile = r % u.tiles;
  let r2 = r / u.tiles;
  let oy = r2 % u.oh;
  let n = r2 / u.oh;
${place}
  let image = ${own === undefined ? "n" : "own[2u * n]"};
  let first = block * ${4 * vectors}u;
  let channel = group * u.columns + first;
${each(vectors, (j) => `  let b${j} = bias(channel + ${4 * j}u);`).join("\n")}
${sums.map((sum, t) => `  var ${sum} = b${t % vectors};`).join("\n")}
  let start = ${own === undefined ? "group" : "own[2u * n + 1u]"} * u.panel + block * ${vectors}u;
${whole && tile.quads ? `${quadRows}\n` : ""}${overTaps(windows, "ky", `${sourceRow(turned)}\n${texts[reading](text)}`)}
  let out = (n * u.oh + oy) * u.ow;
${finishing(sums, store)}`;
}

/** The dispatch over x, packed filters, then bias and residual. */
export function directDispatches(
  { windows: given, following, types, beside = false }: Product,
  x: Part,
  filters: Part,
  rest: readonly Part[],
  io: Pick<Io, "output" | "table">,
  mayShare: boolean,
): Dispatch[] {
  const windows = flattened(given);
  const { images, groups, to, depth, columns, kernel, stride, turned } = windows;
  const tile = tileOf(windows, mayShare);
  const { quads } = tile;
  const whole = depth % 4 === 0;
  const wide = Math.ceil(columns / 4);
  const blocks = blocksOf(tile, columns);
  const tiles = turned
    ? stride[1] * Math.ceil(Math.ceil(to[1] / stride[1]) / tile.pixels)
    : Math.ceil(to[1] / tile.pixels);
  const pitch = whole ? (depth * groups) / 4 : depth * groups;
  const of = storageOf(types.from);
  const end = epilogue(following, types, columns % 4 === 0, rest, io.output, filters, mayShare);
  return [
    perThread({
      label: `direct ${tile.pixels}×${tile.vectors * 4}`,
      threads: images * groups * to[0] * tiles * blocks,
      ...(mayShare ? { size: processorGroup } : {}),
      uniforms: {
        blocks,
        groups,
        tiles,
        ...geometryUniforms(windows),
        depth,
        depth4: depth / 4,
        pitch,
        jump: pitch * stride[1],
        wide,
        tap: depth * wide,
        panel: kernel[0] * kernel[1] * depth * wide,
        columns,
        all: columns * groups,
        ...end.uniforms,
      },
      quads,
      bindings: [
        { name: "x", of: vectorOf(of, whole && !quads), part: x, write: beside },
        { name: "f", of: "vec4f", part: filters },
        ...ownBinding(windows, io),
        ...end.bindings,
      ],
      uses: end.uses,
      before: end.text,
      body: `${end.bounds}\n${textOf({ windows, tile, whole, reading: readingOf(windows, tile) })}`,
    }),
  ];
}
