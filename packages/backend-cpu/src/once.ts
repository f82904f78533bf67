/**
 * A value made when it is first asked for.
 *
 * Why the hot loops of this backend are made through this: V8 compiles a closure that was created exactly once with the
 * values of the `const`s around it built in. A panel that such a closure reads is then an address and a length known to
 * the compiler, and an access costs one compare and one load instead of about seven instructions. A factory that runs
 * twice loses that, so each runs once per realm, and the panels are shared by all backends of the realm (kernels are
 * synchronous, and none leaves anything in a panel that another relies on).
 */
export function once<T>(make: () => T): () => T {
  let value: T | undefined;
  return () => (value ??= make());
}
