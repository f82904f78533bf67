// Output (oy, ox) = Σᵢ Σⱼ vᵢ·uⱼ·input(rowᵢ, columnⱼ): average pooling, its gradient, resizing and its gradient differ in their
// tables alone (src/images/taps.ts). Rows are mixed first, into the thread's own memory, where all a row's elements lie side
// by side whatever the channels; then columns. A sum starts from its first product, so that one tap of weight 1 is a copy.
import { storeFew } from "./lanes";
import { local } from "./local";
import { address, madd, number, word } from "./simd";

// A table: for each output two words, where its taps begin (bytes from the table) and what its sum is divided by; one pair more
// for the end; then the taps, two words each: offset in bytes, weight.

// @ts-ignore: decorator
@inline
export function tapsOf(table: usize, o: i32): usize {
  return table + address(table + (<usize>o << 3), 0);
}

/**
 * A unit is one row of the output.
 * args: to, from, rows of an output, bytes of an input, elements of an input row, columns of the output, channels, table of rows,
 * table of columns, 1 to divide.
 */
export function mix(args: usize, begin: i32, end: i32, thread: i32): void {
  const height = word(args, 2);
  const elements = word(args, 4);
  const columns = word(args, 5);
  const channels = word(args, 6);
  const table = address(args, 7);
  const bytes = <usize>(columns * channels) << 2;
  for (let unit = begin; unit < end; unit++) {
    const image = unit / height;
    const oy = unit - image * height;
    const to = address(args, 0) + <usize>unit * bytes;
    const from = address(args, 1) + <usize>image * address(args, 3);
    const first = tapsOf(table, oy);
    const last = tapsOf(table, oy + 1);
    if (first == last) {
      memory.fill(to, 0, bytes);
      continue;
    }
    let row = local(thread);
    // One row as it is can be read where it lies; fewer than four channels are read in whole vectors, beyond the end.
    if (last - first == 8 && load<f32>(first, 4) == 1 && channels >= 4) row = from + address(first, 0);
    else mixRows(row, from, elements, first, last);
    const count = word(args, 9) != 0 ? load<f32>(table + (<usize>oy << 3), 4) : 0;
    mixColumns(to, row, columns, channels, address(args, 8), count);
  }
}

/** To whole vectors: what lies behind the last element is written too. */
function mixRows(to: usize, from: usize, elements: i32, first: usize, last: usize): void {
  let n = elements;
  for (; n >= 16; n -= 16) {
    const weight = v128.load32_splat(first, 4);
    let p = from + address(first, 0);
    let a = f32x4.mul(v128.load(p), weight);
    let b = f32x4.mul(v128.load(p, 16), weight);
    let c = f32x4.mul(v128.load(p, 32), weight);
    let d = f32x4.mul(v128.load(p, 48), weight);
    for (let tap = first + 8; tap < last; tap += 8) {
      const w = v128.load32_splat(tap, 4);
      p = from + address(tap, 0);
      a = madd(v128.load(p), w, a);
      b = madd(v128.load(p, 16), w, b);
      c = madd(v128.load(p, 32), w, c);
      d = madd(v128.load(p, 48), w, d);
    }
    v128.store(to, a);
    v128.store(to, b, 16);
    v128.store(to, c, 32);
    v128.store(to, d, 48);
    to += 64;
    from += 64;
  }
  for (; n > 0; n--) {
    let a: f32 = load<f32>(from + address(first, 0)) * load<f32>(first, 4);
    for (let tap = first + 8; tap < last; tap += 8) a += load<f32>(from + address(tap, 0)) * load<f32>(tap, 4);
    store<f32>(to, a);
    to += 4;
    from += 4;
  }
}

function mixColumns(to: usize, row: usize, columns: i32, channels: i32, table: usize, count: f32): void {
  const bytes = <usize>channels << 2;
  const divide = count != 0;
  for (let ox = 0; ox < columns; ox++) {
    const first = tapsOf(table, ox);
    const last = tapsOf(table, ox + 1);
    const by = f32x4.splat(count * load<f32>(table + (<usize>ox << 3), 4));
    if (first == last) {
      memory.fill(to, 0, bytes);
    } else {
      let c: usize = 0;
      for (; c + 32 <= bytes; c += 32) {
        const weight = v128.load32_splat(first, 4);
        let p = row + c + address(first, 0);
        let a = f32x4.mul(v128.load(p), weight);
        let b = f32x4.mul(v128.load(p, 16), weight);
        for (let tap = first + 8; tap < last; tap += 8) {
          const w = v128.load32_splat(tap, 4);
          p = row + c + address(tap, 0);
          a = madd(v128.load(p), w, a);
          b = madd(v128.load(p, 16), w, b);
        }
        if (divide) {
          a = f32x4.div(a, by);
          b = f32x4.div(b, by);
        }
        v128.store(to + c, a);
        v128.store(to + c, b, 16);
      }
      for (; c < bytes; c += 16) {
        if (channels >= 4) c = min(c, bytes - 16);
        let p = row + c;
        let a = f32x4.mul(v128.load(p + address(first, 0)), v128.load32_splat(first, 4));
        for (let tap = first + 8; tap < last; tap += 8) {
          a = madd(v128.load(p + address(tap, 0)), v128.load32_splat(tap, 4), a);
        }
        if (divide) a = f32x4.div(a, by);
        if (channels >= 4) v128.store(to + c, a);
        else storeFew(to, a, channels);
      }
    }
    to += bytes;
  }
}
