/**
 * The kit's door: a backend in, results out, one by one. No test runner is needed; the adapters for vitest, node:test and a
 * page are each a few lines over this.
 */
import type { OpName } from "@tatamijs/core";
import { contractVersion } from "@tatamijs/core/backend";
import { checkCall } from "./calls.ts";
import { allCases, findCase, randomCase } from "./cases.ts";
import { checkCase, type CheckOptions } from "./check.ts";
import { goldenCalls } from "./golden.ts";
import { allLaws, checkLaw } from "./laws.ts";
import { kits } from "./kits.ts";
import type { AnyBackend } from "./memory.ts";
import type { Case } from "./meaning.ts";
import type { Result } from "./result.ts";
import { throwingCalls } from "./throws.ts";

/** Makes the backend under test. */
export type Open = () => AnyBackend | Promise<AnyBackend>;

export interface Options extends CheckOptions {
  /** Only these ops. */
  readonly ops?: readonly OpName[] | undefined;
  /** Only this case, law or call; a random case is found by its id too. */
  readonly id?: string | undefined;
  /** So many random cases instead of the fixed ones. */
  readonly random?: number | undefined;
  /** Default 1. */
  readonly seed?: number | undefined;
}

/** One thing to check, which gives one result or several: a case, a law of two graphs, a call of a public function. */
export interface Item {
  readonly id: string;
  readonly op: OpName;
  check(backend: AnyBackend): AsyncIterable<Result>;
}

/** The version of the contract that the kit's cases are written for. */
export const checkedContract: string = "1.0";

/** Why this kit cannot speak for that core: another major version means other meanings. */
export function contractProblem(core: string = contractVersion, kit: string = checkedContract): string | undefined {
  const [theirs, ours] = [core, kit].map((version) => version.split(".")[0]);
  if (theirs === ours) return undefined;
  return `this kit checks contract ${kit}, the core beside it has ${core}; install the kit of that version`;
}

const ofCase = (one: Case, options: CheckOptions): Item => ({
  id: one.id,
  op: one.op,
  check: (backend) => checkCase(backend, one, options),
});

const ofOne = (
  { id, op }: { readonly id: string; readonly op: OpName },
  check: (backend: AnyBackend) => Promise<Result>,
): Item => ({
  id,
  op,
  async *check(backend) {
    yield await check(backend);
  },
});

function* others(): Generator<Item> {
  for (const law of allLaws()) yield ofOne(law, (backend) => checkLaw(backend, law));
  for (const call of [...goldenCalls, ...throwingCalls]) yield ofOne(call, (backend) => checkCall(backend, call));
}

/** What options choose. @throws Error for an id that names nothing. */
export function* chosen(options: Options = {}): Generator<Item> {
  const { ops, id, random, seed = 1 } = options;
  if (id !== undefined) {
    const one = findCase(id);
    const item = one === undefined ? [...others()].find((other) => other.id === id) : ofCase(one, options);
    if (item === undefined) throw new Error(`there is no case ${id}`);
    yield item;
  } else if (random !== undefined) {
    for (let index = 0; index < random; index++) yield ofCase(randomCase(seed, index, ops), options);
  } else {
    const unknown = ops?.find((op) => !Object.hasOwn(kits, op));
    if (unknown !== undefined) throw new Error(`there is no op ${unknown}; use ${Object.keys(kits).join(", ")}`);
    for (const one of allCases()) if (ops === undefined || ops.includes(one.op)) yield ofCase(one, options);
    for (const item of others()) if (ops === undefined || ops.includes(item.op)) yield item;
  }
}

/** What every backend has. */
const members: readonly (keyof AnyBackend)[] = [
  ...(["name", "traits", "kernels", "bytes", "aliases", "alloc", "free", "write", "read", "link", "settle"] as const),
  ...(["lost", "close"] as const),
];

const lacking = (backend: unknown): string[] =>
  members.filter((name) => (backend as Partial<AnyBackend> | null | undefined)?.[name] === undefined);

/** Opens the backend; a backend that was asked for and does not open is a failure, never a silence. */
export async function opened(open: Open): Promise<{ backend: AnyBackend } | { failure: Result }> {
  const failure = (reason: string): { failure: Result } => ({
    failure: { id: "backend/open", op: "backend", check: "open", status: "fail", reason },
  });
  const problem = contractProblem();
  if (problem !== undefined) return failure(problem);
  try {
    const backend = await open();
    const missing = lacking(backend);
    return missing.length === 0
      ? { backend }
      : failure(`what was opened is no backend: it has no ${missing.join(", ")}`);
  } catch (error) {
    return failure(`did not open: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Every check of everything chosen. Closes the backend at the end. */
export async function* conformance(open: Open, options: Options = {}): AsyncGenerator<Result> {
  const got = await opened(open);
  if ("failure" in got) {
    yield got.failure;
    return;
  }
  try {
    for (const item of chosen(options)) yield* item.check(got.backend);
  } finally {
    await got.backend.close();
  }
}
