/**
 * One filter for each channel. A thread makes pixels of four channels: one of them, or for 3×3 and 5×5 kernels some rows of a
 * band, going along them column by column, where each vector of the input is read once for all sums that it is in.
 */
import { sizeOf, type Pack, type Spec } from "@tatamijs/core/backend";
import { idle, type GpuKernel } from "../kernel.ts";
import { each, perThread, processorGroup } from "../shader.ts";
import { fourChannels, storageOf, vectorOf } from "../values.ts";
import { epilogue } from "./epilogue.ts";
import { packOf, type Panels } from "./pack.ts";
import { geometryUniforms, sourceRow, type Following, type Types, type Windows } from "./size.ts";

export function isDepthwise({ groups, depth, columns }: Windows): boolean {
  return groups > 1 && depth === 1 && columns === 1;
}

/** Filters [C, KH, KW, 1] → taps × channels; of a plain input gradient the taps from the last to the first. */
export function depthwisePack(spec: Spec, { groups, kernel, turned, back }: Windows): Pack {
  const taps = kernel[0] * kernel[1];
  const flip = back && !turned;
  const panels: Panels = {
    groups: 1,
    taps,
    depth: 1,
    columns: groups,
    ...(flip ? { start: taps - 1 } : {}),
    steps: [0, flip ? -1 : 1, 0, taps],
  };
  return packOf(1, spec, panels);
}

/** Rows that a thread makes; in sevens maps of 7, 14, 28 and 56 leave nothing over. */
function rowsOf({ kernel, stride, dilation, turned, to }: Windows): number {
  const [kh, kw] = kernel;
  const fits = !turned && kh === kw && (kh === 3 || kh === 5) && stride[0] === stride[1] && stride[0] <= 2;
  if (!fits || dilation.some((d) => d !== 1)) return 1;
  return to[0] <= 4 ? 4 : 7;
}

/** Threads that a processor which plays a GPU is busy with; it takes as few bands as that leaves, a GPU bands of four columns. */
const enough = 256;

export function depthwise(
  windows: Windows,
  following: Following,
  types: Types,
  packs: readonly Pack[],
  processor: boolean,
): GpuKernel {
  const { images, groups: channels, to } = windows;
  if (images * channels * sizeOf(to) === 0) return idle;
  const whole = channels % 4 === 0;
  const wide = Math.ceil(channels / 4);
  const rows = rowsOf(windows);
  const tiles = Math.ceil(to[0] / rows);
  const lines = images * tiles * wide;
  const length = rows === 1 ? 1 : processor ? Math.ceil(to[1] / Math.ceil(enough / lines)) : 4;
  const bands = Math.ceil(to[1] / length);
  const of = storageOf(types.from);
  return {
    variant: `depthwise${rows === 1 ? "" : `, ${rows} rows`}${windows.turned ? ", turned" : ""}`,
    packs,
    dispatches(io) {
      const end = epilogue(following, types, whole, io.inputs.slice(2), io.output, io.inputs[1]!, processor, true);
      return [
        perThread({
          label: "depthwise",
          threads: lines * bands,
          ...(processor ? { size: processorGroup } : {}),
          uniforms: {
            wide,
            channels,
            tiles,
            bands,
            length,
            ...geometryUniforms(windows),
            ...end.uniforms,
          },
          bindings: [
            { name: "x", of: vectorOf(of, whole), part: io.inputs[0]! },
            { name: "f", of: "vec4f", part: io.inputs[1]! },
            ...end.bindings,
          ],
          uses: end.uses,
          before: `${fourChannels(whole)}\n${end.text}`,
          body: `  let c = i % u.wide;
  let r1 = i / u.wide;
  let ox = (r1 % u.bands) * u.length;
  let r2 = r1 / u.bands;
  let oy = (r2 % u.tiles) * ${rows}u;
  let n = r2 / u.tiles;
${end.bounds}
${rows === 1 ? single(windows) : rolling(windows, rows)}`,
        }),
      ];
    },
  };
}

