// Uniform numbers from a counter; core's ops/random.ts says which, and why.

import { address, word } from "./simd";

// @ts-ignore: decorator
@inline
function mix(given: u32): u32 {
  let h = given;
  h = (h ^ (h >> 16)) * 0x21f0aaad;
  h = (h ^ (h >> 15)) * 0x735a2d97;
  return h ^ (h >> 15);
}

// @ts-ignore: decorator
@inline
function mixFour(given: v128): v128 {
  let h = given;
  h = i32x4.mul(v128.xor(h, i32x4.shr_u(h, 16)), i32x4.splat(0x21f0aaad));
  h = i32x4.mul(v128.xor(h, i32x4.shr_u(h, 15)), i32x4.splat(0x735a2d97));
  return v128.xor(h, i32x4.shr_u(h, 15));
}

/** Units of 4096 numbers; whole vectors are written. args: 0 counter, 1 to, 2 how many, 3 mix(mix(seed + …) + stream) */
export function random(args: usize, begin: i32, end: i32, _thread: i32): void {
  const key = mix(<u32>word(args, 3) + load<u32>(address(args, 0)));
  for (let u = begin; u < end; u++) fill(address(args, 1), u << 12, min(word(args, 2), (u + 1) << 12), key);
}

function fill(to: usize, first: i32, last: i32, key: u32): void {
  const k = i32x4.splat(key);
  let index = i32x4.add(i32x4.splat(first + 0x9e3779b9), i32x4(0, 1, 2, 3));
  const end = to + (<usize>last << 2);
  for (let at = to + (<usize>first << 2); at < end; at += 16) {
    const bits = i32x4.shr_u(mixFour(v128.xor(k, mixFour(index))), 8);
    // 24 bits: exact. 2⁻²⁴ = 1 / 16777216.
    v128.store(at, f32x4.mul(f32x4.convert_i32x4_u(bits), f32x4.splat(1.0 / 16777216.0)));
    index = i32x4.add(index, i32x4.splat(4));
  }
}
