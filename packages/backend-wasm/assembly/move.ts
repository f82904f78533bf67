// Data movement: out[o + i·nTo + j·mTo] = in[o' + i·nFrom + j·mFrom] over two inner axes and any outer ones. What is worked
// out once (which axes, how large a unit is) stands in src/movement/walk.ts.
import { address, word } from "./simd";

/** How the two inner axes run; the words of src/movement/walk.ts. */
const runs = 0; // n: bytes that lie side by side on both sides
const repeats = 1; // n: bytes, the element at the start of each row again and again
const turns = 2; // n lies side by side in the output, m in the input
// else: steps of any size

// args: to, from, how, bytes of an element, n, nTo, nFrom, m, mTo, mFrom, n per unit, units along n, m per unit, units along m,
// outer, outer per unit, width of a tile along n, along m, outer axes, then of each, the last first: size, to, from. Steps in bytes.
export function move(args: usize, begin: i32, end: i32, _thread: i32): void {
  const nEach = word(args, 10);
  const across = word(args, 11);
  const mEach = word(args, 12);
  const inner = across * word(args, 13);
  const each = word(args, 15);
  for (let unit = begin; unit < end; unit++) {
    const group = unit / inner;
    const rest = unit - group * inner;
    const down = rest / across;
    const n0 = (rest - down * across) * nEach;
    const m0 = down * mEach;
    const last = min((group + 1) * each, word(args, 14));
    for (let outer = group * each; outer < last; outer++) moveBox(args, outer, n0, m0);
  }
}

function moveBox(args: usize, outer: i32, n0: i32, m0: i32): void {
  const nTo = address(args, 5);
  const nFrom = address(args, 6);
  const mTo = address(args, 8);
  const mFrom = address(args, 9);
  let to = address(args, 0) + <usize>n0 * nTo + <usize>m0 * mTo;
  let from = address(args, 1) + <usize>n0 * nFrom + <usize>m0 * mFrom;
  const n = min(word(args, 10), word(args, 4) - n0);
  const m = min(word(args, 12), word(args, 7) - m0);
  let axis = args + 19 * 4;
  for (let a = word(args, 18); a > 0; a--) {
    const size = load<i32>(axis);
    const next = outer / size;
    const at = <usize>(outer - next * size);
    to += at * address(axis, 1);
    from += at * address(axis, 2);
    outer = next;
    axis += 12;
  }
  const how = word(args, 2);
  const width = word(args, 3);
  if (how == runs) copyRows(to, from, n, m, mTo, mFrom);
  else if (how == repeats) repeatRows(width, to, from, n, m, mTo, mFrom);
  else if (how == turns) {
    const nTile = word(args, 16);
    const mTile = word(args, 17);
    if (width == 4) turn<u32>(to, from, n, m, mTo, nFrom, nTile, mTile);
    else if (width == 2) turn<u16>(to, from, n, m, mTo, nFrom, nTile, mTile);
    else turn<u8>(to, from, n, m, mTo, nFrom, nTile, mTile);
  } else {
    if (width == 4) step<u32>(to, from, n, nTo, nFrom, m, mTo, mFrom);
    else if (width == 2) step<u16>(to, from, n, nTo, nFrom, m, mTo, mFrom);
    else step<u8>(to, from, n, nTo, nFrom, m, mTo, mFrom);
  }
}

/** Rows of `n` bytes. A row that is no whole number of vectors ends with one that overlaps the one before. */
export function copyRows(to: usize, from: usize, n: i32, m: i32, mTo: usize, mFrom: usize): void {
  if (n > 2048) {
    for (; m > 0; m--) {
      memory.copy(to, from, n);
      to += mTo;
      from += mFrom;
    }
  } else if (n >= 16) {
    const last = <usize>n - 16;
    for (; m > 0; m--) {
      for (let i: usize = 0; i < last; i += 16) v128.store(to + i, v128.load(from + i));
      v128.store(to + last, v128.load(from + last));
      to += mTo;
      from += mFrom;
    }
  } else if (n >= 8) {
    const last = <usize>n - 8;
    for (; m > 0; m--) {
      const a = load<u64>(from);
      const b = load<u64>(from + last);
      store<u64>(to, a);
      store<u64>(to + last, b);
      to += mTo;
      from += mFrom;
    }
  } else if (n >= 4) {
    const last = <usize>n - 4;
    for (; m > 0; m--) {
      const a = load<u32>(from);
      const b = load<u32>(from + last);
      store<u32>(to, a);
      store<u32>(to + last, b);
      to += mTo;
      from += mFrom;
    }
  } else {
    for (; m > 0; m--) {
      for (let i: usize = 0; i < <usize>n; i++) store<u8>(to + i, load<u8>(from + i));
      to += mTo;
      from += mFrom;
    }
  }
}