/** Stores `sum` of a pixel. */
const finish = (y: string, x: string, sum: string): string =>
  `finish(((n * u.oh + ${y}) * u.ow + ${x}) * u.channels + 4u * c, u.channels - 4u * c, ${sum}, low, high);`;

function single({ turned }: Windows): string {
  const column = turned
    ? `      let tx = i32(ox) + i32(u.left) - i32(kx * u.dx);
      if (tx % i32(u.sx) != 0) { continue; }
      let ix = tx / i32(u.sx);`
    : "      let ix = i32(ox * u.sx + kx * u.dx) - i32(u.left);";
  return `  var sum = bias(4u * c);
  for (var ky = 0u; ky < u.kh; ky++) {
${sourceRow(turned)}
    for (var kx = 0u; kx < u.kw; kx++) {
${column}
      if (u32(ix) >= width) { continue; }
      sum = fma(load((n * u.h + u32(iy)) * u.w + u32(ix), c), f[(ky * u.kw + kx) * u.wide + c], sum);
    }
  }
  ${finish("oy", "ox", "sum")}`;
}

/**
 * In turn t the columns of the input come in that are new to column t of the output, s of them: kernel column s·d + r of output
 * column t − d meets column r of them, for d = 0 … D. Output column t − D is complete then, the others go on to the next turn. So
 * the band's last column is complete D turns after it has begun, and what the first D turns complete is before the band.
 */
function rolling({ kernel, stride, to }: Windows, rows: number): string {
  const [k, s] = [kernel[0], stride[0]];
  const last = Math.ceil(k / s) - 1;
  const fits = to[0] % rows === 0;
  const kept = (rows - 1) * s + k;
  const columns = each(s, (r) =>
    [
      `    let ix${r} = i32((ox + t) * u.sx) + ${r} - i32(u.left);`,
      ...each(
        kept,
        (m) => `    let v${r}_${m} = select(vec4f(), load(u32(line${m} + ix${r}), c), u32(ix${r}) < width${m});`,
      ),
    ].join("\n"),
  );
  const sums = each(last + 1, (d) =>
    each(rows, (p) => {
      const taps = each(s, (r) => each(s * d + r < k ? k : 0, (ky) => [r, ky] as const)).flat();
      const chained = taps.reduce(
        (sum, [r, ky]) => `fma(v${r}_${p * s + ky}, w${ky * k + s * d + r}, ${sum})`,
        d === 0 ? "first" : `a${d}_${p}`,
      );
      return `    let s${d}_${p} = ${chained};`;
    }).join("\n"),
  );
  const begun = each(last, (d) => each(rows, (p) => [`a${d + 1}_${p}`, `s${d}_${p}`] as const)).flat();
  return `  let first = bias(4u * c);
${begun.map(([name]) => `  var ${name} = first;`).join("\n")}
${each(k * k, (t) => `  let w${t} = f[${t}u * u.wide + c];`).join("\n")}
  let iy = i32(oy * u.sy) - i32(u.top);
  // As in sourceRow: no branch.
${each(kept, (m) => `  let line${m} = (i32(n * u.h) + iy + ${m}) * i32(u.w);\n  let width${m} = select(0u, u.w, u32(iy + ${m}) < u.h);`).join("\n")}
  var t = 0u;
  loop {
${columns.join("\n")}
${sums.join("\n")}
${begun.map(([name, sum]) => `    ${name} = ${sum};`).join("\n")}
    let px = ox + t - ${last}u;
    if (t >= ${last}u && px < u.ow) {
${each(rows, (p) => `      ${fits ? "" : `if (oy + ${p}u < u.oh) { `}${finish(`(oy + ${p}u)`, "px", `s${last}_${p}`)}${fits ? "" : " }"}`).join("\n")}
    }
    continuing { t++; break if t >= u.length + ${last}u; }
  }`;
}
