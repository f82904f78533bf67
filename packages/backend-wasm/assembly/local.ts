// The first words behind the module's own data are the frame's; a backend writes the first line of them before it links or runs:
// where the threads' own memory begins, how much of it each thread has, how many workers there are; [the call that is
// open;] may the running thread sleep, where instructRare stands in the function table. The gate and what belongs to it follows in lines of their own; see run.ts.

// @ts-ignore: decorator
@inline
export function control(): usize {
  return (__heap_base + 63) & ~63;
}

/** This thread's own memory, 64-byte aligned, for what passes between the parts of one unit of work. Contents undefined. */
export function local(thread: i32): usize {
  return load<usize>(control()) + <usize>thread * load<usize>(control(), 4);
}
