/** The runs that layers may stand in: prediction, and a training step. */
import {
  add,
  checkOperandDType,
  constant,
  isTensor,
  random,
  show,
  state,
  TatamiError,
  type Context,
  type Shape,
  type Tensor,
} from "@tatamijs/core";

/** Prediction: batch norm uses its running statistics, dropout does nothing. */
export function inference(): Context {
  return {
    training: false,
    random: () => {
      throw new TatamiError(
        "argument",
        "a layer asked for random numbers outside training; draw them if context.training",
        {
          op: "inference",
        },
      );
    },
    update: () => {},
  };
}

export interface Training extends Context {
  /** What the layers wanted written at the end of the run; a counter's next value among it when numbers were drawn. */
  readonly updates: readonly (readonly [state: Tensor, value: Tensor])[];
}

/** An i32 [1] state that counts runs, for `training`. */
export function counter(name: string = ""): Tensor {
  return state(new Int32Array(1), [1], name);
}

/**
 * A training step. Numbers drawn are a function of (seed, place in the graph, `runs`), and `runs` goes up by one with
 * each run that draws any; keep one counter for all programs of a run, and save it to go on exactly.
 */
export function training(runs: Tensor = counter(), seed: number = 0): Training {
  checkOperandDType(runs, ["i32"], "training", "runs");
  const updates: (readonly [Tensor, Tensor])[] = [];
  let stream = 0;
  return {
    training: true,
    updates,
    random(shape: Shape): Tensor {
      if (stream === 0) updates.push([runs, add(runs, constant([1], [1], "i32"))]);
      return random(runs, shape, seed, stream++);
    },
    update(target: Tensor, value: Tensor): void {
      if (!isTensor(target) || !isTensor(value)) {
        throw new TatamiError(
          "argument",
          `update takes a state and its next value, given ${show(target)} and ${show(value)}`,
          { op: "training" },
        );
      }
      updates.push([target, value]);
    },
  };
}
