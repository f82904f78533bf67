// Chains of element-wise ops, block by block: an interpreter that decodes once for some hundred elements, so that what passes
// between the steps of a chain stays in the first-level cache.
//
// A value of the chain (an operand or what a step makes) is a place where the block's elements stand: an operand of 4-byte
// elements that lies as the output does is read where it lies; any other is first spread into a register; the last step writes
// into the output, if its elements have 4 bytes. In registers u8 and bool are i32.

import { firstRare, instruct } from "./generated/elementwise";
import { control, local } from "./local";
import { address, word } from "./simd";

// args: 0 elements, 1 of a block, 2 blocks of a unit, 3 operands, 4 their table, 5 steps, 6 their table, 7 output, 8 its bytes per element,
//  9 bytes of a register
// Operand, 6 words: 0 place, 1 kind, 2 bytes per element, 3 register (or −1), 4 axes, 5 a table of (size, step in elements), outermost first.
// Step, 5 words: code, register (−1: the output), three values.
// Local: 256 bytes of places by value, 64 of an index, registers.

/** Operand kinds. */
const asIs = 0, sameForAllBlocks = 1;

/** Places of what the steps make; the last one's is `result`. */
function layOut(args: usize, own: usize): void {
  const operands = word(args, 3), steps = word(args, 5);
  const registers = own + 320, registerBytes = <usize>word(args, 9);
  for (let s = 0; s < steps; s++) {
    const register = load<i32>(address(args, 6) + <usize>s * 20, 4);
    store<usize>(own + (<usize>(operands + s) << 2), registers + <usize>max(0, register) * registerBytes);
  }
}

/** Runs the steps on elements at … at + n. */
function runBlock(args: usize, own: usize, at: i32, n: i32, isFirst: bool): void {
  prepareOperands(args, own, at, n, isFirst);
  // Whole vectors: what is behind the last element is this block's own, or the output's padding.
  const bytes = <usize>((n + 3) & ~3) << 2;
  let step = address(args, 6);
  let to = own + (<usize>word(args, 3) << 2);
  for (let s = word(args, 5); s > 0; s--) {
    const code = load<i32>(step), d = load<usize>(to);
    const a = load<usize>(own + (load<usize>(step, 8) << 2));
    const b = load<usize>(own + (load<usize>(step, 12) << 2));
    const c = load<usize>(own + (load<usize>(step, 16) << 2));
    if (code < firstRare) instruct(code, d, a, b, c, bytes);
    else call_indirect<void>(load<u32>(control(), 20), code, d, a, b, c, bytes);
    step += 20;
    to += 4;
  }
}

export function chain(args: usize, begin: i32, end: i32, thread: i32): void {
  const own = local(thread);
  const size = word(args, 1), each = word(args, 2);
  const out = address(args, 7), outBytes = word(args, 8);
  const result = own + (<usize>(word(args, 3) + word(args, 5) - 1) << 2);
  layOut(args, own);
  const first = begin * each * size;
  const last = <i32>min(<i64>word(args, 0), <i64>end * each * size);
  for (let at = first; at < last; at += size) {
    const n = min(size, last - at);
    if (outBytes == 4) store<usize>(result, out + (<usize>at << 2));
    runBlock(args, own, at, n, at == first);
    if (outBytes == 1) narrow(out + <usize>at, load<usize>(result), n);
  }
}

/**
 * Sums of a chain's value, which is never written: over all axes but the last, of which `kept` elements stay. Each unit sums up
 * its blocks; then `combine` sums up the units'. args as chain's, whose output is the units' sums, and 10 kept, 11 width: a
 * multiple of `kept` and of 4 of which a block holds a whole number.
 */
export function chainSum(args: usize, begin: i32, end: i32, thread: i32): void {
  const own = local(thread);
  const size = word(args, 1), each = word(args, 2), kept = word(args, 10), width = word(args, 11);
  const result = own + (<usize>(word(args, 3) + word(args, 5) - 1) << 2);
  layOut(args, own);
  const sums = own + 320 + <usize>word(args, 12) * <usize>word(args, 9);
  for (let u = begin; u < end; u++) {
    const first = u * each * size;
    const last = <i32>min(<i64>word(args, 0), <i64>(u + 1) * each * size);
    memory.fill(sums, 0, <usize>width << 2);
    for (let at = first; at < last; at += size) {
      const n = min(size, last - at);
      runBlock(args, own, at, n, at == first);
      addRows(sums, load<usize>(result), n, width);
    }
    const to = address(args, 7) + (<usize>(u * kept) << 2);
    for (let k = 0; k < kept; k++) {
      let sum: f32 = 0;
      for (let w = k; w < width; w += kept) sum += load<f32>(sums + (<usize>w << 2));
      store<f32>(to + (<usize>k << 2), sum);
    }
  }
}

