/** Losses on their way to the page: collected, and told a few times a second, however fast the steps are. */
import type { StepReport } from "tatamijs";
import type { Told } from "./messages.ts";

/** Milliseconds between two reports. */
const pause = 150;

export interface Pace {
  add(report: StepReport): void;
  /** Tells what came since, if it is time or `now`. True if it told: then the page may look at more. */
  flush(now?: boolean): boolean;
}

export function pace(tell: (told: Told) => void): Pace {
  let losses: number[] = [];
  let first = 0;
  let epoch = 0;
  let last = 0;
  const flush = (now: boolean = false): boolean => {
    const time = performance.now();
    if (losses.length === 0 || (!now && time - last < pause)) return false;
    // After a pause of any length the first report is of no known speed.
    const seconds = (time - last) / 1000;
    const speed = seconds < 5 ? losses.length / seconds : 0;
    tell({ kind: "losses", first, losses: Float32Array.from(losses), stepsPerSecond: speed, epoch });
    losses = [];
    last = time;
    return true;
  };
  return {
    add(report) {
      // A lost device: steps are done again.
      if (losses.length > 0 && report.step !== first + losses.length) flush(true);
      if (losses.length === 0) first = report.step;
      losses.push(report.loss);
      epoch = report.epoch;
    },
    flush,
  };
}
