import { TatamiError } from "@tatamijs/core";
import { expect, test } from "vitest";
import {
  constantLr,
  cosine,
  exponentialLr,
  multiStepLr,
  oneCycle,
  stepLr,
  warmup,
  type Moment,
  type Schedule,
} from "./schedule.ts";

const at = (step: number, more: Partial<Moment> = {}): Moment => ({
  step,
  steps: 100,
  epoch: Math.floor(step / 10),
  epochs: 10,
  ...more,
});
const near = (schedule: Schedule, step: number, wanted: number): void =>
  expect(schedule(at(step))).toBeCloseTo(wanted, 10);

test("by epoch: step, multi-step, exponential", () => {
  near(stepLr(3, 0.5), 29, 1);
  near(stepLr(3, 0.5), 30, 0.5);
  near(stepLr(3, 0.5), 65, 0.25);
  near(multiStepLr([2, 5]), 19, 1);
  near(multiStepLr([2, 5]), 20, 0.1);
  near(multiStepLr([2, 5]), 99, 0.01);
  near(exponentialLr(0.9), 45, 0.9 ** 4);
  near(constantLr(0.3), 7, 0.3);
});

test("cosine: half of a cosine, then its end", () => {
  near(cosine(), 0, 1);
  near(cosine(), 50, 0.5);
  near(cosine({ least: 0.2 }), 25, 0.2 + (0.8 * (1 + Math.SQRT1_2)) / 2);
  near(cosine({ steps: 40, least: 0.1 }), 99, 0.1);
});

test("warm-up: up in even steps, the first one not at 0, then the other from its beginning", () => {
  near(warmup(4), 0, 0.25);
  near(warmup(4), 3, 1);
  near(warmup(20, cosine()), 20, 1);
  near(warmup(20, cosine()), 60, 0.5);
});

test("one cycle: PyTorch's figures at its corners", () => {
  // OneCycleLR(max_lr=1, total_steps=100): 0.04 at first, 1 at step 29, 4e-6 at step 99.
  near(oneCycle(), 0, 0.04);
  near(oneCycle(), 29, 1);
  near(oneCycle(), 99, 4e-6);
  near(oneCycle(), 64, 4e-6 + ((1 - 4e-6) * (1 + Math.cos(Math.PI / 2))) / 2);
  for (const steps of [1, 2, 3])
    for (let step = 0; step < steps; step++) expect(oneCycle({ steps })(at(step))).toBeGreaterThan(0);
});

test("a run of unknown length needs to be told", () => {
  expect(() => cosine()(at(0, { steps: undefined }))).toThrow(/give cosine\(\{ steps \}\)/);
  expect(oneCycle({ steps: 10 })(at(0, { steps: undefined }))).toBeCloseTo(0.04);
});

test("wrong options", () => {
  const wrong: (() => unknown)[] = [
    () => stepLr(0),
    () => stepLr(1, -1),
    () => multiStepLr(3 as unknown as number[]),
    () => multiStepLr([0.5]),
    () => exponentialLr(NaN),
    () => cosine({ least: -1 }),
    () => cosine({ steps: 1.5 }),
    () => cosine(null as unknown as undefined),
    () => warmup(0),
    () => warmup(3, 4 as unknown as Schedule),
    () => oneCycle({ pctStart: 1 }),
    () => oneCycle({ divFactor: 0 }),
    () => constantLr("x" as unknown as number),
  ];
  for (const f of wrong) expect(f, String(f)).toThrow(TatamiError);
});
