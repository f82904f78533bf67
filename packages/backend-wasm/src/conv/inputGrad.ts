/**
 * The gradient of a convolution by its input, which is also the transposed convolution, as products.
 *
 * Input row i takes tap f from output row o where o·S + f·D = i + P. Rows of one residue r = (i + P) mod S take the taps with
 * f·D ≡ r, and for q = (i + P − r)/S they read o = q − (f·D − r)/S: a convolution of stride 1 over dy with some of the
 * taps, backwards. So there is one product for each residue of rows and columns (one in all for stride 1), all over one
 * copy of dy that has the border they need.
 */
import type { Call, ConvAttrs } from "@tatamijs/core/backend";
import { gemmLocal, packed, panelBytes, product, type Source } from "../gemm/product.ts";
import { isEmpty, type WasmKernel } from "../kernel.ts";
import { border, framed, frameBytes, skips, type Framed } from "./window.ts";

/** Rows (or columns) of one residue. */
interface Residue {
  /** Input positions: first, first + S, …, `count` of them. */
  readonly first: number;
  readonly count: number;
  /** Taps, and for each the position in dy that the first input position reads. */
  readonly taps: readonly { readonly tap: number; readonly at: number }[];
}

function residues(size: number, kernel: number, stride: number, padding: number, dilation: number): Residue[] {
  return Array.from({ length: Math.min(stride, size) }, (_, first): Residue => {
    const r = (first + padding) % stride;
    const q = (first + padding - r) / stride;
    const taps = Array.from({ length: kernel }, (_, tap) => tap)
      .filter((tap) => (tap * dilation - r) % stride === 0)
      .map((tap) => ({ tap, at: q - (tap * dilation - r) / stride }));
    return { first, count: Math.ceil((size - first) / stride), taps: taps.toReversed() };
  });
}

/** What of dy all residues reach: from, and how far. */
function reachOf(all: readonly Residue[]): { from: number; length: number } {
  const used = all.filter(({ taps }) => taps.length > 0);
  // Every window lies in the padding: nothing flows.
  if (used.length === 0) return { from: 0, length: 1 };
  const from = Math.min(...used.map(({ taps }) => taps[0]!.at));
  const to = Math.max(...used.map(({ taps, count }) => taps.at(-1)!.at + count));
  return { from, length: to - from };
}

export function inputGrad(
  { inputs: [dy], output: spec }: Pick<Call, "inputs" | "output">,
  attrs: ConvAttrs,
): WasmKernel {
  const { input, kernel, stride, padding, dilation, groups, output } = attrs;
  const [batch, , , filters] = dy!.shape as [number, number, number, number];
  const channels = spec.shape[3]!;
  const [inner, columns] = [filters / groups, channels / groups];
  const rows = residues(input[0], kernel[0], stride[0], padding[0], dilation[0]);
  const across = residues(input[1], kernel[1], stride[1], padding[1], dilation[1]);
  const [high, wide] = [reachOf(rows), reachOf(across)];
  const map = framed(output, [high.length, wide.length], [-high.from, -wide.from]);
  const taps = kernel[0] * kernel[1];
  const parts = rows.flatMap((y) =>
    across.flatMap((x) =>
      Array.from({ length: groups }, (_, group) => {
        const pairs = y.taps.flatMap(({ tap: fy }) => x.taps.map(({ tap: fx }) => fy * kernel[1] + fx));
        // w is [FN, taps, C/groups]: the depth goes over filters, columns are channels.
        const source: Source = {
          runs: pairs.map((tap) => (group * inner * taps + tap) * columns),
          length: inner,
          along: taps * columns,
          columns,
          across: 1,
        };
        return { y, x, group, source };
      }),
    ),
  );
  return {
    variant: `gemm ${kernel[0]}×${kernel[1]}, ${parts.length} part${parts.length === 1 ? "" : "s"}`,
    scratch: frameBytes(map, batch, filters),
    local: gemmLocal,
    packs: [
      packed(
        1,
        `input-grad ${[...input, ...kernel, ...stride, ...padding, ...dilation, groups].join()}`,
        parts.map(({ source }) => source),
      ),
    ],
    phases(io) {
      if (isEmpty(spec)) return [];
      const from = io.inputs[0]!.at;
      const at = map.asIs ? from : io.scratch;
      let b = io.inputs[1]!.at;
      const products = parts.map(({ y, x, group, source }) => {
        const panels = b;
        b += panelBytes(source);
        const whole = stride[0] * stride[1] === 1;
        const places = io.table(`dy ${[batch, map.height, map.width, filters, y.count, x.count].join()}`, () =>
          placesOf(batch, map, filters, y.count, x.count),
        );
        const starts = y.taps.flatMap((row) =>
          x.taps.map((column) => ((row.at + map.top) * map.width + column.at + map.left) * filters),
        );
        return product(io, {
          rows: batch * y.count * x.count,
          columns,
          // Without a tap nothing flows: one run of no length.
          a: {
            at: at + group * inner * 4,
            places,
            runs: skips(io, starts.length === 0 ? [0] : starts, starts.length === 0 ? 0 : inner),
            count: Math.max(1, starts.length),
            length: starts.length === 0 ? 0 : inner,
          },
          b: panels,
          c: io.output.at + group * columns * 4,
          ldc: channels,
          bias: undefined,
          clamp: [-Infinity, Infinity],
          ...(whole ? {} : { places: scattered(y, x) }),
        });
        function scattered(down: Residue, right: Residue): number {
          const key = [...input, channels, ...stride, down.first, right.first, batch].join();
          return io.table(`scattered ${key}`, () => {
            const list = new Int32Array(batch * down.count * right.count);
            let i = 0;
            for (let n = 0; n < batch; n++)
              for (let oy = 0; oy < down.count; oy++)
                for (let ox = 0; ox < right.count; ox++) {
                  const [py, px] = [down.first + oy * stride[0], right.first + ox * stride[1]];
                  list[i++] = ((n * input[0] + py) * input[1] + px) * channels * 4;
                }
            return list;
          });
        }
      });
      return [...border(map, from, io.scratch, batch, output, filters), ...products];
    },
  };
}

/** Byte offsets of the first `rows` × `columns` pixels of each image. */
function placesOf(
  batch: number,
  { height, width }: Framed,
  channels: number,
  rows: number,
  columns: number,
): Int32Array {
  const list = new Int32Array(batch * rows * columns);
  let i = 0;
  for (let n = 0; n < batch; n++)
    for (let y = 0; y < rows; y++)
      for (let x = 0; x < columns; x++) list[i++] = ((n * height + y) * width + x) * channels * 4;
  return list;
}
