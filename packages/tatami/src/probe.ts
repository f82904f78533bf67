/**
 * Known answers. A driver may compute wrongly and say nothing, so a backend is asked a few sums before it is trusted: two
 * convolutions (one strided, of more channels) and two reductions, of small whole numbers. The loops below share nothing with any
 * backend. On a GPU this is four pipelines, which the programs to come find made.
 */
import { channelsLast, constant, conv2d, input, max, mean, transpose } from "@tatamijs/core";
import { TatamiError, type Backend } from "@tatamijs/core/backend";
import { compile, openSession } from "@tatamijs/engine";

/** [N, H, W, C] and [FN, FH, FW, C], as they lie in memory; sizes of images and filters are square. */
interface Layer {
  readonly side: number;
  readonly channels: number;
  readonly filters: number;
  readonly kernel: number;
  readonly stride: number;
}

const first: Layer = { side: 15, channels: 4, filters: 8, kernel: 3, stride: 1 };
const second: Layer = { side: 15, channels: 8, filters: 12, kernel: 3, stride: 2 };

/**
 * Compiles and runs the probe; frees what it took.
 * @throws TatamiError `backend` for the first number that is wrong (rejects); what `compile` and the backend throw.
 */
export async function probe(backend: Backend): Promise<void> {
  const session = openSession(backend);
  try {
    const image = pattern(first.side ** 2 * first.channels, 5, 2);
    const [a, b] = [weightsOf(first), weightsOf(second)];
    const x = input([1, first.channels, first.side, first.side], { layout: "NHWC" });
    const y = conv2d(x, filters(a, first), { padding: 1 });
    const z = conv2d(y, filters(b, second), { padding: 1, stride: 2 });
    const outputs = [
      transpose(y, channelsLast),
      transpose(z, channelsLast),
      mean(z, { axis: [2, 3] }),
      max(z, { axis: 1 }),
    ];
    const program = await compile({ inputs: [x], outputs }, session);
    const got = await program.run([Float32Array.from(image)]);
    const wantY = convolved(image, a, first);
    const wantZ = convolved(wantY, b, second);
    const sums = Array.from({ length: second.filters }, (_, c) => wantZ.filter((_v, k) => k % second.filters === c));
    const wanted: readonly (readonly [string, readonly number[]])[] = [
      ["a convolution", wantY],
      ["a convolution of stride 2", wantZ],
      ["a mean", sums.map((all) => all.reduce((s, v) => s + v, 0) / all.length)],
      [
        "a maximum",
        Array.from({ length: wantZ.length / second.filters }, (_, k) =>
          Math.max(...wantZ.slice(k * second.filters, (k + 1) * second.filters)),
        ),
      ],
    ];
    for (const [k, [what, values]] of wanted.entries()) compare(what, got[k]!.data as Float32Array, values);
  } finally {
    await session.close();
  }
}

/** Whole numbers around 0 in an order that no symmetry hides behind. */
function pattern(count: number, values: number, middle: number): number[] {
  return Array.from({ length: count }, (_, k) => ((k * 7 + (k >> 2) * 3 + (k >> 5)) % values) - middle);
}

function weightsOf({ filters: count, channels, kernel }: Layer): number[] {
  return pattern(count * kernel ** 2 * channels, 3, 1);
}

function filters(values: readonly number[], { filters: count, channels, kernel }: Layer) {
  return transpose(constant(Float32Array.from(values), [count, kernel, kernel, channels]), [0, 3, 1, 2]);
}

/** With a border of one 0, as all of it here has. */
function convolved(x: readonly number[], w: readonly number[], layer: Layer): number[] {
  const { side, channels, filters: count, kernel, stride } = layer;
  const out = (side + 2 - kernel) / stride + 1;
  return Array.from({ length: out * out * count }, (_, at) => {
    const [f, column, row] = [at % count, Math.floor(at / count) % out, Math.floor(at / count / out)];
    let sum = 0;
    for (let k = 0; k < kernel ** 2; k++) {
      const [i, j] = [row * stride + Math.floor(k / kernel) - 1, column * stride + (k % kernel) - 1];
      if (i < 0 || j < 0 || i >= side || j >= side) continue;
      for (let c = 0; c < channels; c++)
        sum += x[(i * side + j) * channels + c]! * w[(f * kernel ** 2 + k) * channels + c]!;
    }
    return sum;
  });
}

function compare(what: string, got: Float32Array, wanted: readonly number[]): void {
  const largest = Math.max(1, ...wanted.map(Math.abs));
  // Transforms of convolutions round; what is broken is off by more. NaN fails, too.
  const wrong = wanted.findIndex((value, k) => !(Math.abs(got[k]! - value) <= 1e-4 * largest));
  if (wrong < 0) return;
  throw new TatamiError(
    "backend",
    `it computes wrongly here: ${what} gives ${got[wrong]} where ${wanted[wrong]} is right; its driver may be at fault`,
    { op: "open", details: { what, index: wrong, given: got[wrong], wanted: wanted[wrong] } },
  );
}
