/**
 * The kit's door: a backend in, results out, one by one. No test runner is needed; the adapters for vitest, node:test and a
 * page are each a few lines over this.
 */
import type { OpName } from "@tatamijs/core";
import { contractVersion } from "@tatamijs/core/backend";
import { allCases, findCase, randomCase } from "./cases.ts";
import { checkCase, type CheckOptions } from "./check.ts";
import type { AnyBackend } from "./memory.ts";
import type { Case } from "./meaning.ts";
import type { Result } from "./result.ts";

/** Makes the backend under test. */
export type Open = () => AnyBackend | Promise<AnyBackend>;

export interface Options extends CheckOptions {
  /** Only these ops. */
  readonly ops?: readonly OpName[] | undefined;
  /** Only this case, fixed or random. */
  readonly id?: string | undefined;
  /** So many random cases instead of the fixed ones. */
  readonly random?: number | undefined;
  /** Default 1. */
  readonly seed?: number | undefined;
}

/** The version of the contract that the kit checks. */
export const checkedContract: string = contractVersion;

/** The cases that options choose. @throws Error for an id that names no case. */
export function* chosenCases({ ops, id, random, seed = 1 }: Options = {}): Generator<Case> {
  if (id !== undefined) {
    const one = findCase(id);
    if (one === undefined) throw new Error(`there is no case ${id}`);
    yield one;
  } else if (random !== undefined) {
    for (let index = 0; index < random; index++) yield randomCase(seed, index, ops);
  } else {
    for (const one of allCases()) if (ops === undefined || ops.includes(one.op)) yield one;
  }
}

/** Opens the backend; a backend that was asked for and does not open is a failure, never a silence. */
export async function opened(open: Open): Promise<{ backend: AnyBackend } | { failure: Result }> {
  try {
    return { backend: await open() };
  } catch (error) {
    const reason = `did not open: ${error instanceof Error ? error.message : String(error)}`;
    return { failure: { id: "backend/open", op: "backend", check: "open", status: "fail", reason } };
  }
}

/** Every check of every chosen case. Closes the backend at the end. */
export async function* conformance(open: Open, options: Options = {}): AsyncGenerator<Result> {
  const got = await opened(open);
  if ("failure" in got) {
    yield got.failure;
    return;
  }
  try {
    for (const one of chosenCases(options)) yield* checkCase(got.backend, one, options);
  } finally {
    await got.backend.close();
  }
}
