// Rows by index, and the sum of rows back to where they came from.
import { copyRows } from "./move";
import { address, word } from "./simd";

/** args: to, from, indices, outer, count, size, bytes of a row, bytes per unit, units along a row, rows per unit. */
export function gather(args: usize, begin: i32, end: i32, _thread: i32): void {
  const indices = address(args, 2);
  const count = word(args, 4);
  const size = word(args, 5);
  const row = word(args, 6);
  const part = word(args, 7);
  const parts = word(args, 8);
  const rows = word(args, 9);
  const all = word(args, 3) * count;
  for (let unit = begin; unit < end; unit++) {
    const group = unit / parts;
    const start = (unit - group * parts) * part;
    const bytes = min(part, row - start);
    const last = min((group + 1) * rows, all);
    for (let r = group * rows; r < last; r++) {
      const outer = r / count;
      const index = load<i32>(indices + (<usize>(r - outer * count) << 2));
      const to = address(args, 0) + <usize>r * <usize>row + <usize>start;
      if (<u32>index < <u32>size) {
        const from = address(args, 1) + (<usize>outer * <usize>size + <usize>index) * <usize>row + <usize>start;
        copyRows(to, from, bytes, 1, 0, 0);
      } else memory.fill(to, 0, bytes);
    }
  }
}

/**
 * A unit owns a part of the output, looks at every index, and adds what falls into its part, in order.
 * args: to, from, indices, count, size, elements of a row, elements per unit, units along a row, indices per unit, units along
 * the indices, 1 for i32.
 */
export function scatterAdd(args: usize, begin: i32, end: i32, _thread: i32): void {
  const indices = address(args, 2);
  const count = word(args, 3);
  const size = word(args, 4);
  const row = word(args, 5);
  const part = word(args, 6);
  const parts = word(args, 7);
  const range = word(args, 8);
  const ranges = word(args, 9);
  const whole = word(args, 10) != 0;
  const bytes = <usize>row << 2;
  for (let unit = begin; unit < end; unit++) {
    const group = unit / parts;
    const outer = group / ranges;
    const start = (unit - group * parts) * part;
    const n = min(part, row - start);
    const low = (group - outer * ranges) * range;
    const high = min(low + range, size);
    const to = address(args, 0) + <usize>outer * <usize>size * bytes + (<usize>start << 2);
    const from = address(args, 1) + <usize>outer * <usize>count * bytes + (<usize>start << 2);
    for (let i = low; i < high; i++) memory.fill(to + <usize>i * bytes, 0, <usize>n << 2);
    for (let k = 0; k < count; k++) {
      const index = load<i32>(indices + (<usize>k << 2));
      if (index < low || index >= high) continue;
      if (whole) addWhole(to + <usize>index * bytes, from + <usize>k * bytes, n);
      else addFloats(to + <usize>index * bytes, from + <usize>k * bytes, n);
    }
  }
}

function addFloats(to: usize, from: usize, n: i32): void {
  for (; n >= 4; n -= 4) {
    v128.store(to, f32x4.add(v128.load(to), v128.load(from)));
    to += 16;
    from += 16;
  }
  for (; n > 0; n--) {
    store<f32>(to, load<f32>(to) + load<f32>(from));
    to += 4;
    from += 4;
  }
}

function addWhole(to: usize, from: usize, n: i32): void {
  for (; n > 0; n--) {
    store<i32>(to, load<i32>(to) + load<i32>(from));
    to += 4;
    from += 4;
  }
}
