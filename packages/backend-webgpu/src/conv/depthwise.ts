/**
 * One filter for each channel. A thread makes pixels of four channels: one of them, or for 3×3 and 5×5 kernels a band of the
 * image, some pixels wide, going down row by row, where each vector of the input is read once for all sums that it is in.
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

/** Pixels of a row that a thread makes; in sevens maps of 7, 14, 28 and 56 leave nothing over. */
function pixelsOf({ kernel, stride, dilation, turned, to }: Windows): number {
  const [kh, kw] = kernel;
  const fits = !turned && kh === kw && (kh === 3 || kh === 5) && stride[0] === stride[1] && stride[0] <= 2;
  if (!fits || dilation.some((d) => d !== 1)) return 1;
  return to[1] <= 4 ? 4 : 7;
}

/** Threads that a processor which plays a GPU is busy with; it takes as few bands as that leaves, a GPU bands of four rows. */
const enough = 256;

export function depthwise(
  windows: Windows,
  following: Following,
  types: Types,
  packs: readonly Pack[],
  quads: boolean,
): GpuKernel {
  const { images, groups: channels, to } = windows;
  if (images * channels * sizeOf(to) === 0) return idle;
  const whole = channels % 4 === 0;
  const wide = Math.ceil(channels / 4);
  const pixels = pixelsOf(windows);
  const tiles = Math.ceil(to[1] / pixels);
  const columns = images * tiles * wide;
  const height = pixels === 1 ? 1 : quads ? Math.ceil(to[0] / Math.ceil(enough / columns)) : 4;
  const bands = Math.ceil(to[0] / height);
  const of = storageOf(types.from);
  return {
    variant: `depthwise ${pixels}${windows.turned ? ", turned" : ""}`,
    packs,
    dispatches(io) {
      const end = epilogue(following, types, whole, io.inputs.slice(2), io.output, io.inputs[1]!, quads, true);
      return [
        perThread({
          label: "depthwise",
          threads: columns * bands,
          ...(quads ? { size: processorGroup } : {}),
          uniforms: {
            wide,
            channels,
            tiles,
            bands,
            height,
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
  let tile = r1 % u.tiles;
  let r2 = r1 / u.tiles;
  let oy = (r2 % u.bands) * u.height;
  let n = r2 / u.bands;
  let ox = tile * ${pixels}u;
${end.bounds}
${pixels === 1 ? single(windows) : rolling(windows, pixels)}`,
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
 * In turn t the rows of the input come in that are new to row t of the output, s of them: kernel row s·d + r of output row t − d
 * meets row r of them, for d = 0 … D. Output row t − D is complete then, the others go on to the next turn. So the band's last
 * row is complete D turns after it has begun, and what the first D turns complete is above the band.
 */
function rolling({ kernel, stride, to }: Windows, pixels: number): string {
  const [k, s] = [kernel[0], stride[0]];
  const fits = to[1] % pixels === 0;
  const last = Math.ceil(k / s) - 1;
  const rows = each(s, (r) =>
    [
      `    let iy${r} = i32((oy + t) * u.sy) + ${r} - i32(u.top);`,
      `    let line${r} = u32((i32(n * u.h) + iy${r}) * i32(u.w) + ix);`,
      "    // As in sourceRow: no branch.",
      `    let width${r} = select(0u, u.w, u32(iy${r}) < u.h);`,
      ...each(
        (pixels - 1) * s + k,
        (m) => `    let v${r}_${m} = select(vec4f(), load(line${r} + ${m}u, c), u32(ix + ${m}) < width${r});`,
      ),
    ].join("\n"),
  );
  const sums = each(last + 1, (d) =>
    each(pixels, (p) => {
      const taps = each(s, (r) => each(s * d + r < k ? k : 0, (kx) => [r, kx] as const)).flat();
      const chained = taps.reduce(
        (sum, [r, kx]) => `fma(v${r}_${p * s + kx}, w${(s * d + r) * k + kx}, ${sum})`,
        d === 0 ? "first" : `a${d}_${p}`,
      );
      return `    let s${d}_${p} = ${chained};`;
    }).join("\n"),
  );
  const begun = each(last, (d) => each(pixels, (p) => [`a${d + 1}_${p}`, `s${d}_${p}`] as const)).flat();
  return `  let first = bias(4u * c);
${begun.map(([kept]) => `  var ${kept} = first;`).join("\n")}
${each(k * k, (t) => `  let w${t} = f[${t}u * u.wide + c];`).join("\n")}
  let ix = i32(ox * u.sx) - i32(u.left);
  var t = 0u;
  loop {
${rows.join("\n")}
${sums.join("\n")}
${begun.map(([kept, sum]) => `    ${kept} = ${sum};`).join("\n")}
    let py = oy + t - ${last}u;
    if (t >= ${last}u && py < u.oh) {
${each(pixels, (p) => `      ${fits ? "" : `if (ox + ${p}u < u.ow) { `}${finish("py", `ox + ${p}u`, `s${last}_${p}`)}${fits ? "" : " }"}`).join("\n")}
    }
    continuing { t++; break if t >= u.height + ${last}u; }
  }`;
}
