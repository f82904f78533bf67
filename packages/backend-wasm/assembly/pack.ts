import { address, panel, word } from "./simd";

/**
 * B → panels [panel][depth][8 · eights], the last filled up with zeros. The depth is `count` runs of `length`:
 * B[(run, k)][n] = b[run's offset + k · along + n · across]. Units: 8 columns of a panel. args:
 *  0 b, 1 to, 2 runs (byte offsets), 3 count, 4 length, 5 along (bytes), 6 N, 7 across (bytes), 8 eights
 */
export function pack(args: usize, begin: i32, end: i32, _thread: i32): void {
  const b = address(args, 0), runs = address(args, 2);
  const count = word(args, 3), length = word(args, 4), n = word(args, 6);
  const along = <usize>word(args, 5), across = <usize>word(args, 7);
  const eights = word(args, 8);
  const row = <usize>eights * panel;
  for (let p = begin; p < end; p++) {
    let to = address(args, 1) + <usize>(p / eights) * <usize>(count * length) * row + <usize>(p % eights) * panel;
    const width = min(8, n - (p << 3));
    for (let r = 0; r < count; r++) {
      let from = b + load<u32>(runs + (<usize>r << 2)) + <usize>(p << 3) * across;
      for (let k = 0; k < length; k++) {
        packRow(to, from, across, width);
        from += along;
        to += row;
      }
    }
  }
}

function packRow(to: usize, from: usize, across: usize, width: i32): void {
  for (let j = 0; j < 8; j++) {
    store<f32>(to, j < width ? load<f32>(from) : 0);
    from += across;
    to += 4;
  }
}

/**
 * A map [N, H, W, C] with a border of zeros (or, where negative, cropped): [N, H', W', C], whose pixel (y, x) is (y − top,
 * x − left) of the map. Units: rows of the result. args:
 *  0 x, 1 to, 2 H, 3 W, 4 H', 5 W', 6 C, 7 top, 8 left
 */
export function border(args: usize, begin: i32, end: i32, _thread: i32): void {
  const x = address(args, 0);
  const h = word(args, 2), w = word(args, 3), rows = word(args, 4), columns = word(args, 5);
  const pixel = <usize>word(args, 6) << 2;
  const top = word(args, 7), left = word(args, 8);
  const row = <usize>columns * pixel;
  const before = min(columns, max(0, left));
  const inside = max(0, min(columns - left, w) - max(0, -left));
  for (let u = begin; u < end; u++) {
    const to = address(args, 1) + <usize>u * row;
    const y = (u % rows) - top;
    if (y < 0 || y >= h || inside <= 0) {
      fill(to, row);
      continue;
    }
    const from = x + (<usize>((u / rows) * h + y) * <usize>w + <usize>max(0, -left)) * pixel;
    fill(to, <usize>before * pixel);
    move(to + <usize>before * pixel, from, <usize>inside * pixel);
    fill(to + <usize>(before + inside) * pixel, <usize>(columns - before - inside) * pixel);
  }
}

/** memory.fill and memory.copy are calls out of the module: short pieces are faster by hand. */
export function fill(to: usize, bytes: usize): void {
  if (bytes > 1024) return memory.fill(to, 0, bytes);
  const end = to + bytes;
  for (; to + 16 <= end; to += 16) v128.store(to, i32x4.splat(0));
  for (; to < end; to += 4) store<i32>(to, 0);
}

export function move(to: usize, from: usize, bytes: usize): void {
  if (bytes > 2048) return memory.copy(to, from, bytes);
  const end = to + bytes;
  for (; to + 16 <= end; to += 16) {
    v128.store(to, v128.load(from));
    from += 16;
  }
  for (; to < end; to += 4) {
    store<i32>(to, load<i32>(from));
    from += 4;
  }
}

/** A matrix [K, M] → [M, K]. Units: 4 rows of the result. args: 0 from, 1 to, 2 K, 3 M */
export function turn(args: usize, begin: i32, end: i32, _thread: i32): void {
  const k = word(args, 2), m = word(args, 3);
  for (let u = begin; u < end; u++) {
    for (let i = u << 2; i < min(m, (u << 2) + 4); i++) {
      turnRow(address(args, 1) + (<usize>i * <usize>k << 2), address(args, 0) + (<usize>i << 2), k, <usize>m << 2);
    }
  }
}

function turnRow(to: usize, from: usize, k: i32, step: usize): void {
  const end = to + (<usize>k << 2);
  for (; to < end; to += 4) {
    store<f32>(to, load<f32>(from));
    from += step;
  }
}
