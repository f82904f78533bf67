/** One tensor now: compiled, run once, read, and everything given back. */
import type { Backend } from "@tatamijs/core/backend";
import type { Tensor } from "@tatamijs/core";
import { compile } from "./compile.ts";
import { checkRecord, checkSession, checkTensors } from "./doors.ts";
import type { Value } from "./graph.ts";
import { openSession, type Session } from "./session.ts";

export interface EvaluateOptions {
  readonly backend: Backend;
  /** Whose values states have. Left out: their first ones. */
  readonly session?: Session | undefined;
}

/**
 * The values of a tensor, or of several.
 * @throws TatamiError as `compile`; `input` when it depends on an input.
 */
export function evaluate(y: Tensor, options: EvaluateOptions): Promise<Value>;
export function evaluate(ys: readonly Tensor[], options: EvaluateOptions): Promise<Value[]>;
export async function evaluate(y: Tensor | readonly Tensor[], options: EvaluateOptions): Promise<Value | Value[]> {
  checkRecord(options, "evaluate", "options");
  const { backend, session } = options;
  if (session !== undefined) checkSession(session, "evaluate");
  checkTensors(Array.isArray(y) ? y : [y], "evaluate", "y");
  const list = Array.isArray(y) ? (y as readonly Tensor[]) : [y as Tensor];
  const own = session ?? openSession(backend);
  try {
    const program = await compile({ inputs: [], outputs: list }, own);
    try {
      const values = await program.run();
      return Array.isArray(y) ? values : values[0]!;
    } finally {
      program.close();
    }
  } finally {
    if (session === undefined) await own.close();
  }
}
