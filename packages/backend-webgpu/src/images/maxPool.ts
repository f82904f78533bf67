/**
 * Max pooling with small windows. A thread makes four neighbouring pixels of four channels, and reads a row of pixels once for
 * all windows that it is in. The first of equals is taken, so zeros keep the sign that the oracle gives them.
 */
import { sizeOf, type PoolAttrs, type Spec } from "@tatamijs/core/backend";
import { idle, type GpuKernel } from "../kernel.ts";
import { each, bits, perThread } from "../shader.ts";
import { fourChannels, storageOf, vectorOf } from "../values.ts";
import type { Maps } from "./taps.ts";

const pixels = 4;
/** Small windows without gaps, each of which has an element to take. */
export function isSmall({ kernel, dilation }: PoolAttrs, { rows, columns }: Maps): boolean {
  const met = [...rows, ...columns].every(({ taps }) => taps.length > 0);
  return met && kernel[0] * kernel[1] <= 9 && dilation.every((d) => d === 1);
}

export function smallMaxPool({ kernel, stride, padding }: PoolAttrs, maps: Maps, { shape, dtype }: Spec): GpuKernel {
  if (sizeOf(shape) === 0) return idle;
  const { batch, channels, input, output: to } = maps;
  const whole = channels % 4 === 0;
  const wide = Math.ceil(channels / 4);
  const tiles = Math.ceil(to[1] / pixels);
  const of = storageOf(dtype);
  const [kw, s] = [kernel[1], stride[1]];
  const read = each((pixels - 1) * s + kw, (m) => m).filter((m) => m % s < kw);
  const store = whole
    ? `y[((n * u.oh + oy) * u.ow + px) * u.wide + c] = ${vectorOf(of, whole)}(most);`
    : `for (var e = 0u; e < min(u.channels - 4u * c, 4u); e++) { y[((n * u.oh + oy) * u.ow + px) * u.channels + 4u * c + e] = ${of}(most[e]); }`;
  return {
    variant: `windows of ${kernel.join("×")}`,
    dispatches: ({ inputs: [x], output }) => [
      perThread({
        label: "max pool",
        threads: batch * to[0] * tiles * wide,
        uniforms: {
          wide,
          channels,
          tiles,
          oh: to[0],
          ow: to[1],
          h: input[0],
          w: input[1],
          kh: kernel[0],
          sy: stride[0],
          top: padding[0],
          left: padding[1],
          least: bits(-Infinity),
          nan: bits(NaN),
        },
        bindings: [
          { name: "x", of: vectorOf(of, whole), part: x! },
          { name: "y", of: vectorOf(of, whole), part: output, write: true },
        ],
        before: fourChannels(whole),
        // A NaN's bits without its sign are more than infinity's; comparisons of floats need not know it.
        body: `  let c = i % u.wide;
  let r1 = i / u.wide;
  let tile = r1 % u.tiles;
  let r2 = r1 / u.tiles;
  let oy = r2 % u.oh;
  let n = r2 / u.oh;
  let ox = tile * ${pixels}u;
  let least = vec4f(bitcast<f32>(u.least));
${each(pixels, (p) => `  var most${p} = least;\n  var size${p} = vec4u();`).join("\n")}
  let iy = i32(oy * u.sy) - i32(u.top);
  let ix = i32(ox * ${s}u) - i32(u.left);
  for (var ky = 0; ky < i32(u.kh); ky++) {
    let line = u32(i32(n * u.h * u.w) + (iy + ky) * i32(u.w) + ix);
    let width = select(0u, u.w, u32(iy + ky) < u.h);
${read
  .map(
    (m) => `    let v${m} = select(least, load(line + ${m}u, c), u32(ix + ${m}) < width);
    let b${m} = bitcast<vec4u>(v${m}) & vec4u(0x7fffffffu);`,
  )
  .join("\n")}
${each(pixels, (p) =>
  each(kw, (kx) => p * s + kx)
    .map((m) => `    most${p} = select(most${p}, v${m}, v${m} > most${p});\n    size${p} = max(size${p}, b${m});`)
    .join("\n"),
).join("\n")}
  }
${each(
  pixels,
  (p) => `  if (ox + ${p}u < u.ow) {
    let px = ox + ${p}u;
    let most = select(most${p}, vec4f(bitcast<f32>(u.nan)), size${p} > vec4u(0x7f800000u));
    ${store}
  }`,
).join("\n")}`,
      }),
    ],
  };
}
