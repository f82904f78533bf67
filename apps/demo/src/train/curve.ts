/** Losses by step, thinned out as they grow: what is drawn never costs more than a screen's width of points. */
export interface Curve {
  /** The last step of each point, and the mean loss of the steps up to it. */
  readonly steps: readonly number[];
  readonly losses: readonly number[];
  /** Steps per point. */
  readonly width: number;
  /** Steps that wait for a point to be full. */
  readonly waiting: readonly number[];
}

export const none: Curve = { steps: [], losses: [], width: 1, waiting: [] };

const most = 1200;

/** With the losses of steps `first`, `first + 1`, …; steps that are there already are taken back. */
export function append(curve: Curve, first: number, added: ArrayLike<number>): Curve {
  let { width } = curve;
  const kept = curve.steps.findLastIndex((step) => step < first) + 1;
  const steps = curve.steps.slice(0, kept);
  const losses = curve.losses.slice(0, kept);
  const again = first <= (curve.steps.at(-1) ?? 0) + curve.waiting.length;
  const waiting = again ? [] : [...curve.waiting];
  const point = (step: number): void => {
    steps.push(step);
    losses.push(waiting.reduce((sum, loss) => sum + loss, 0) / waiting.length);
    waiting.length = 0;
  };
  for (let i = 0; i < added.length; i++) {
    waiting.push(added[i]!);
    if (waiting.length === width) point(first + i);
  }
  while (steps.length > most) {
    const half = Math.floor(steps.length / 2);
    for (let i = 0; i < half; i++) {
      steps[i] = steps[2 * i + 1]!;
      losses[i] = (losses[2 * i]! + losses[2 * i + 1]!) / 2;
    }
    steps.length = losses.length = half;
    width *= 2;
  }
  return { steps, losses, width, waiting };
}

/** The mean of each point and its neighbours on both sides, so that it does not lag; at the end, of those before it. */
export function smoothed(values: readonly number[], reach: number = 6): number[] {
  return values.map((_, i) => {
    const few = Math.min(reach, i);
    const end = Math.min(i + few, values.length - 1);
    let sum = 0;
    for (let k = i - few; k <= end; k++) sum += values[k]!;
    return sum / (end - i + few + 1);
  });
}
