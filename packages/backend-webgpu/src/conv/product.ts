/** The product over windows, on the tiles of a profile. */
import type { Dispatch, GpuKernel, Io, Part, Profile } from "../kernel.ts";
import { direct, directDispatches, type Product } from "./direct.ts";
import { shared, sharedDispatches } from "./shared.ts";

/** The kernel whose operand 1 arrives as panels. */
export function productKernel(profile: Profile, product: Product, packs: GpuKernel["packs"]): GpuKernel {
  return (profile === "gpu" ? shared : direct)(product, packs);
}

/** Its dispatch alone, where other kernels need a product on their way. */
export function productDispatches(
  profile: Profile,
  product: Product,
  x: Part,
  filters: Part,
  io: Pick<Io, "output" | "table">,
): Dispatch[] {
  return (profile === "gpu" ? sharedDispatches : directDispatches)(product, x, filters, [], io);
}
