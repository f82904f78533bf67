/**
 * What users call, as data: a public function of core, its arguments, and what comes of it: a shape, numbers worked by hand,
 * or an error with its code. The graph that a call makes runs on the backend under test.
 */
import * as core from "@tatamijs/core";
import { isTensor, TatamiError, type DType, type ErrorCode, type OpName, type Tensor } from "@tatamijs/core";
import type { AnyBackend } from "./memory.ts";
import type { Result } from "./result.ts";
import { evaluateOn } from "./run.ts";
import { value, toTyped } from "./value.ts";

/** A tensor as an argument: [shape], [shape, values] or [shape, values, dtype]; values are repeated until they fill it. */
export interface TensorArgument {
  readonly tensor: readonly number[];
  readonly values?: readonly number[];
  readonly dtype?: DType;
}

export interface PublicCall {
  readonly id: string;
  /** The op whose row it counts in. */
  readonly op: OpName;
  /** The function's name in core. */
  readonly call: string;
  readonly args: readonly unknown[];
  readonly shape?: readonly number[];
  readonly values?: readonly number[];
  readonly throws?: ErrorCode;
}

export const t = (tensor: readonly number[], values?: readonly number[], dtype?: DType): TensorArgument => ({
  tensor,
  ...(values === undefined ? {} : { values }),
  ...(dtype === undefined ? {} : { dtype }),
});

function argument(given: unknown): unknown {
  if (Array.isArray(given)) return given.map(argument);
  if (typeof given !== "object" || given === null || isTensor(given)) return given;
  if (!("tensor" in given)) return Object.fromEntries(Object.entries(given).map(([key, one]) => [key, argument(one)]));
  const { tensor, values = [1], dtype = "f32" } = given as TensorArgument;
  const size = tensor.reduce((product, dim) => product * dim, 1);
  const data = Array.from({ length: size }, (_, i) => values[i % values.length]!);
  return core.constant(toTyped(dtype, value(tensor, dtype, data).data), [...tensor], dtype);
}

/** Calls the function. @throws what it throws. */
export function make({ call, args }: PublicCall): Tensor {
  const f = (core as unknown as Readonly<Record<string, (...args: unknown[]) => Tensor>>)[call];
  if (f === undefined) throw new Error(`core has no ${call}`);
  return f(...args.map(argument));
}

/** Checks the error or the shape, and on the backend the numbers. */
export async function checkCall(backend: AnyBackend, one: PublicCall): Promise<Result> {
  const base = { id: one.id, op: one.op, check: "call" as const };
  try {
    const y = make(one);
    if (one.throws !== undefined)
      return { ...base, status: "fail", reason: `gave [${y.shape.join(", ")}], wanted a TatamiError ${one.throws}` };
    if (one.shape !== undefined && one.shape.join() !== y.shape.join())
      return {
        ...base,
        status: "fail",
        reason: `gave shape [${y.shape.join(", ")}], wanted [${one.shape.join(", ")}]`,
      };
    const ran = await evaluateOn(backend, [y], new Map());
    if (ran.runs === undefined) return { ...base, status: "declined", reason: ran.prepared.declined[0]!.reason };
    const seen = [...ran.runs[0]![0]!] as number[];
    const wrong = (one.values ?? seen).findIndex((x, i) => !Object.is(seen[i]! + 0, x + 0));
    if (wrong >= 0 || (one.values !== undefined && seen.length !== one.values.length))
      return {
        ...base,
        status: "fail",
        reason: `gave [${seen.slice(0, 20).join(", ")}], wanted [${one.values!.join(", ")}]`,
      };
    return ran.fault === undefined ? { ...base, status: "pass" } : { ...base, status: "fail", reason: ran.fault };
  } catch (error) {
    if (one.throws !== undefined && error instanceof TatamiError) {
      if (error.code === one.throws) return { ...base, status: "pass" };
      return { ...base, status: "fail", reason: `threw ${error.code} (${error.message}), wanted ${one.throws}` };
    }
    return {
      ...base,
      status: "fail",
      reason: `threw ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    };
  }
}
