/** Weighted sums, largest elements, and the gradient of the latter over taps; one thread per output element, NHWC. */
import type { Spec } from "@tatamijs/core/backend";
import { idle, type GpuKernel } from "../kernel.ts";
import { perThread } from "../shader.ts";
import { storageOf } from "../values.ts";
import { tableOf, type Maps, type Mixed } from "./taps.ts";

/** n, y, x, c of thread i. */
const where = `  let c = i % u.channels;
  let p = i / u.channels;
  let ox = p % u.ow;
  let q = p / u.ow;
  let oy = q % u.oh;
  let base = (q / u.oh) * u.ih * u.iw;`;

function sizes({ batch, channels, input, output }: Maps): { threads: number; uniforms: Record<string, number> } {
  return {
    threads: batch * channels * output[0] * output[1],
    uniforms: { channels, ih: input[0], iw: input[1], oh: output[0], ow: output[1] },
  };
}

const keyOf = (mixed: readonly Mixed[]): string => `taps ${JSON.stringify(mixed)}`;

/** Σ weights · x / (count of rows · count of columns). */
export function mix(maps: Maps, { dtype }: Spec): GpuKernel {
  const { threads, uniforms } = sizes(maps);
  if (threads === 0) return idle;
  const of = storageOf(dtype);
  return {
    variant: "sums over taps",
    dispatches: ({ inputs: [x], output, table }) => [
      perThread({
        label: "mix",
        threads,
        uniforms,
        bindings: [
          { name: "x", of, part: x! },
          { name: "rows", of: "u32", part: table(keyOf(maps.rows), () => tableOf(maps.rows)) },
          { name: "columns", of: "u32", part: table(keyOf(maps.columns), () => tableOf(maps.columns)) },
          { name: "y", of, part: output, write: true },
        ],
        body: `${where}
  let a1 = rows[2u * oy + 2u];
  let b0 = columns[2u * ox];
  let b1 = columns[2u * ox + 2u];
  var sum = 0.0;
  for (var a = rows[2u * oy]; a < a1; a += 2u) {
    let line = (base + rows[a] * u.iw) * u.channels + c;
    var part = 0.0;
    for (var b = b0; b < b1; b += 2u) {
      part += f32(x[line + columns[b] * u.channels]) * bitcast<f32>(columns[b + 1u]);
    }
    sum += part * bitcast<f32>(rows[a + 1u]);
  }
  y[i] = ${of}(sum / (bitcast<f32>(rows[2u * oy + 1u]) * bitcast<f32>(columns[2u * ox + 1u])));`,
      }),
    ],
  };
}

/** The place of a window's largest element, the first of equals; a NaN is one. Text: sets `best` (its index) and `most`. */
function largestOf(row: string, column: string): string {
  return `  let r1 = rows[2u * ${row} + 2u];
  let c0 = columns[2u * ${column}];
  let c1 = columns[2u * ${column} + 2u];
  var best = 0u;
  var most = 0.0;
  var first = true;
  for (var a = rows[2u * ${row}]; a < r1; a += 2u) {
    for (var b = c0; b < c1; b += 2u) {
      let at = (base + rows[a] * u.w + columns[b]) * u.channels + c;
      let v = f32(x[at]);
      if (first || (!isNan(most) && (isNan(v) || v > most))) { best = at; most = v; }
      first = false;
    }
  }`;
}

export function maxPool(maps: Maps, { dtype }: Spec): GpuKernel {
  const { threads, uniforms } = sizes(maps);
  if (threads === 0) return idle;
  const of = storageOf(dtype);
  return {
    variant: "largest of the taps",
    dispatches: ({ inputs: [x], output, table }) => [
      perThread({
        label: "max pool",
        threads,
        uniforms: { ...uniforms, w: maps.input[1] },
        bindings: [
          { name: "x", of, part: x! },
          { name: "rows", of: "u32", part: table(keyOf(maps.rows), () => tableOf(maps.rows)) },
          { name: "columns", of: "u32", part: table(keyOf(maps.columns), () => tableOf(maps.columns)) },
          { name: "y", of, part: output, write: true },
        ],
        uses: ["isNan"],
        body: `${where}
${largestOf("oy", "ox")}
  y[i] = ${of}(most);`,
      }),
    ],
  };
}

/**
 * Each input element looks at the windows that it is in, and takes the gradient of those whose largest it is.
 * @param maps - of the pooling; `back` its windows the other way round.
 */
export function maxPoolGrad(
  maps: Maps,
  back: { readonly rows: readonly Mixed[]; readonly columns: readonly Mixed[] },
  { dtype }: Spec,
): GpuKernel {
  const { batch, channels, input, output: small } = maps;
  const threads = batch * channels * input[0] * input[1];
  if (threads === 0) return idle;
  const of = storageOf(dtype);
  return {
    variant: "windows of each element",
    dispatches: ({ inputs: [dy, x], output, table }) => [
      perThread({
        label: "max pool gradient",
        threads,
        uniforms: { channels, h: input[0], w: input[1], oh: small[0], ow: small[1] },
        bindings: [
          { name: "dy", of, part: dy! },
          { name: "x", of, part: x! },
          { name: "rows", of: "u32", part: table(keyOf(maps.rows), () => tableOf(maps.rows)) },
          { name: "columns", of: "u32", part: table(keyOf(maps.columns), () => tableOf(maps.columns)) },
          { name: "upRows", of: "u32", part: table(keyOf(back.rows), () => tableOf(back.rows)) },
          { name: "upColumns", of: "u32", part: table(keyOf(back.columns), () => tableOf(back.columns)) },
          { name: "y", of, part: output, write: true },
        ],
        uses: ["isNan"],
        body: `  let c = i % u.channels;
  let p = i / u.channels;
  let ix = p % u.w;
  let q = p / u.w;
  let iy = q % u.h;
  let n = q / u.h;
  let base = n * u.h * u.w;
  let m1 = upRows[2u * iy + 2u];
  let k0 = upColumns[2u * ix];
  let k1 = upColumns[2u * ix + 2u];
  var sum = 0.0;
  for (var m = upRows[2u * iy]; m < m1; m += 2u) {
    let oy = upRows[m];
    for (var k = k0; k < k1; k += 2u) {
      let ox = upColumns[k];
${largestOf("oy", "ox")}
      if (best == i) { sum += f32(dy[((n * u.oh + oy) * u.ow + ox) * u.channels + c]); }
    }
  }
  y[i] = ${of}(sum);`,
      }),
    ],
  };
}
