/** A convolution, or an input gradient, by the algorithm that its sizes make the fastest. */
import type { Spec } from "@tatamijs/core/backend";
import type { Choices, GpuKernel } from "../kernel.ts";
import { depthwise, depthwisePack, isDepthwise } from "./depthwise.ts";
import { packOf } from "./pack.ts";
import { productKernel } from "./product.ts";
import { filterPanels, type Following, type Types, type Windows } from "./size.ts";
import { winograd, winogradPack, winogradPays } from "./winograd.ts";

export function convolution(
  windows: Windows,
  w: Spec,
  following: Following,
  types: Types,
  choices: Choices,
): GpuKernel {
  if (isDepthwise(windows)) return depthwise(windows, following, types, [depthwisePack(w, windows)], choices.quads);
  if (!choices.strict && winogradPays(windows))
    return winograd(windows, following, types, [winogradPack(1, w, windows)], choices);
  return productKernel(choices, { windows, following, types }, [packOf(1, w, filterPanels(windows))]);
}
