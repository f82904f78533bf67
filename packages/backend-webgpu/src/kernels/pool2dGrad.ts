import type { Prepare } from "@tatamijs/core/backend";
import { maxPoolGrad, mix } from "../images/mix.ts";
import { transposed } from "../images/taps.ts";
import type { GpuKernel } from "../kernel.ts";
import { poolMaps } from "./pool2d.ts";

export const pool2dGrad: Prepare<"pool2dGrad", GpuKernel> = ({ attrs, inputs: [dy], output }) => {
  const maps = poolMaps(attrs, dy!.shape);
  const back = {
    rows: transposed(maps.rows, attrs.input[0]),
    columns: transposed(maps.columns, attrs.input[1]),
  };
  return attrs.fn === "max"
    ? maxPoolGrad(maps, back, output)
    : mix({ ...maps, ...back, input: attrs.output, output: attrs.input }, output);
};
