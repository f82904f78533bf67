/**
 * Lives of temporaries for a fixed order of steps, and who may write over whom: a step whose kernel claims `inPlace` takes
 * the place of an operand that nobody reads after it.
 */
import type { Backend } from "@tatamijs/core/backend";
import type { Spec, Tensor } from "@tatamijs/core";
import { deal, largestLiveSet, layout, type Life } from "./arena.ts";

/** A step as the planner sees it; homes are the nodes in whose memory operands lie. */
export interface Sited {
  readonly node: Tensor;
  readonly homes: readonly Tensor[];
  readonly inPlace: readonly number[];
  readonly scratch: number;
}

export interface Spot {
  readonly block: number;
  readonly offset: number;
}

export interface Storage {
  /** Bytes of each block. */
  readonly blocks: readonly number[];
  readonly spots: ReadonlyMap<Tensor, Spot>;
  /** Scratch by step, where there is any. */
  readonly scratch: readonly (Spot | undefined)[];
  /** Largest set of bytes alive at once, and the sum of all. */
  readonly live: number;
  readonly naive: number;
}

export const specOf = ({ shape, dtype }: Spec): Spec => ({ shape, dtype });

export const aligned = (bytes: number, backend: Backend): number =>
  Math.ceil(bytes / backend.traits.alignment) * backend.traits.alignment;

/**
 * `sizes`: bytes of what lies in the arena, by home. `inPlace: false` ignores the kernels' claims; `reuse: false` lets
 * nothing share bytes.
 */
export function storage(
  steps: readonly Sited[],
  sizes: ReadonlyMap<Tensor, number>,
  backend: Backend,
  options: { readonly inPlace: boolean; readonly reuse: boolean },
): Storage {
  const last = new Map<Tensor, number>();
  steps.forEach(({ node, homes }, i) => {
    for (const home of [node, ...homes]) last.set(home, i);
  });

  const lives: { bytes: number; from: number; to: number }[] = [];
  const lifeOf = new Map<Tensor, number>();
  const begin = (home: Tensor, from: number): void => {
    const bytes = sizes.get(home);
    if (bytes === undefined || lifeOf.has(home)) return;
    lifeOf.set(home, lives.length);
    lives.push({ bytes, from, to: last.get(home)! });
  };
  const made = new Set(steps.map(({ node }) => node));
  for (const { homes } of steps) for (const home of homes) if (!made.has(home)) begin(home, -1);
  const scratchLife: (number | undefined)[] = [];
  const apart: [number, number][] = [];
  steps.forEach((step, i) => {
    const { node, homes, scratch } = step;
    const over = options.inPlace && sizes.has(node) ? overwritten(step, i, lives, lifeOf, backend) : undefined;
    if (over === undefined) begin(node, i);
    else {
      lifeOf.set(node, over);
      lives[over]!.to = last.get(node)!;
      lives[over]!.bytes = Math.max(lives[over]!.bytes, sizes.get(node)!);
    }
    const written = lifeOf.get(node);
    const read = new Set(homes.flatMap((home) => lifeOf.get(home) ?? []));
    for (const r of read) if (written !== undefined && r !== written) apart.push([written, r]);
    if (scratch > 0) {
      scratchLife[i] = lives.length;
      if (written !== undefined) read.add(written);
      for (const other of read) apart.push([lives.length, other]);
      lives.push({ bytes: aligned(scratch, backend), from: i, to: i });
    }
  });

  const block = backend.traits.sharesBlock ? lives.map(() => 0) : deal(lives, apart);
  const offsets: number[] = [];
  const blocks: number[] = [];
  for (let b = 0; block.includes(b); b++) {
    const ids = lives.flatMap((_, i) => (block[i] === b ? [i] : []));
    const laid = layout(
      ids.map((i): Life => (options.reuse ? lives[i]! : { ...lives[i]!, from: -1, to: steps.length })),
    );
    ids.forEach((i, k) => {
      offsets[i] = laid.offsets[k]!;
    });
    blocks.push(laid.bytes);
  }
  const spot = (life: number): Spot => ({ block: block[life]!, offset: offsets[life]! });
  return {
    blocks,
    spots: new Map([...lifeOf].map(([home, life]) => [home, spot(life)])),
    scratch: steps.map((_, i) => (scratchLife[i] === undefined ? undefined : spot(scratchLife[i]))),
    live: largestLiveSet(lives),
    naive:
      steps.reduce((sum, { scratch }) => sum + aligned(scratch, backend), 0) +
      [...sizes.values()].reduce((a, b) => a + b, 0),
  };
}

/** The life that this step's output may go on with, if any. */
function overwritten(
  { node, homes, inPlace }: Sited,
  at: number,
  lives: readonly Life[],
  lifeOf: ReadonlyMap<Tensor, number>,
  backend: Backend,
): number | undefined {
  const size = backend.bytes(specOf(node));
  const fits = (k: number): boolean => inPlace.includes(k) && backend.bytes(specOf(node.inputs[k]!)) === size;
  for (const k of inPlace) {
    const home = homes[k];
    const life = home === undefined ? undefined : lifeOf.get(home);
    if (life === undefined || lives[life]!.to !== at) continue;
    if (homes.every((other, j) => lifeOf.get(other) !== life || fits(j))) return life;
  }
  return undefined;
}