function addRows(sums: usize, from: usize, n: i32, width: i32): void {
  const row = <usize>width << 2;
  for (; n >= width; n -= width) {
    for (let w: usize = 0; w < row; w += 16) v128.store(sums + w, f32x4.add(v128.load(sums + w), v128.load(from + w)));
    from += row;
  }
  for (let i = 0; i < n; i++) {
    const at = <usize>i << 2;
    store<f32>(sums + at, load<f32>(sums + at) + load<f32>(from + at));
  }
}

/** Sums over rows, times a number. One unit. args: 0 rows, 1 their number, 2 columns, 3 output, 4 factor */
export function combine(args: usize, _begin: i32, _end: i32, _thread: i32): void {
  const rows = word(args, 1), columns = word(args, 2);
  for (let k = 0; k < columns; k++) {
    let from = address(args, 0) + (<usize>k << 2);
    let sum: f64 = 0;
    for (let r = 0; r < rows; r++) {
      sum += <f64>load<f32>(from);
      from += <usize>columns << 2;
    }
    store<f32>(address(args, 3) + (<usize>k << 2), <f32>(sum * <f64>load<f32>(args, 16)));
  }
}

function prepareOperands(args: usize, own: usize, at: i32, n: i32, isFirst: bool): void {
  let operand = address(args, 4);
  const registers = own + 320, registerBytes = <usize>word(args, 9);
  for (let k = 0; k < word(args, 3); k++) {
    const kind = word(operand, 1);
    const place = own + (<usize>k << 2);
    if (kind == asIs) store<usize>(place, address(operand, 0) + (<usize>at << 2));
    else if (kind != sameForAllBlocks || isFirst) {
      const register = registers + <usize>word(operand, 3) * registerBytes;
      store<usize>(place, register);
      spread(operand, own + 256, register, at, n);
    }
    operand += 24;
  }
}

/** Elements at … at + n of the output's order, of an operand whose axes of step 0 repeat, as 4 bytes each. */
function spread(operand: usize, index: usize, to: usize, at: i32, n: i32): void {
  const bytes = word(operand, 2), axes = word(operand, 4), table = address(operand, 5);
  let from = 0;
  for (let a = axes - 1; a >= 0; a--) {
    const size = load<i32>(table + (<usize>a << 3));
    const i = at % size;
    at /= size;
    store<i32>(index + (<usize>a << 2), i);
    from += i * load<i32>(table + (<usize>a << 3), 4);
  }
  const inner = table + (<usize>(axes - 1) << 3);
  const size = load<i32>(inner), step = load<i32>(inner, 4);
  let done = load<i32>(index + (<usize>(axes - 1) << 2));
  while (n > 0) {
    const count = min(n, size - done);
    const place = address(operand, 0) + <usize>(from * bytes);
    if (step == 0) repeat(to, place, count, bytes);
    else if (bytes == 4) runOf4(to, place, count);
    else runOf1(to, place, count);
    to += <usize>count << 2;
    n -= count;
    from += (size - done) * step;
    done = 0;
    // To the next row.
    from -= size * step;
    for (let a = axes - 2; a >= 0; a--) {
      const axis = table + (<usize>a << 3), here = index + (<usize>a << 2);
      const next = load<i32>(here) + 1;
      from += load<i32>(axis, 4);
      if (next < load<i32>(axis)) {
        store<i32>(here, next);
        break;
      }
      from -= load<i32>(axis) * load<i32>(axis, 4);
      store<i32>(here, 0);
    }
  }
}

function repeat(to: usize, from: usize, count: i32, bytes: i32): void {
  const v = bytes == 4 ? v128.load32_splat(from) : i32x4.splat(load<u8>(from));
  const end = to + (<usize>count << 2);
  for (; to < end; to += 16) v128.store(to, v);
}

function runOf4(to: usize, from: usize, count: i32): void {
  const end = to + (<usize>count << 2);
  for (; to < end; to += 16) {
    v128.store(to, v128.load(from));
    from += 16;
  }
}

function runOf1(to: usize, from: usize, count: i32): void {
  const end = to + (<usize>count << 2);
  for (; to < end; to += 16) {
    v128.store(to, i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(from))));
    from += 4;
  }
}

function narrow(to: usize, from: usize, n: i32): void {
  for (let i = 0; i < n; i++) {
    store<u8>(to, load<u8>(from));
    to++;
    from += 4;
  }
}
