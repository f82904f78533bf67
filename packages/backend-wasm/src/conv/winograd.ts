/** 3×3 convolutions of stride 1 by Winograd's F(4×4, 3×3); see assembly/winograd.ts. */
import type { Call, ConvAttrs, Pack } from "@tatamijs/core/backend";
import { clampOf, zeroPanel } from "../gemm/product.ts";
import { float, isEmpty, unitsOf, type Phase, type WasmKernel } from "../kernel.ts";
import { panelColumns } from "../microkernels.ts";
import type { Following } from "./direct.ts";
import { ceilTo } from "../values.ts";

export interface WinogradSize {
  readonly batch: number;
  readonly channels: number;
  readonly filters: number;
}

const points = 36;

/**
 * Does it pay? How many times faster than direct sums, measured (batch 1, one thread, relaxed SIMD, weights in the last-level cache):
 *
 *     C → F    size  4     5     6     7     9    10    13    14    28    56   112
 *       4 → 4     0.35  0.32  0.38  0.47  0.47  0.55  0.57  0.65  0.74  0.79  0.80
 *       8 → 8     0.43  0.42  0.53  0.62  0.64  0.73  0.75  0.86  0.99  1.03  1.00
 *      16 → 16    0.72  0.71  0.93  1.09  1.14  1.30  1.28  1.41  1.72  1.91  1.74
 *      32 → 32    1.01  1.07  1.48  1.72  1.67  2.03  1.96  2.26  2.36  2.29  2.35
 *      64 → 64    1.16  1.39  1.83  2.18  2.08  2.53  2.44  2.73  2.76  2.82  2.85
 *     128 → 128   1.26  1.51  2.00  2.45  2.35  2.86  2.69  3.12  3.28  3.22  3.18
 *     256 → 256   1.18  1.52  2.07  2.55  2.45  3.03  2.79  3.01  3.12  3.09     –
 *     512 → 512   0.88  1.16  1.54  1.97  1.72  2.03  1.95  2.25  2.88     –     –
 *       3 → 64    0.30  0.30  0.38  0.46  0.44  0.51  0.51  0.58  0.66  0.67  0.69
 *       8 → 64    0.56  0.59  0.74  0.92  0.92  1.10  1.11  1.24  1.40  1.40  1.47
 *      16 → 64    0.83  0.87  1.20  1.42  1.48  1.78  1.78  1.99  2.11  2.25  2.33
 *      64 → 8     0.81  0.78  1.06  1.22  1.14  1.42  1.39  1.57  1.53  1.35  1.39
 *
 * In multiply–adds a tile costs its 36, 24 or 16 CF, four times as much where it is the only one (a product of one row), and its
 * transforms about as much as 350 for each channel and 480 for each filter; directly each output that is wanted costs 9 CF. That tells
 * the table well where it is near 1. Rounding is better without, so a fifth is what it must gain.
 */
export function winogradPays({ batch, channels, filters }: WinogradSize, attrs: ConvAttrs): boolean {
  const { kernel, stride, dilation, groups, output } = attrs;
  const fits = kernel.every((k) => k === 3) && [...stride, ...dilation, groups].every((k) => k === 1);
  if (!fits) return false;
  const [down, across] = output;
  const tiles = batch * Math.ceil(down / 4) * Math.ceil(across / 4);
  const products = batch * pointsAlong(down) * pointsAlong(across) * channels * filters;
  const cost = products * (1 + 3 / tiles ** 2) + (350 * channels + 480 * filters) * tiles;
  return 9 * channels * filters * batch * down * across > 1.2 * cost;
}

/** Six for each whole tile, four for a short one. */
function pointsAlong(outputs: number): number {
  return 6 * Math.ceil(outputs / 4) - (outputs % 4 === 1 || outputs % 4 === 2 ? 2 : 0);
}

/** Tiles of a block that is one unit, a multiple of the rows of a product's tile; as long as its V and M stay in the second-level cache. */
const unitTiles = 18;
const unitBytes = 704 * 1024;
/** With fewer units than this, threads share each part of a block instead. */
const fewUnits = 8;
/** V and M of a block that is shared: each is read once, from the last-level cache. */
const sharedBytes = 4 * 1024 * 1024;

/** Multiply–adds that make a unit of products. */
const unitWork = 2 ** 18;

/** An odd number of cache lines; see assembly/winograd.ts. */
const oddLines = (bytes: number): number => ceilTo(bytes, 64) + (Math.ceil(bytes / 64) % 2 === 0 ? 64 : 0);

