// Max pooling, rows first and then columns, as in mix.ts and from the same tables, whose weights it does not read. Every window
// holds an element. The first of equals wins (x < y ? y : x keeps x), and a NaN is kept in a mask of its own: f32x4.max, which
// would keep it too, is seven instructions on x86.
import { storeFew } from "./lanes";
import { local } from "./local";
import { tapsOf } from "./mix";
import { address, word } from "./simd";

/** args: as `mix`, without the last. */
export function maxPool(args: usize, begin: i32, end: i32, thread: i32): void {
  const height = word(args, 2);
  const elements = word(args, 4);
  const columns = word(args, 5);
  const channels = word(args, 6);
  const table = address(args, 7);
  const bytes = <usize>(columns * channels) << 2;
  for (let unit = begin; unit < end; unit++) {
    const image = unit / height;
    const oy = unit - image * height;
    const from = address(args, 1) + <usize>image * address(args, 3);
    const first = tapsOf(table, oy);
    const last = tapsOf(table, oy + 1);
    let row = local(thread);
    if (last - first == 8 && channels >= 4) row = from + address(first, 0);
    else maxRows(row, from, elements, first, last);
    maxColumns(address(args, 0) + <usize>unit * bytes, row, columns, channels, address(args, 8));
  }
}

function maxRows(to: usize, from: usize, elements: i32, first: usize, last: usize): void {
  let n = elements;
  for (; n >= 8; n -= 8) {
    let p = from + address(first, 0);
    let a = v128.load(p);
    let b = v128.load(p, 16);
    let aNan = f32x4.ne(a, a);
    let bNan = f32x4.ne(b, b);
    for (let tap = first + 8; tap < last; tap += 8) {
      p = from + address(tap, 0);
      const x = v128.load(p);
      const y = v128.load(p, 16);
      a = f32x4.pmax(a, x);
      aNan = v128.or(aNan, f32x4.ne(x, x));
      b = f32x4.pmax(b, y);
      bNan = v128.or(bNan, f32x4.ne(y, y));
    }
    v128.store(to, v128.or(a, aNan));
    v128.store(to, v128.or(b, bNan), 16);
    to += 32;
    from += 32;
  }
  for (; n > 0; n--) {
    let a = load<f32>(from + address(first, 0));
    for (let tap = first + 8; tap < last; tap += 8) {
      const x = load<f32>(from + address(tap, 0));
      a = x > a || x != x ? x : a;
    }
    store<f32>(to, a);
    to += 4;
    from += 4;
  }
}

function maxColumns(to: usize, row: usize, columns: i32, channels: i32, table: usize): void {
  const bytes = <usize>channels << 2;
  for (let ox = 0; ox < columns; ox++) {
    const first = tapsOf(table, ox);
    const last = tapsOf(table, ox + 1);
    let c: usize = 0;
    for (; c + 32 <= bytes; c += 32) {
      let p = row + c + address(first, 0);
      let a = v128.load(p);
      let b = v128.load(p, 16);
      let aNan = f32x4.ne(a, a);
      let bNan = f32x4.ne(b, b);
      for (let tap = first + 8; tap < last; tap += 8) {
        p = row + c + address(tap, 0);
        const x = v128.load(p);
        const y = v128.load(p, 16);
        a = f32x4.pmax(a, x);
        aNan = v128.or(aNan, f32x4.ne(x, x));
        b = f32x4.pmax(b, y);
        bNan = v128.or(bNan, f32x4.ne(y, y));
      }
      v128.store(to + c, v128.or(a, aNan));
      v128.store(to + c, v128.or(b, bNan), 16);
    }
    for (; c < bytes; c += 16) {
      if (channels >= 4) c = min(c, bytes - 16);
      let a = v128.load(row + c + address(first, 0));
      let nan = f32x4.ne(a, a);
      for (let tap = first + 8; tap < last; tap += 8) {
        const x = v128.load(row + c + address(tap, 0));
        a = f32x4.pmax(a, x);
        nan = v128.or(nan, f32x4.ne(x, x));
      }
      a = v128.or(a, nan);
      if (channels >= 4) v128.store(to + c, a);
      else storeFew(to, a, channels);
    }
    to += bytes;
  }
}
