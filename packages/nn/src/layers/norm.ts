/** Normalisations that do not look across the batch: the same in training and prediction, no running statistics. */
import {
  checkBoolean,
  checkOptions,
  checkShape,
  groupNorm as groupNormOf,
  layerNorm as layerNormOf,
  showShape,
  TatamiError,
  type NormRule,
  type Same,
  type Shape,
  checkWhole,
} from "@tatamijs/core";
import { checkNumber } from "../check.ts";
import { module, type Shaped } from "../module.ts";
import { filled } from "./weights.ts";

export interface GroupNormOptions {
  /** Default 1e-5. */
  readonly eps?: number | undefined;
  /** Trained scale and shift. Default true. */
  readonly affine?: boolean | undefined;
}

/** (N, numChannels, …), normalised per example and group. @throws TatamiError `argument`, `groups`; when called, as `groupNorm`. */
export function groupNorm<const C extends number>(
  numGroups: number,
  numChannels: C,
  options?: GroupNormOptions,
): Shaped<NormRule<C, "groupNorm">> {
  const op = "nn.groupNorm";
  const { eps = 1e-5, affine = true } = checkOptions(options ?? {}, op);
  checkWhole(numGroups, 1, op, "numGroups");
  checkWhole(numChannels, 1, op, "numChannels");
  checkNumber(eps, op, "eps", 0);
  if (numChannels % numGroups !== 0) {
    throw new TatamiError(
      "groups",
      `${numGroups} groups do not divide ${numChannels} channels; use a divisor of ${numChannels}`,
      {
        op,
        details: { numGroups, numChannels },
      },
    );
  }
  const trained = checkBoolean(affine, op, "affine")
    ? { weight: filled(1, [numChannels]), bias: filled(0, [numChannels]) }
    : undefined;
  return module(`groupNorm(${numGroups}, ${numChannels})`, {
    state: { ...trained },
    forward(x) {
      if (x.shape.length >= 2 && x.shape[1] !== numChannels) {
        throw new TatamiError(
          "channels",
          `x ${showShape(x.shape)} has ${x.shape[1]} channels, the layer normalises ${numChannels}`,
          { op },
        );
      }
      return groupNormOf(x, numGroups, { gamma: trained?.weight, beta: trained?.bias, epsilon: eps });
    },
  });
}

export interface LayerNormOptions {
  /** Default 1e-5. */
  readonly eps?: number | undefined;
  /** Trained scale and shift. Default true. */
  readonly elementwiseAffine?: boolean | undefined;
  /** A trained shift, where there is a scale. Default true. */
  readonly bias?: boolean | undefined;
}

/** Normalised over the last axes, whose sizes are `normalizedShape`. @throws TatamiError `argument`, `shape`; when called, as `layerNorm`. */
export function layerNorm(normalizedShape: number | Shape, options?: LayerNormOptions): Shaped<Same> {
  const op = "nn.layerNorm";
  const { eps = 1e-5, elementwiseAffine = true, bias = true } = checkOptions(options ?? {}, op);
  const shape = checkShape(
    typeof normalizedShape === "number" ? [normalizedShape] : normalizedShape,
    op,
    "normalizedShape",
  );
  if (shape.length === 0 || shape.includes(0)) {
    throw new TatamiError(
      "shape",
      `normalizedShape is ${showShape(shape)}; give the sizes of the last axes, each ≥ 1`,
      { op },
    );
  }
  checkNumber(eps, op, "eps", 0);
  const weight = checkBoolean(elementwiseAffine, op, "elementwiseAffine") ? filled(1, shape) : undefined;
  const shift = checkBoolean(bias, op, "bias") && elementwiseAffine ? filled(0, shape) : undefined;
  return module(`layerNorm(${shape.join(", ")})`, {
    state: { ...(weight === undefined ? {} : { weight }), ...(shift === undefined ? {} : { bias: shift }) },
    forward: (x) => layerNormOf(x, shape, { gamma: weight, beta: shift, epsilon: eps }),
  });
}