/** Rows of `n` bytes, each full of one element. */
function repeatRows(width: i32, to: usize, from: usize, n: i32, m: i32, mTo: usize, mFrom: usize): void {
  for (; m > 0; m--) {
    const one =
      width == 4
        ? i32x4.splat(load<i32>(from))
        : width == 2
          ? i16x8.splat(load<i16>(from))
          : i8x16.splat(load<i8>(from));
    fillRow(to, one, n);
    to += mTo;
    from += mFrom;
  }
}

/** `n` bytes of a vector that has the element in all its lanes. */
function fillRow(to: usize, one: v128, n: i32): void {
  const end = to + <usize>n;
  if (n >= 16) {
    for (; to + 16 <= end; to += 16) v128.store(to, one);
    v128.store(end - 16, one);
    return;
  }
  if (n >= 8) {
    v128.store_lane<i64>(to, one, 0);
    v128.store_lane<i64>(end - 8, one, 0);
  } else if (n >= 4) {
    v128.store_lane<i32>(to, one, 0);
    v128.store_lane<i32>(end - 4, one, 0);
  } else {
    for (; to < end; to++) v128.store_lane<i8>(to, one, 0);
  }
}

/** Units of 64 KiB; the last may be shorter. args: to, bytes, the element in each lane of a word. */
export function fill(args: usize, begin: i32, end: i32, _thread: i32): void {
  const bytes = word(args, 1);
  const first = begin << 16;
  fillRow(address(args, 0) + <usize>first, i32x4.splat(word(args, 2)), min(end << 16, bytes) - first);
}

function step<T>(
  to: usize,
  from: usize,
  n: i32,
  nTo: usize,
  nFrom: usize,
  m: i32,
  mTo: usize,
  mFrom: usize,
): void {
  for (; m > 0; m--) {
    let t = to;
    let f = from;
    for (let i = n; i > 0; i--) {
      store<T>(t, load<T>(f));
      t += nTo;
      f += nFrom;
    }
    to += mTo;
    from += mFrom;
  }
}

/** Tiles, so that a cache line is used whole while it is near; in a tile squares of 4 × 4. */
function turn<T>(
  to: usize,
  from: usize,
  n: i32,
  m: i32,
  mTo: usize,
  nFrom: usize,
  nTile: i32,
  mTile: i32,
): void {
  for (let n0 = 0; n0 < n; n0 += nTile) {
    const n1 = min(nTile, n - n0);
    for (let m0 = 0; m0 < m; m0 += mTile) {
      const t = to + <usize>m0 * mTo + <usize>n0 * sizeof<T>();
      const f = from + <usize>n0 * nFrom + <usize>m0 * sizeof<T>();
      turnTile<T>(t, f, n1, min(mTile, m - m0), mTo, nFrom);
    }
  }
}

/** What is left of fours overlaps the four before; fewer than four go one by one, but for threes of 32 bits. */
function turnTile<T>(to: usize, from: usize, n: i32, m: i32, mTo: usize, nFrom: usize): void {
  if (n >= 4 && m >= 4) {
    for (let i = 0; i < n; i += 4) {
      const i0 = <usize>min(i, n - 4);
      const t = to + i0 * sizeof<T>();
      const f = from + i0 * nFrom;
      for (let j = 0; j < m; j += 4) {
        const j0 = <usize>min(j, m - 4);
        square<T>(t + j0 * mTo, f + j0 * sizeof<T>(), mTo, nFrom);
      }
    }
  } else if (sizeof<T>() == 4 && n == 3 && m >= 4) {
    for (let j = 0; j < m; j += 4) {
      const j0 = <usize>min(j, m - 4);
      threeWide(to + j0 * mTo, from + (j0 << 2), mTo, nFrom);
    }
  } else if (sizeof<T>() == 4 && m == 3 && n >= 4) {
    for (let i = 0; i < n; i += 4) {
      const i0 = <usize>min(i, n - 4);
      threeHigh(to + (i0 << 2), from + i0 * nFrom, mTo, nFrom);
    }
  } else {
    step<T>(to, from, n, sizeof<T>(), nFrom, m, mTo, sizeof<T>());
  }
}

