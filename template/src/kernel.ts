/** What this backend needs to run a prepared kernel, beside what the planner sees. */
import type { Kernel, Step } from "@tatamijs/core";

export interface Run extends Kernel {
  /** For `--trace`. */
  readonly name: string;
  run(step: Step<Run, ArrayBuffer>): void;
}
