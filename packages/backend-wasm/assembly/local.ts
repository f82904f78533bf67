// Memory of one thread's own, for what passes between the parts of one unit of work. The first two words behind the
// module's own data say where it begins and how much each thread has; a backend writes them before it links.

// @ts-ignore: decorator
@inline
function settings(): usize {
  return (__heap_base + 63) & ~63;
}

/** This thread's own memory, 64-byte aligned. Contents undefined. */
export function local(thread: i32): usize {
  return load<usize>(settings()) + <usize>thread * load<usize>(settings(), 4);
}