// @ts-ignore: decorator
@inline
function square<T>(to: usize, from: usize, mTo: usize, nFrom: usize): void {
  if (sizeof<T>() == 4) {
    const a = v128.load(from);
    const b = v128.load(from + nFrom);
    const c = v128.load(from + 2 * nFrom);
    const d = v128.load(from + 3 * nFrom);
    const ab = v128.shuffle<i32>(a, b, 0, 4, 1, 5);
    const cd = v128.shuffle<i32>(c, d, 0, 4, 1, 5);
    v128.store(to, v128.shuffle<i64>(ab, cd, 0, 2));
    v128.store(to + mTo, v128.shuffle<i64>(ab, cd, 1, 3));
    const ab2 = v128.shuffle<i32>(a, b, 2, 6, 3, 7);
    const cd2 = v128.shuffle<i32>(c, d, 2, 6, 3, 7);
    v128.store(to + 2 * mTo, v128.shuffle<i64>(ab2, cd2, 0, 2));
    v128.store(to + 3 * mTo, v128.shuffle<i64>(ab2, cd2, 1, 3));
  } else if (sizeof<T>() == 2) {
    const a = v128.load64_zero(from);
    const b = v128.load64_zero(from + nFrom);
    const c = v128.load64_zero(from + 2 * nFrom);
    const d = v128.load64_zero(from + 3 * nFrom);
    const ab = v128.shuffle<i16>(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
    const cd = v128.shuffle<i16>(c, d, 0, 8, 1, 9, 2, 10, 3, 11);
    const low = v128.shuffle<i32>(ab, cd, 0, 4, 1, 5);
    v128.store_lane<i64>(to, low, 0);
    v128.store_lane<i64>(to + mTo, low, 1);
    const high = v128.shuffle<i32>(ab, cd, 2, 6, 3, 7);
    v128.store_lane<i64>(to + 2 * mTo, high, 0);
    v128.store_lane<i64>(to + 3 * mTo, high, 1);
  } else {
    let all = v128.load32_zero(from);
    all = v128.load_lane<i32>(from + nFrom, all, 1);
    all = v128.load_lane<i32>(from + 2 * nFrom, all, 2);
    all = v128.load_lane<i32>(from + 3 * nFrom, all, 3);
    all = v128.shuffle<i8>(all, all, 0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
    v128.store_lane<i32>(to, all, 0);
    v128.store_lane<i32>(to + mTo, all, 1);
    v128.store_lane<i32>(to + 2 * mTo, all, 2);
    v128.store_lane<i32>(to + 3 * mTo, all, 3);
  }
}

/** 3 × 4 → 4 × 3: planes of red, green and blue to pixels. */
// @ts-ignore: decorator
@inline
function threeWide(to: usize, from: usize, mTo: usize, nFrom: usize): void {
  const a = v128.load(from);
  const b = v128.load(from + nFrom);
  const c = v128.load(from + 2 * nFrom);
  const ab = v128.shuffle<i32>(a, b, 0, 4, 1, 5);
  v128.store_lane<i64>(to, ab, 0);
  v128.store_lane<i32>(to + 8, c, 0);
  to += mTo;
  v128.store_lane<i64>(to, ab, 1);
  v128.store_lane<i32>(to + 8, c, 1);
  to += mTo;
  const ab2 = v128.shuffle<i32>(a, b, 2, 6, 3, 7);
  v128.store_lane<i64>(to, ab2, 0);
  v128.store_lane<i32>(to + 8, c, 2);
  to += mTo;
  v128.store_lane<i64>(to, ab2, 1);
  v128.store_lane<i32>(to + 8, c, 3);
}

/** 4 × 3 → 3 × 4: pixels to planes. */
// @ts-ignore: decorator
@inline
function threeHigh(to: usize, from: usize, mTo: usize, nFrom: usize): void {
  const a = v128.load64_zero(from);
  const b = v128.load64_zero(from + nFrom);
  const c = v128.load64_zero(from + 2 * nFrom);
  const d = v128.load64_zero(from + 3 * nFrom);
  const ab = v128.shuffle<i32>(a, b, 0, 4, 1, 5);
  const cd = v128.shuffle<i32>(c, d, 0, 4, 1, 5);
  v128.store(to, v128.shuffle<i64>(ab, cd, 0, 2));
  v128.store(to + mTo, v128.shuffle<i64>(ab, cd, 1, 3));
  let blue = v128.load32_zero(from + 8);
  blue = v128.load_lane<i32>(from + nFrom + 8, blue, 1);
  blue = v128.load_lane<i32>(from + 2 * nFrom + 8, blue, 2);
  blue = v128.load_lane<i32>(from + 3 * nFrom + 8, blue, 3);
  v128.store(to + 2 * mTo, blue);
}
