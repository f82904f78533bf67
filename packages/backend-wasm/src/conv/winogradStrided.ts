/** Convolutions of stride 2 by Winograd's algorithm on even and odd pixels; see assembly/winogradStrided.ts. */
import type { Call, ConvAttrs, Pack } from "@tatamijs/core/backend";
import { clampOf, zeroPanel } from "../gemm/product.ts";
import { float, isEmpty, unitsOf, type Phase, type WasmKernel } from "../kernel.ts";
import { panelColumns } from "../microkernels.ts";
import type { Following } from "./direct.ts";
import { border, frameBytes, framed } from "./window.ts";
import type { Scheme } from "./stridedScheme.ts";
import type { WinogradSize } from "./winograd.ts";
import { ceilTo } from "../values.ts";

/** V and M of a block that is one unit stay in the second-level cache; so do filters of this size, for all blocks. */
const unitBytes = 512 * 1024;
/** V and M of a block that is shared: each is read once, from the last-level cache. */
const sharedBytes = 4 * 1024 * 1024;
/** Tiles of a block at the least: two products' tiles of rows. */
const fewTiles = 12;
/** Units there are at the least, so that threads end together. */
const fewUnits = 8;

/** Multiply–adds that make a unit of products. */
const unitWork = 2 ** 18;

const oddLines = (bytes: number): number => ceilTo(bytes, 64) + (Math.ceil(bytes / 64) % 2 === 0 ? 64 : 0);

/** Filters [FN, K, K, C]. */
function filtersPack({ channels, filters }: WinogradSize, { code, taps, products }: Scheme): Pack {
  const panels = Math.ceil(filters / panelColumns);
  const kernel: WasmKernel = {
    variant: "winograd filters",
    local: 6 * 4 * 8,
    phases: ({ inputs: [w], output }) => [
      { code: `${code}Filters`, units: panels, args: [w!.at, output.at, channels, filters, taps] },
    ],
  };
  return { input: 1, key: `winograd-strided-${taps}`, bytes: products * panels * channels * panelColumns * 4, kernel };
}

export function winogradStrided(
  scheme: Scheme,
  size: WinogradSize,
  output: Call["output"],
  attrs: ConvAttrs,
  { bias, residual, activation }: Following,
): WasmKernel {
  const { batch, channels, filters } = size;
  const [oh, ow] = attrs.output;
  const { code, taps, outputs, points, products, spread, local } = scheme;
  const [down, across] = [Math.ceil(oh / outputs), Math.ceil(ow / outputs)];
  // The last pair of a window may have no odd pixel in a 3×3 one; what is read in its stead meets no tap.
  const reach = (tiles: number): number => 2 * outputs * (tiles - 1) + (taps === 3 ? 5 : 12);
  const map = framed(attrs.input, [reach(down), reach(across)], [attrs.padding[0], attrs.padding[1]]);
  const tiles = batch * down * across;
  const panels = Math.ceil(filters / panelColumns);
  const tileBytes = products * channels * 4 + points * panels * panelColumns * 4;
  const most = Math.max(fewTiles, Math.floor(unitBytes / tileBytes));
  // Few units would each read all filters from the last-level cache: there threads share each part of a block instead.
  const shared = products * channels * filters * 4 > unitBytes && tiles < (fewUnits / 2) * most;
  const wanted = shared
    ? Math.max(fewTiles, Math.floor(sharedBytes / tileBytes))
    : Math.min(most, Math.max(fewTiles, Math.ceil(tiles / fewUnits)));
  const each = Math.ceil(tiles / Math.ceil(tiles / wanted));
  const blocks = Math.ceil(tiles / each);
  const eachPanels = Math.ceil(panels / unitsOf(each * 4 * channels * filters, unitWork, panels));
  const rowBytes = ceilTo(2 * channels + ceilTo(2 * channels, 4), 4) * 4;
  const mapBytes = frameBytes(map, batch, channels);
  const vBytes = points * oddLines(each * rowBytes);
  const mBytes = points * oddLines(panels * each * panelColumns * 4);
  const clamp = clampOf(activation)!;
  return {
    variant: `winograd ${outputs}×${outputs}, ${taps}×${taps} stride 2`,
    exact: false,
    scratch: mapBytes + (shared ? vBytes + mBytes : 0),
    local: local + (shared ? 0 : vBytes + mBytes),
    packs: [filtersPack(size, scheme)],
    phases(io) {
      if (isEmpty(output)) return [];
      const zeros = zeroPanel(io);
      const [x, v] = [io.inputs[0]!.at, io.scratch + mapBytes];
      const args = [
        ...[map.asIs ? x : io.scratch, io.inputs[1]!.at, io.output.at, map.height, map.width, channels, oh, ow],
        ...[filters, batch, each, eachPanels, ...(bias ? [io.inputs[2]!.at, panelColumns * 4] : [zeros, 0])],
        ...[float(clamp[0]), float(clamp[1]), residual ? io.inputs.at(-1)!.at : 0, v, v + vBytes],
        io.table(`rows ${each} ${rowBytes / 4}`, () => Int32Array.from({ length: each }, (_, i) => i * rowBytes)),
        zeros,
        outputs,
      ];
      const borders = border(map, x, io.scratch, batch, attrs.input, channels);
      if (!shared) return [...borders, { code, units: blocks, args }];
      return [
        ...borders,
        ...Array.from({ length: blocks }, (_, block): Phase[] => {
          const count = Math.min(each, tiles - block * each);
          const call = [...args, block];
          return [
            {
              code: `${code}Input`,
              units: count,
              grain: Math.max(1, Math.floor(unitWork / 2 / (spread * channels))),
              args: call,
            },
            { code: "winogradStridedProducts", units: points * Math.ceil(panels / eachPanels), args: call },
            {
              code: `${code}Output`,
              units: Math.ceil(panels / 2),
              grain: Math.max(1, Math.floor(64 / count)),
              args: call,
            },
          ];
        }).flat(),
      ];
    },
  };
}
