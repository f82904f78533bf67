/** Every case of the kit, in the order of core's vocabulary; and random ones, each found again by its id. */
import type { OpName } from "@tatamijs/core";
import { kitOf, kits } from "./kits.ts";
import type { Case, CaseBody } from "./meaning.ts";
import { rng, seedOf } from "./rng.ts";

const names = Object.keys(kits) as OpName[];

let made: readonly Case[] | undefined;

/** The fixed cases. */
export function allCases(): readonly Case[] {
  made ??= names.flatMap((op) => kitOf(op).cases() as readonly Case[]);
  return made;
}

/** The convolutions are where the money is: two in five random cases are theirs. */
const favoured: readonly OpName[] = ["conv2d", "conv2dInputGrad", "conv2dWeightGrad"];

/** Random case number `index` of a seed, of one of `ops`: `random/7/123/conv2d`. */
export function randomCase(seed: number, index: number, ops: readonly OpName[] = names): Case {
  const from = rng(seedOf(`${seed}/${index}`));
  const among = favoured.filter((op) => ops.includes(op));
  const op = among.length > 0 && from.chance(0.4) ? from.pick(among) : from.pick(ops);
  return bodied(`random/${seed}/${index}/${op}`, op);
}

function bodied(id: string, op: OpName): Case {
  return { id, op, ...(kitOf(op).random(rng(seedOf(id))) as CaseBody<unknown>) };
}

/** A fixed case or a random one by its id. */
export function findCase(id: string): Case | undefined {
  const op = /^random\/\d+\/\d+\/(\w+)$/.exec(id)?.[1];
  if (op === undefined) return allCases().find((one) => one.id === id);
  return names.includes(op as OpName) ? bodied(id, op as OpName) : undefined;
}
