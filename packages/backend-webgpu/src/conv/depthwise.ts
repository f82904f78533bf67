/**
 * One filter for each channel. A thread makes some pixels of a row for four channels (or one, where channels are no multiple of
 * four); for 3×3 and 5×5 kernels some rows of pixels, each input vector being read once for all that it belongs to.
 */
import { sizeOf, type Pack, type Spec } from "@tatamijs/core/backend";
import { idle, type GpuKernel } from "../kernel.ts";
import { each, perThread } from "../shader.ts";
import { fourChannels, storageOf, vectorOf } from "../values.ts";
import { epilogue, finishing } from "./epilogue.ts";
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

/** Rows and pixels of a thread; in sevens maps of 7, 14, 28 and 56 leave nothing over. */
function tileOf({ kernel, stride, dilation, turned, to }: Windows): readonly [number, number] {
  const [kh, kw] = kernel;
  const fits = !turned && kh === kw && (kh === 3 || kh === 5) && stride[0] === stride[1] && stride[0] <= 2;
  if (!fits || dilation.some((d) => d !== 1)) return [1, 1];
  return kh === 5 || stride[0] === 2 || to[1] <= 4 ? [2, 4] : [3, 7];
}

export function depthwise(windows: Windows, following: Following, types: Types, packs: readonly Pack[]): GpuKernel {
  const { images, groups: channels, to } = windows;
  if (images * channels * sizeOf(to) === 0) return idle;
  const whole = channels % 4 === 0;
  const wide = Math.ceil(channels / 4);
  const [rows, pixels] = tileOf(windows);
  const tiles = Math.ceil(to[1] / pixels);
  const of = storageOf(types.from);
  return {
    variant: `depthwise ${rows}×${pixels}${windows.turned ? ", turned" : ""}`,
    packs,
    dispatches(io) {
      const end = epilogue(following, types, whole, io.inputs.slice(2), io.output, io.inputs[1]!);
      return [
        perThread({
          label: "depthwise",
          threads: images * Math.ceil(to[0] / rows) * tiles * wide,
          uniforms: {
            wide,
            channels,
            tiles,
            bands: Math.ceil(to[0] / rows),
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
  let oy = (r2 % u.bands) * ${rows}u;
  let n = r2 / u.bands;
  let ox = tile * ${pixels}u;
${rows === 1 ? single(windows) : tiled(windows, rows, pixels)}
${finishing(
  each(rows, (r) => each(pixels, (p) => `a${r}_${p}`)).flat(),
  `  let py = oy + t / ${pixels}u;
  let px = ox + t % ${pixels}u;
  if (py < u.oh && px < u.ow) { finish(((n * u.oh + py) * u.ow + px) * u.channels + 4u * c, u.channels - 4u * c, sum); }`,
)}`,
        }),
      ];
    },
  };
}

function single({ turned }: Windows): string {
  const column = turned
    ? `      let tx = i32(ox) + i32(u.left) - i32(kx * u.dx);
      if (tx % i32(u.sx) != 0) { continue; }
      let ix = tx / i32(u.sx);`
    : "      let ix = i32(ox * u.sx + kx * u.dx) - i32(u.left);";
  return `  var a0_0 = bias(4u * c);
  for (var ky = 0u; ky < u.kh; ky++) {
${sourceRow(turned)}
    for (var kx = 0u; kx < u.kw; kx++) {
${column}
      if (u32(ix) >= width) { continue; }
      a0_0 = fma(load((n * u.h + u32(iy)) * u.w + u32(ix), c), f[(ky * u.kw + kx) * u.wide + c], a0_0);
    }
  }`;
}

function tiled({ kernel, stride }: Windows, rows: number, pixels: number): string {
  const [k, s] = [kernel[0], stride[0]];
  const bands = each((rows - 1) * s + k, (band) => {
    const loads = each(
      (pixels - 1) * s + k,
      (m) => `    let v${m} = select(vec4f(), load(line + ${m}u, c), u32(ix + ${m}) < width);`,
    );
    const sums = each(rows, (r) => {
      const ky = band - r * s;
      if (ky < 0 || ky >= k) return "";
      return each(pixels, (p) => {
        const chained = each(k, (kx) => kx).reduce(
          (sum, kx) => `fma(v${p * s + kx}, w${ky * k + kx}, ${sum})`,
          `a${r}_${p}`,
        );
        return `    a${r}_${p} = ${chained};`;
      }).join("\n");
    });
    return `  {
    let line = u32(i32(n * u.h * u.w) + (iy + ${band}) * i32(u.w) + ix);
    // As in sourceRow: no branch.
    let width = select(0u, u.w, u32(iy + ${band}) < u.h);
${loads.join("\n")}
${sums.filter((text) => text !== "").join("\n")}
  }`;
  });
  return `  let first = bias(4u * c);
${each(rows, (r) => each(pixels, (p) => `  var a${r}_${p} = first;`).join("\n")).join("\n")}
${each(k * k, (t) => `  let w${t} = f[${t}u * u.wide + c];`).join("\n")}
  let iy = i32(oy * u.sy) - i32(u.top);
  let ix = i32(ox * u.sx) - i32(u.left);
${bands.join("\n")}`;
}
