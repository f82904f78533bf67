/**
 * Addresses: values whose lives do not overlap may share bytes. Largest first into the lowest gap that fits; two other
 * orders are tried where that takes more than the largest set alive at once, and the smallest result taken.
 *
 * Where a step's output may not lie in a memory that its operands lie in, values are first dealt to several blocks so
 * that no step reads and writes one block, then each block is laid out by itself.
 */

/** Alive from step `from` to step `to`, both included. */
export interface Life {
  readonly bytes: number;
  readonly from: number;
  readonly to: number;
}

export interface Layout {
  readonly offsets: readonly number[];
  readonly bytes: number;
}

/** Offsets in one block. `bytes` of each life are multiples of the alignment already. */
export function layout(lives: readonly Life[]): Layout {
  const ids = lives.map((_, i) => i);
  const size = (i: number): number => lives[i]!.bytes;
  const bySize = ids.toSorted((a, b) => size(b) - size(a) || lives[a]!.from - lives[b]!.from);
  const byBirth = ids.toSorted((a, b) => lives[a]!.from - lives[b]!.from || size(b) - size(a));
  const byArea = ids.toSorted((a, b) => area(lives[b]!) - area(lives[a]!));
  const least = largestLiveSet(lives);
  let best: Layout | undefined;
  for (const order of [bySize, byBirth, byArea]) {
    const laid = place(lives, order);
    if (best === undefined || laid.bytes < best.bytes) best = laid;
    if (best.bytes === least) break;
  }
  return best!;
}

const area = ({ bytes, from, to }: Life): number => bytes * (to - from + 1);

function place(lives: readonly Life[], order: readonly number[]): Layout {
  const offsets = lives.map(() => 0);
  const placed: number[] = []; // sorted by offset
  let total = 0;
  for (const i of order) {
    const { bytes, from, to } = lives[i]!;
    if (bytes === 0) continue;
    let end = 0;
    let at = -1;
    let tightest = Infinity;
    for (const k of placed) {
      const other = lives[k]!;
      if (other.to < from || other.from > to) continue;
      const gap = offsets[k]! - end;
      if (gap >= bytes && gap < tightest) {
        at = end;
        tightest = gap;
      }
      end = Math.max(end, offsets[k]! + other.bytes);
    }
    const offset = at < 0 ? end : at;
    offsets[i] = offset;
    total = Math.max(total, offset + bytes);
    let slot = placed.length;
    while (slot > 0 && offsets[placed[slot - 1]!]! > offset) slot--;
    placed.splice(slot, 0, i);
  }
  return { offsets, bytes: total };
}

/** The most bytes alive at once: no layout takes less. */
export function largestLiveSet(lives: readonly Life[]): number {
  const change = new Map<number, number>();
  for (const { bytes, from, to } of lives) {
    change.set(from, (change.get(from) ?? 0) + bytes);
    change.set(to + 1, (change.get(to + 1) ?? 0) - bytes);
  }
  let live = 0;
  let most = 0;
  for (const [, bytes] of [...change].toSorted(([a], [b]) => a - b)) {
    live += bytes;
    most = Math.max(most, live);
  }
  return most;
}

/**
 * A block for each life so that `apart` pairs lie in different ones: first come, first served, in the block whose live
 * bytes grow least.
 */
export function deal(lives: readonly Life[], apart: readonly (readonly [number, number])[]): number[] {
  const foes: Set<number>[] = lives.map(() => new Set());
  for (const [a, b] of apart) {
    foes[a]!.add(b);
    foes[b]!.add(a);
  }
  const block = lives.map(() => -1);
  const members: number[][] = [];
  const order = lives
    .map((_, i) => i)
    .toSorted((a, b) => lives[b]!.bytes - lives[a]!.bytes || lives[a]!.from - lives[b]!.from);
  for (const i of order) {
    let best = members.length;
    let least = Infinity;
    members.forEach((ids, k) => {
      if (ids.some((j) => foes[i]!.has(j))) return;
      const before = largestLiveSet(ids.map((j) => lives[j]!));
      const growth = largestLiveSet([...ids, i].map((j) => lives[j]!)) - before;
      if (growth < least) {
        least = growth;
        best = k;
      }
    });
    if (best === members.length) members.push([]);
    members[best]!.push(i);
    block[i] = best;
  }
  return block;
}
