/** What a kernel says of itself. */
import type { Kernel } from "@tatamijs/core";
import type { Prepared } from "./graph.ts";

/** Its name, or its own words. */
export function describeKernel(kernel: Kernel): string {
  const own = kernel as { readonly name?: unknown; readonly algorithm?: unknown; toString(): string };
  for (const said of [own.name, own.algorithm]) if (typeof said === "string") return said;
  return own.toString === Object.prototype.toString ? "a kernel without a name" : own.toString();
}

/** Does any kernel say that it is not exact? */
export function isInexact({ tasks }: Prepared): boolean {
  return tasks.some(({ kernel }) => kernel.exact === false);
}
