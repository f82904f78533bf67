import type { PoolAttrs, Prepare, Shape } from "@tatamijs/core/backend";
import { maxPool, mix } from "../images/mix.ts";
import { isSmall, smallMaxPool } from "../images/maxPool.ts";
import { windows, type Maps } from "../images/taps.ts";
import type { GpuKernel } from "../kernel.ts";

export function poolMaps(attrs: PoolAttrs, shape: Shape): Maps {
  return {
    batch: shape[0]!,
    channels: shape[3]!,
    input: attrs.input,
    output: attrs.output,
    rows: windows(0, attrs),
    columns: windows(1, attrs),
  };
}

export const pool2d: Prepare<"pool2d", GpuKernel> = ({ attrs, inputs: [x], output }) => {
  const maps = poolMaps(attrs, x!.shape);
  if (attrs.fn !== "max") return mix(maps, output);
  return isSmall(attrs, maps) ? smallMaxPool(attrs, maps, output) : maxPool(maps, output);
};
