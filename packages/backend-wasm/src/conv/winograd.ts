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
 *       4 → 4     0.41  0.38  0.49  0.61  0.55  0.65  0.69  0.76  1.07  1.09  1.18
 *       8 → 8     0.46  0.40  0.53  0.68  0.58  0.69  0.73  0.80  1.11  1.11  1.14
 *      16 → 16    0.81  0.67  0.91  1.22  1.00  1.19  1.25  1.39  1.87  1.87  1.96
 *      32 → 32    1.20  0.99  1.42  1.89  1.48  1.80  1.79  2.03  2.68  2.85  2.57
 *      64 → 64    1.38  1.28  1.64  2.33  1.73  2.09  2.11  2.42  3.11  2.99  2.89
 *     128 → 128   1.24  1.29  1.76  2.42  1.84  2.26  2.30  2.72  3.14  3.33  3.37
 *     256 → 256   1.15  1.38  1.85  2.67  1.53  1.82  2.08  2.32  3.14  3.02     –
 *     512 → 512   1.28  1.31  1.71  2.22  1.45  1.65  1.96  2.29  3.16     –     –
 *       3 → 64    0.32  0.28  0.37  0.51  0.40  0.49  0.53  0.58  0.71  0.74  0.72
 *       8 → 64    0.64  0.58  0.78  1.03  0.85  1.02  1.05  1.19  1.48  1.52  1.50
 *      16 → 64    0.99  0.87  1.25  1.66  1.34  1.62  1.64  1.85  2.41  2.39  2.40
 *      64 → 8     0.97  0.71  0.96  1.34  1.03  1.24  1.25  1.43  1.88  1.98  1.81
 *
 * In multiply–adds a tile costs 36 CF, three times as much where it is the only one (a product of one row), and its transforms
 * about as much as 200 for each channel and 450 for each filter; directly each output that is wanted costs 9 CF. That
 * tells the table well where it is near 1. Rounding is better without, so a fifth is what it must gain.
 */
export function winogradPays({ batch, channels, filters }: WinogradSize, attrs: ConvAttrs): boolean {
  const { kernel, stride, dilation, groups, output } = attrs;
  const fits = kernel.every((k) => k === 3) && [...stride, ...dilation, groups].every((k) => k === 1);
  if (!fits) return false;
  const tiles = batch * Math.ceil(output[0] / 4) * Math.ceil(output[1] / 4);
  const products = channels * filters;
  const tile = 36 * products * (1 + 2 / tiles ** 2) + 200 * channels + 450 * filters;
  return 9 * products * batch * output[0] * output[1] > 1.2 * tile * tiles;
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
      const args = [
        ...[io.inputs[0]!.at, io.inputs[1]!.at, io.output.at, ...attrs.input, channels, oh, ow, filters],
        ...[attrs.padding[0], attrs.padding[1], batch, each, eachPanels],
        ...(bias ? [io.inputs[2]!.at, panelColumns * 4] : [zeros, 0]),
        ...[float(clamp[0]), float(clamp[1]), residual ? io.inputs.at(-1)!.at : 0, io.scratch, io.scratch + vBytes],
        io.table(`rows ${each} ${depth}`, () => Int32Array.from({ length: each }, (_, i) => i * depth * 4)),
        zeros,
      ];
      if (!shared) return [{ code: "winograd", units: blocks, args }];
      return Array.from({ length: blocks }, (_, block): Phase[] => {
        const count = Math.min(each, tiles - block * each);
        return [
          { code: "winogradInput", units: count, grain: Math.max(1, Math.floor(1024 / depth)), args: [...args, block] },
          { code: "winogradProducts", units: points * Math.ceil(panels / eachPanels), args: [...args, block] },
          {
            code: "winogradOutput",
            units: Math.ceil(panels / 2),
            grain: Math.max(1, Math.floor(16 / count)),
            args: [...args, block],
          },
        ];
      }).flat();
    },
  };
}
