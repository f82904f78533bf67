/** What a kernel says of itself. */
import type { Kernel } from "@tatamijs/core";
import type { Prepared } from "./graph.ts";

/** How it runs, in its own words. */
export function describeKernel({ variant }: Kernel): string {
  return variant ?? "a kernel that does not say how it runs";
}

/** Does any kernel say that it is not exact? */
export function isInexact({ tasks }: Prepared): boolean {
  return tasks.some(({ kernel }) => kernel.exact === false);
}
