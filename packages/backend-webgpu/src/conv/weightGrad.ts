/**
 * The filters' gradient: dw[o, ky, kx, c] = Σ over images and places of dy[…, o] · x[…, c]. A thread makes 8 × 8 of it for one
 * tap, over some rows of all images; where there are several parts, a second dispatch adds them up.
 */
import type { Call, ConvAttrs, Spec } from "@tatamijs/core/backend";
import { partsOf } from "../elementwise/reduction.ts";
import { ceilTo, idle, type GpuKernel } from "../kernel.ts";
import { perThread } from "../shader.ts";
import { geometryUniforms } from "./size.ts";
import { storageOf, vectorOf } from "../values.ts";

const tile = 8;
const lanes = ["x", "y", "z", "w"] as const;

/** Neighbours `first` to `first` + 3 from `at`; beyond `left` there are zeros. */
function four(name: string, whole: boolean, at: string, first: number, left: string): string {
  if (whole) return `vec4f(${name}[${at} / 4u + ${first / 4}u])`;
  const element = (e: number): string => `select(0.0, f32(${name}[${at} + ${e}u]), ${left} > ${e}u)`;
  return `vec4f(${lanes.map((_, e) => element(first + e)).join(", ")})`;
}

export function weightGrad([x, dy]: Call["inputs"], attrs: ConvAttrs, output: Spec): GpuKernel {
  const { input, output: to, kernel, stride, padding, dilation, groups } = attrs;
  const images = x!.shape[0]!;
  const channels = x!.shape[3]! / groups;
  const filters = dy!.shape[3]! / groups;
  const [ci, co] = [Math.ceil(channels / tile), Math.ceil(filters / tile)];
  const taps = kernel[0] * kernel[1];
  const threads = groups * taps * ci * co;
  if (threads === 0) return idle;
  const lines = images * to[0];
  const parts = Math.min(Math.max(1, lines), partsOf(threads, lines * to[1]));
  const each = Math.max(1, Math.ceil(lines / parts));
  const size = groups * filters * taps * channels;
  const bytes = ceilTo(size * parts * 4, 16);
  const [wholeX, wholeY] = [channels % tile === 0, filters % tile === 0];
  const of = storageOf(x!.dtype);
  const made = storageOf(output.dtype);
  const sums = Array.from({ length: tile }, (_, o) => [`s${o}_0`, `s${o}_1`]).flat();
  const body = (type: string): string => `  let cb = i % u.ci;
  let q1 = i / u.ci;
  let ob = q1 % u.co;
  let q2 = q1 / u.co;
  let tap = q2 % u.taps;
  let q3 = q2 / u.taps;
  let group = q3 % u.groups;
  let part = q3 / u.groups;
  let ky = tap / u.kw;
  let kx = tap % u.kw;
  let c = cb * ${tile}u;
  let o = ob * ${tile}u;
  // Places whose window has this tap inside the row.
  let shift = i32(kx * u.dx) - i32(u.left);
  let x0 = u32(max(0, (i32(u.sx) - 1 - shift) / i32(u.sx)));
  let x1 = u32(clamp((i32(u.w) - 1 - shift + i32(u.sx)) / i32(u.sx), 0, i32(u.ow)));
${sums.map((sum) => `  var ${sum} = vec4f();`).join("\n")}
  for (var line = part * u.each; line < min((part + 1u) * u.each, u.lines); line++) {
    let oy = line % u.oh;
    let iy = i32(oy * u.sy + ky * u.dy) - i32(u.top);
    if (u32(iy) >= u.h) { continue; }
    let row = ((line / u.oh) * u.h + u32(iy)) * u.w;
    for (var ox = x0; ox < x1; ox++) {
      let image = (row + u32(i32(ox * u.sx) + shift)) * u.channels * u.groups + group * u.channels + c;
      let grad = (line * u.ow + ox) * u.filters * u.groups + group * u.filters + o;
      let v0 = ${four("x", wholeX, "image", 0, "u.channels - c")};
      let v1 = ${four("x", wholeX, "image", 4, "u.channels - c")};
      let d0 = ${four("dy", wholeY, "grad", 0, "u.filters - o")};
      let d1 = ${four("dy", wholeY, "grad", 4, "u.filters - o")};
${Array.from({ length: tile }, (_, e) => {
  const d = `vec4f(d${Math.floor(e / 4)}.${lanes[e % 4]})`;
  return `      s${e}_0 = fma(${d}, v0, s${e}_0);\n      s${e}_1 = fma(${d}, v1, s${e}_1);`;
}).join("\n")}
    }
  }
${Array.from(
  { length: tile },
  (_, e) => `  if (o + ${e}u < u.filters) {
    let to = part * u.size + ((group * u.filters + o + ${e}u) * u.taps + tap) * u.channels + c;
    for (var k = 0u; k < min(u.channels - c, ${tile}u); k++) { y[to + k] = ${type}(select(s${e}_1[k & 3u], s${e}_0[k & 3u], k < 4u)); }
  }`,
).join("\n")}`;
  const uniforms = {
    ci,
    co,
    taps,
    groups,
    each,
    lines,
    size,
    channels,
    filters,
    ...geometryUniforms({ from: input, to, kernel, stride, padding: [padding[0], padding[1]], dilation }),
  };
  return {
    variant: `8×8 for each tap${parts > 1 ? `, ${parts} parts` : ""}`,
    ...(parts > 1 ? { scratch: bytes } : {}),
    dispatches({ inputs: [image, grad], output: result, scratch }) {
      const middle = parts > 1 ? scratch(0, bytes) : result;
      const type = parts > 1 ? "f32" : made;
      const first = perThread({
        label: "weight gradient",
        threads: threads * parts,
        uniforms,
        bindings: [
          { name: "x", of: vectorOf(of, wholeX), part: image! },
          { name: "dy", of: vectorOf(of, wholeY), part: grad! },
          { name: "y", of: type, part: middle, write: true },
        ],
        body: body(type),
      });
      if (parts === 1) return [first];
      return [
        first,
        perThread({
          label: "weight gradient, joined",
          threads: size,
          uniforms: { parts },
          bindings: [
            { name: "x", of: "f32", part: middle },
            { name: "y", of: made, part: result, write: true },
          ],
          body: `  var sum = 0.0;
  for (var p = 0u; p < u.parts; p++) { sum += x[p * u.threads + i]; }
  y[i] = ${made}(sum);`,
        }),
      ];
    },
  };
}
