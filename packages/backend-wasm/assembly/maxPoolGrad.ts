// To the first maximum of each window; a NaN is one. A unit is some channels of an image, so that no two units write one
// element however the windows overlap.
import { loadFew, storeFew } from "./lanes";
import { address, word } from "./simd";

/**
 * args: dx, dy, x, channels, channels of a unit, units of an image, rows, columns, output rows, output columns, table of rows, table
 * of columns, bytes from tap to tap down, right, 1 where windows share no element, 1 where they leave some out.
 * A table: for each output two words, the first input row (column), how many.
 */
export function maxPoolGrad(args: usize, begin: i32, end: i32, _thread: i32): void {
  const channels = word(args, 3);
  const each = word(args, 4);
  const parts = word(args, 5);
  const oh = word(args, 8);
  const pixels = <usize>word(args, 6) * address(args, 7);
  const bytes = <usize>channels << 2;
  for (let unit = begin; unit < end; unit++) {
    const image = unit / parts;
    const c = (unit - image * parts) * each;
    const n = min(each, channels - c);
    const at = <usize>image * pixels * bytes + (<usize>c << 2);
    const dx = address(args, 0) + at;
    if (word(args, 15) != 0) clear(dx, pixels, n, channels);
    const dy = address(args, 1) + (<usize>(image * oh) * address(args, 9) * <usize>channels + <usize>c) * 4;
    for (let oy = 0; oy < oh; oy++) {
      giveRow(args, dx, dy + <usize>oy * address(args, 9) * bytes, address(args, 2) + at, oy, n);
    }
  }
}

function clear(to: usize, pixels: usize, n: i32, channels: i32): void {
  if (n == channels) memory.fill(to, 0, (pixels * <usize>n) << 2);
  else {
    for (; pixels > 0; pixels--) {
      memory.fill(to, 0, <usize>n << 2);
      to += <usize>channels << 2;
    }
  }
}

function giveRow(args: usize, dx: usize, dy: usize, x: usize, oy: i32, n: i32): void {
  const bytes = address(args, 3) << 2;
  const columns = word(args, 9);
  const down = word(args, 12);
  const right = word(args, 13);
  const apart = word(args, 14) != 0;
  const span = address(args, 10) + (<usize>oy << 3);
  const corner = address(span, 0) * address(args, 7) * bytes;
  const high = load<i32>(span, 4) * down;
  let column = address(args, 11);
  for (let ox = 0; ox < columns; ox++) {
    const at = corner + address(column, 0) * bytes;
    const wide = load<i32>(column, 4) * right;
    if (apart) giveApart(dx + at, dy, x + at, high, down, wide, right, n);
    else giveShared(dx + at, dy, x + at, high, down, wide, right, n);
    dy += bytes;
    column += 8;
  }
}

/** Offset of the largest element, lane by lane: the first of equals, the first NaN if there is one. */
// @ts-ignore: decorator
@inline
function largest(x: usize, high: i32, down: i32, wide: i32, right: i32, some: i32): v128 {
  let best = some < 4 ? loadFew(x, some) : v128.load(x);
  let place = i32x4.splat(0);
  for (let i = 0; i < high; i += down) {
    for (let k = i; k < i + wide; k += right) {
      const v = some < 4 ? loadFew(x + k, some) : v128.load(x + k);
      const taken = v128.or(f32x4.gt(v, best), v128.and(f32x4.ne(v, v), f32x4.eq(best, best)));
      best = v128.bitselect(v, best, taken);
      place = v128.bitselect(i32x4.splat(k), place, taken);
    }
  }
  return place;
}

/** Each element of the window is written, once. */
function giveApart(dx: usize, dy: usize, x: usize, high: i32, down: i32, wide: i32, right: i32, n: i32): void {
  if (n < 4) {
    const place = largest(x, high, down, wide, right, n);
    const given = loadFew(dy, n);
    for (let i = 0; i < high; i += down) {
      for (let k = i; k < i + wide; k += right) {
        storeFew(dx + k, v128.and(i32x4.eq(place, i32x4.splat(k)), given), n);
      }
    }
    return;
  }
  const last = <usize>(n - 4) << 2;
  for (let c: usize = 0; c < last + 16; c += 16) {
    const at = min(c, last);
    const place = largest(x + at, high, down, wide, right, 4);
    const given = v128.load(dy + at);
    for (let i = 0; i < high; i += down) {
      for (let k = i; k < i + wide; k += right) {
        v128.store(dx + at + k, v128.and(i32x4.eq(place, i32x4.splat(k)), given));
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function add(to: usize, by: f32): void {
  store<f32>(to, load<f32>(to) + by);
}

/** What is given is added to what other windows gave. */
function giveShared(dx: usize, dy: usize, x: usize, high: i32, down: i32, wide: i32, right: i32, n: i32): void {
  for (; n >= 4; n -= 4) {
    const place = largest(x, high, down, wide, right, 4);
    add(dx + i32x4.extract_lane(place, 0), load<f32>(dy));
    add(dx + i32x4.extract_lane(place, 1) + 4, load<f32>(dy, 4));
    add(dx + i32x4.extract_lane(place, 2) + 8, load<f32>(dy, 8));
    add(dx + i32x4.extract_lane(place, 3) + 12, load<f32>(dy, 12));
    dx += 16;
    dy += 16;
    x += 16;
  }
  if (n > 0) {
    const place = largest(x, high, down, wide, right, n);
    add(dx + i32x4.extract_lane(place, 0), load<f32>(dy));
    if (n > 1) add(dx + i32x4.extract_lane(place, 1) + 4, load<f32>(dy, 4));
    if (n > 2) add(dx + i32x4.extract_lane(place, 2) + 8, load<f32>(dy, 8));
  }
}
