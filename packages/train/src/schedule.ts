/**
 * Learning-rate schedules: pure functions from where a run stands to a factor of the optimiser's learning rate. No state,
 * so a resumed run has the rates of one that never stopped.
 */
import { checkOptions, show, TatamiError } from "@tatamijs/core";
import { checkRate } from "./optim/optimizer.ts";

export interface Moment {
  /** Updates done so far: 0 at the first. */
  readonly step: number;
  /** Updates of the whole run; undefined while a stream's length is not known. */
  readonly steps: number | undefined;
  /** Passes over the data done so far, whole. */
  readonly epoch: number;
  readonly epochs: number;
}

export type Schedule = (moment: Moment) => number;

/** Always the same. */
export const constantLr = (factor: number = 1): Schedule => {
  checkRate(factor, "constantLr", "factor", 0);
  return () => factor;
};

/** × gamma after every `size` epochs: PyTorch's StepLR. @throws TatamiError `argument`. */
export function stepLr(size: number, gamma: number = 0.1): Schedule {
  checkWhole(size, "stepLr", "size", 1);
  checkRate(gamma, "stepLr", "gamma", 0);
  return ({ epoch }) => gamma ** Math.floor(epoch / size);
}

/** × gamma at each of these epochs: PyTorch's MultiStepLR. @throws TatamiError `argument`. */
export function multiStepLr(milestones: readonly number[], gamma: number = 0.1): Schedule {
  if (!Array.isArray(milestones))
    throw new TatamiError("argument", `milestones is ${show(milestones)}; give epochs such as [30, 60]`, {
      op: "multiStepLr",
    });
  for (const at of milestones) checkWhole(at, "multiStepLr", "a milestone", 0);
  checkRate(gamma, "multiStepLr", "gamma", 0);
  return ({ epoch }) => gamma ** milestones.filter((at) => epoch >= at).length;
}

/** × gamma after each epoch: PyTorch's ExponentialLR. @throws TatamiError `argument`. */
export function exponentialLr(gamma: number): Schedule {
  checkRate(gamma, "exponentialLr", "gamma", 0);
  return ({ epoch }) => gamma ** epoch;
}

export interface CosineOptions {
  /** Steps from 1 to `least`. Default: the whole run. */
  readonly steps?: number | undefined;
  /** The factor at the end. Default 0. */
  readonly least?: number | undefined;
}

/** Half a cosine, step by step (Loshchilov and Hutter 2017): PyTorch's CosineAnnealingLR without its rise. @throws TatamiError `argument`. */
export function cosine(options: CosineOptions = {}): Schedule {
  const { steps, least = 0 } = checkOptions(options, "cosine");
  if (steps !== undefined) checkWhole(steps, "cosine", "steps", 1);
  checkRate(least, "cosine", "least", 0);
  return (moment) => {
    const length = steps ?? lengthOf(moment, "cosine");
    return between(1, least, Math.min(1, moment.step / length));
  };
}

/** Straight up from `start` over the first `steps` steps, then `after` (which begins where the warm-up ends). @throws TatamiError `argument`. */
export function warmup(steps: number, after: Schedule = constantLr(), start: number = 0): Schedule {
  checkWhole(steps, "warmup", "steps", 1);
  checkRate(start, "warmup", "start", 0);
  if (typeof after !== "function")
    throw new TatamiError("argument", `after is ${show(after)}; give a schedule such as cosine()`, { op: "warmup" });
  return (moment) => {
    // The first step is the first on the ramp, not at 0, where nothing would be learned.
    if (moment.step < steps) return start + ((1 - start) * (moment.step + 1)) / steps;
    return after({
      ...moment,
      step: moment.step - steps,
      steps: moment.steps === undefined ? undefined : Math.max(1, moment.steps - steps),
    });
  };
}

export interface OneCycleOptions {
  /** Steps of the cycle. Default: the whole run. */
  readonly steps?: number | undefined;
  /** The share of them that rises. Default 0.3. */
  readonly pctStart?: number | undefined;
  /** It begins at 1/divFactor of the optimiser's rate, which is the peak. Default 25. */
  readonly divFactor?: number | undefined;
  /** It ends at 1/finalDivFactor of where it began. Default 1e4. */
  readonly finalDivFactor?: number | undefined;
}

/** Up and down once, both ways by cosine (Smith and Topin 2018): PyTorch's OneCycleLR, momentum left alone. @throws TatamiError `argument`. */
export function oneCycle(options: OneCycleOptions = {}): Schedule {
  const { steps, pctStart = 0.3, divFactor = 25, finalDivFactor = 1e4 } = checkOptions(options, "oneCycle");
  if (steps !== undefined) checkWhole(steps, "oneCycle", "steps", 1);
  checkRate(pctStart, "oneCycle", "pctStart", 0, 1);
  checkRate(divFactor, "oneCycle", "divFactor", 1);
  checkRate(finalDivFactor, "oneCycle", "finalDivFactor", 1);
  return (moment) => {
    const length = steps ?? lengthOf(moment, "oneCycle");
    const peak = pctStart * length - 1;
    const low = 1 / divFactor;
    if (moment.step < peak) return between(low, 1, moment.step / peak);
    return between(1, low / finalDivFactor, Math.min(1, (moment.step - peak) / Math.max(1, length - 1 - peak)));
  };
}

/** From a to b along half a cosine. */
const between = (a: number, b: number, t: number): number => b + ((a - b) * (1 + Math.cos(Math.PI * t))) / 2;

function lengthOf({ steps }: Moment, op: string): number {
  if (steps !== undefined) return steps;
  throw new TatamiError(
    "argument",
    `the data does not say how long it is, so the run has no known number of steps; give ${op}({ steps })`,
    { op },
  );
}

function checkWhole(value: unknown, op: string, name: string, least: number): void {
  if (typeof value === "number" && Number.isInteger(value) && value >= least) return;
  throw new TatamiError("argument", `${name} is ${show(value)}; give a whole number ≥ ${least}`, {
    op,
    details: { name, given: value },
  });
}