/** Filters [FN, 3, 3, C], or `turned`: [C, 3, 3, FN], each by 180°. */
function filtersPack({ channels, filters }: WinogradSize, turned: boolean): Pack {
  const panels = Math.ceil(filters / panelColumns);
  const kernel: WasmKernel = {
    variant: "winograd filters",
    local: 27 * 16 + points * 128,
    phases: ({ inputs: [w], output }) => [
      { code: "winogradFilters", units: panels, args: [w!.at, output.at, channels, filters, Number(turned)] },
    ],
  };
  const bytes = points * panels * channels * panelColumns * 4;
  return { input: 1, key: turned ? "winograd-4x4-turned" : "winograd-4x4", bytes, kernel };
}

/** Image, row and column of each tile, in the order of assembly/winograd.ts, and where the four parts of it end. */
function tilesOf(batch: number, outputs: readonly number[]): { order: Int32Array; ends: readonly number[] } {
  const parts: number[][] = [[], [], [], []];
  const isShort = (axis: 0 | 1, tile: number): boolean => outputs[axis]! - 4 * tile < 3;
  for (let n = 0; n < batch; n++)
    for (let y = 0; 4 * y < outputs[0]!; y++)
      for (let x = 0; 4 * x < outputs[1]!; x++) {
        const part = isShort(0, y) ? (isShort(1, x) ? 3 : 2) : isShort(1, x) ? 0 : 1;
        parts[part]!.push(n, y, x);
      }
  let end = 0;
  return { order: Int32Array.from(parts.flat()), ends: parts.map(({ length }) => (end += length / 3)) };
}

/** `attrs` are those of the convolution that is run: of the gradient's, where `turned`. */
export function winograd(
  size: WinogradSize,
  output: Call["output"],
  attrs: Pick<ConvAttrs, "input" | "output" | "padding">,
  { bias, residual, activation }: Following,
  turned: boolean = false,
): WasmKernel {
  const { batch, channels, filters } = size;
  const [oh, ow] = attrs.output;
  const depth = ceilTo(channels, 4);
  const tiles = batch * Math.ceil(oh / 4) * Math.ceil(ow / 4);
  const panels = Math.ceil(filters / panelColumns);
  const tileBytes = points * (depth + panels * panelColumns) * 4;
  const shared = tiles <= unitTiles * fewUnits || tileBytes * unitTiles > unitBytes;
  const most = shared ? Math.max(unitTiles, Math.floor(sharedBytes / tileBytes)) : unitTiles;
  const each = Math.ceil(tiles / Math.ceil(tiles / most));
  const blocks = Math.ceil(tiles / each);
  const eachPanels = Math.ceil(panels / unitsOf(each * channels * filters, unitWork, panels));
  const vBytes = points * oddLines(each * depth * 4);
  const mBytes = points * oddLines(panels * each * panelColumns * 4);
  const windowBytes = 2304 + ceilTo(points * depth * 4, 64);
  const clamp = clampOf(activation)!;
  return {
    variant: "winograd 4×4, 3×3",
    exact: false,
    scratch: shared ? vBytes + mBytes : 0,
    local: windowBytes + (shared ? 0 : vBytes + mBytes),
    packs: [filtersPack(size, turned)],
    phases(io) {
      if (isEmpty(output)) return [];
      const zeros = zeroPanel(io);
      const { order, ends } = tilesOf(batch, attrs.output);
      const args = [
        ...[io.inputs[0]!.at, io.inputs[1]!.at, io.output.at, ...attrs.input, channels, oh, ow, filters],
        ...[...attrs.padding.slice(0, 2), io.table(`tiles ${batch} ${oh} ${ow}`, () => order), each, eachPanels],
        ...(bias ? [io.inputs[2]!.at, panelColumns * 4] : [zeros, 0]),
        ...[float(clamp[0]), float(clamp[1]), residual ? io.inputs.at(-1)!.at : 0, io.scratch, io.scratch + vBytes],
        io.table(`rows ${each} ${depth}`, () => Int32Array.from({ length: each }, (_, i) => i * depth * 4)),
        zeros,
      ];
      if (!shared) return [{ code: "winograd", units: blocks, args: [...args, 0, ...ends] }];
      return Array.from({ length: blocks }, (_, block): Phase[] => {
        const count = Math.min(each, tiles - block * each);
        const call = [...args, block, ...ends];
        return [
          { code: "winogradInput", units: count, grain: Math.max(1, Math.floor(1024 / depth)), args: call },
          { code: "winogradProducts", units: points * Math.ceil(panels / eachPanels), args: call },
          {
            code: "winogradOutput",
            units: Math.ceil(panels / 2),
            grain: Math.max(1, Math.floor(16 / count)),
            args: call,
          },
        ];
      }).flat();
    },
  };
}
