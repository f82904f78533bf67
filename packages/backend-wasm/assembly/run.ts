// A linked program is a table of calls in memory: four words each, the kernel's place in the function table, the address of
// its arguments, how many units of work it has, and how many a thread claims at once. A kernel is a function
// (args, begin, end, thread) that does units begin … end − 1; units are independent, and what they are depends on sizes
// alone, so the bits of an answer do not depend on who did which.

export function run(program: usize, calls: i32): void {
  for (let i = 0; i < calls; i++) {
    call_indirect<void>(load<u32>(program), load<usize>(program, 4), 0, load<i32>(program, 8), 0);
    program += 16;
  }
}

/** Where free memory begins: behind what the module keeps for itself. */
export function heapBase(): usize {
  return __heap_base;
}
