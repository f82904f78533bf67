/** 3×3 convolutions of stride 1 by Winograd's F(4×4, 3×3); see assembly/winograd.ts. */
import type { Call, ConvAttrs, Pack } from "@tatamijs/core/backend";
import { clampOf } from "../gemm/product.ts";
import { ceilTo, float, isEmpty, unitsOf, type Phase, type WasmKernel } from "../kernel.ts";
import { panelColumns } from "../microkernels.ts";
import type { Following } from "./direct.ts";

export interface WinogradSize {
  readonly batch: number;
  readonly channels: number;
  readonly filters: number;
}

const points = 36;

/** Does it pay? */
export function winogradPays({ batch, channels, filters }: WinogradSize, attrs: ConvAttrs): boolean {
  const { kernel, stride, dilation, groups, output } = attrs;
  const fits = kernel.every((k) => k === 3) && [...stride, ...dilation, groups].every((k) => k === 1);
  if (!fits) return false;
  // Of the tiles' 4×4 outputs those that are wanted.
  const tiles = batch * Math.ceil(output[0] / 4) * Math.ceil(output[1] / 4);
  const used = (batch * output[0] * output[1]) / (16 * tiles);
  return channels >= 16 && filters >= 16 && used >= 0.5;
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
      const zeros = io.table("zeros", () => new Float32Array(panelColumns));
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
