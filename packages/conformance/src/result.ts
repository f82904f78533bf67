/** What came of one check of one case. Plain data: it goes into report.json as it is. */
import type { OpName } from "@tatamijs/core";

export type Status = "pass" | "fail" | "declined" | "not-run";

/**
 * What was looked at. `value`: the kernel against the meaning. `expansion`: a composite opened, though the backend has a
 * kernel for it. `gradient`: core's formulas on the backend's kernels. `in place`: an `inPlace` claim. `in flight`: two
 * programs, several runs, nothing awaited. `constant`: operands known at prepare. `fixed`: operands
 * said to be the same in every run. `law`: two graphs that must agree. `call`: a public function, its result worked by hand or its error.
 */
export type Check =
  | "value"
  | "expansion"
  | "gradient"
  | "gradient of the expansion"
  | "in place"
  | "in flight"
  | "constant"
  | "fixed"
  | "law"
  | "call"
  | "alias"
  | "open";

export interface Result {
  readonly id: string;
  readonly op: OpName | "backend";
  readonly check: Check;
  readonly status: Status;
  /** Why declined or not run; what is wrong. */
  readonly reason?: string;
  /** A composite that ran as its expansion, and why. */
  readonly opened?: string;
  readonly ms?: number;
  /** Says what a failure was, at length: the first wrong element, the kernel's own description. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** One line for people. */
export function showResult({ id, check, status, reason, opened, ms }: Result): string {
  const why = reason ?? (opened === undefined ? undefined : `opened: ${opened}`);
  return `${status.padEnd(8)} ${id} (${check})${ms === undefined ? "" : ` ${ms.toFixed(2)} ms`}${why === undefined ? "" : `: ${why}`}`;
}
