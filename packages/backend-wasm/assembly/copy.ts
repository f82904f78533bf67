import { address, word } from "./simd";

/** Units of 64 KiB; the last may be shorter. args: from, to, bytes. */
export function copy(args: usize, begin: i32, end: i32, _thread: i32): void {
  const bytes = <usize>address(args, 2);
  const first = <usize>begin << 16;
  const last = min(<usize>end << 16, bytes);
  memory.copy(address(args, 1) + first, address(args, 0) + first, last - first);
}
