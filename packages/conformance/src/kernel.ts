/** What a kernel says of itself. */
import type { Kernel } from "@tatamijs/core";
import type { Prepared } from "./graph.ts";

/** How it runs, in its own words. */
export function describeKernel({ variant }: Kernel): string {
  return variant ?? "a kernel that does not say how it runs";
}

/** Which kernels, and what each wants packed. */
export function describePrepared({ tasks }: Prepared): string {
  return JSON.stringify(
    tasks.map(({ node, kernel: { variant, packs = [] } }) => [node.op.name, variant, packs.map(({ key }) => key)]),
  );
}

/** Does any kernel say that it is not exact? */
export function isInexact({ tasks }: Prepared): boolean {
  return tasks.some(({ kernel }) => kernel.exact === false);
}
