import type { Prepare } from "@tatamijs/core/backend";
import { weightGrad } from "../conv/weightGrad.ts";
import type { GpuKernel } from "../kernel.ts";

export const conv2dWeightGrad: Prepare<"conv2dWeightGrad", GpuKernel> = ({ attrs, inputs, output }) =>
  weightGrad(inputs, attrs, output);
