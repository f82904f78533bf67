/** The dense layer. Its weight is (outFeatures, inFeatures), stored as it is said. */
import { checkBoolean, checkOptions, checkWhole, linear as linearOf, sizeOf, type LinearRule } from "@tatamijs/core";
import { module, type Shaped } from "../module.ts";
import { bias as drawBias, weight as drawWeight, type WeightOptions } from "./weights.ts";

export type LinearOptions = WeightOptions;

/** (…, inFeatures) → (…, outFeatures): x·Wᵀ + b. @throws TatamiError `argument`; when called, as `linear`. */
export function linear<const I extends number, const O extends number>(
  inFeatures: I,
  outFeatures: O,
  options?: LinearOptions,
): Shaped<LinearRule<I, O>> {
  const op = "nn.linear";
  const given = checkOptions(options ?? {}, op);
  checkWhole(inFeatures, 1, op, "inFeatures");
  checkWhole(outFeatures, 1, op, "outFeatures");
  const fans = { fanIn: inFeatures, fanOut: outFeatures };
  const weight = drawWeight([outFeatures, inFeatures], fans, given, op);
  const bias = checkBoolean(given.bias ?? true, op, "bias") ? drawBias(outFeatures, fans, given) : undefined;
  return module(`linear(${inFeatures}, ${outFeatures}${bias === undefined ? ", bias false" : ""})`, {
    state: bias === undefined ? { weight } : { weight, bias },
    macs: (x) => sizeOf(x.shape) * outFeatures,
    forward: (x) => linearOf(x, weight, bias),
  });
}
