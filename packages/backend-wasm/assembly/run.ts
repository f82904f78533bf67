// A linked program is a table of calls in memory: four words each, the kernel's place in the function table, the address of
// its arguments, how many units of work it has, and how many a thread claims at once. A kernel is a function
// (args, begin, end, thread) that does units begin … end − 1; units are independent, and what they are depends on sizes
// alone, so the bits of an answer do not depend on who did which.
//
// With shared memory, workers take part. The gate is one word: is a call open, how many workers are in it, and which call it
// is. The thread that runs the program opens it, claims units like everybody, closes it when none are left, and waits until
// those who are in have left. A worker goes in by compare-and-swap, so never into a call that is closed: one that is asleep
// or late is not waited for. Workers spin a while for the next call, then sleep on the gate.
import { control } from "./local";

/** The gate: bit 0 is open, bits 1–7 count who is in, the others count calls. */
const OPEN: i32 = 1;
const ONE: i32 = 2;
const WITHIN: i32 = 0xfe;
const CALL: i32 = 0x100;

/** Words of the control block; those that are written by different threads lie in different cache lines. */
const GATE: usize = 64;
const SLEEPING: usize = 68;
const LEFT: usize = 128;
/** The next unit of each thread's part, 64 bytes apart. */
const NEXT: usize = 192;

/** Turns of looking at a word before sleeping on it: some ten microseconds. */
const SPIN: i32 = 4000;

/** Whether a thread has been waited for too long; `first` begins the count. */
@external("env", "late")
declare function late(first: i32): i32;

/** Does all calls. 0: done; 1: a worker that was in a call did not leave it. */
export function run(program: usize, calls: i32): i32 {
  for (let i = 0; i < calls; i++) {
    const units = load<i32>(program, 8);
    if (ASC_FEATURE_THREADS && units > load<i32>(program, 12) && load<i32>(control(), 8) > 0) {
      if (!share(program)) return 1;
    } else {
      call_indirect<void>(load<u32>(program), load<usize>(program, 4), 0, units, 0);
    }
    program += 16;
  }
  return 0;
}

function share(call: usize): bool {
  const block = control();
  store<usize>(block, call, 12);
  const threads = load<i32>(block, 8) + 1, units = load<i32>(call, 8);
  for (let k = 0; k < threads; k++) atomic.store<i32>(block + (<usize>k << 6), partOf(units, k, threads), NEXT);
  const gate = (load<i32>(block, GATE) & ~(CALL - 1)) + CALL;
  atomic.store<i32>(block, gate | OPEN, GATE);
  if (atomic.load<i32>(block, SLEEPING) > 0) atomic.notify(block + GATE, -1);
  claim(call, 0);
  atomic.and<i32>(block, ~OPEN, GATE);
  return allLeft(block);
}

/** Waits for those who are in; false when it takes too long. */
function allLeft(block: usize): bool {
  const maySleep = load<i32>(block, 16);
  for (let turn = 1; ; turn++) {
    const left = atomic.load<i32>(block, LEFT);
    if ((atomic.load<i32>(block, GATE) & WITHIN) == 0) break;
    if (turn % SPIN != 0) continue;
    if (late(i32(turn == SPIN))) return false;
    // A millisecond at most, so that lateness is seen.
    if (maySleep) atomic.wait<i32>(block + LEFT, left, 1000000);
  }
  return true;
}

/** Where the part of thread `k` begins. */
// @ts-ignore: decorator
@inline
function partOf(units: i32, k: i32, threads: i32): i32 {
  return i32((<i64>units * <i64>k) / <i64>threads);
}

/**
 * Units are claimed of the own part first, then of what others have left. So a thread works on the same part of a map in one
 * call after the other, and its values are in that thread's cache.
 */
function claim(call: usize, thread: i32): void {
  const block = control();
  const code = load<u32>(call);
  const args = load<usize>(call, 4);
  const units = load<i32>(call, 8);
  const grain = load<i32>(call, 12);
  const threads = load<i32>(block, 8) + 1;
  for (let k = 0; k < threads; k++) {
    const owner = (thread + k) % threads;
    const next = block + (<usize>owner << 6), end = partOf(units, owner + 1, threads);
    for (;;) {
      const begin = atomic.add<i32>(next, grain, NEXT);
      if (begin >= end) break;
      call_indirect<void>(code, args, begin, min(begin + grain, end), thread);
    }
  }
}

/** A worker's life: `thread` counts from 1. Never returns. */
export function work(thread: i32): void {
  if (!ASC_FEATURE_THREADS) return;
  const block = control();
  let done = 0;
  let turn = 0;
  for (;;) {
    const gate = atomic.load<i32>(block, GATE);
    if ((gate & OPEN) != 0 && (gate & ~(CALL - 1)) != done) {
      if (atomic.cmpxchg<i32>(block, gate, gate + ONE, GATE) != gate) continue;
      done = gate & ~(CALL - 1);
      claim(load<usize>(block, 12), thread);
      if ((atomic.sub<i32>(block, ONE, GATE) & OPEN) == 0) {
        atomic.add<i32>(block, 1, LEFT);
        atomic.notify(block + LEFT, 1);
      }
      turn = 0;
    } else if (++turn == SPIN) {
      atomic.add<i32>(block, 1, SLEEPING);
      atomic.wait<i32>(block + GATE, gate, -1);
      atomic.sub<i32>(block, 1, SLEEPING);
      turn = 0;
    }
  }
}

/** Where free memory begins: behind what the module keeps for itself. */
export function heapBase(): usize {
  return __heap_base;
}
