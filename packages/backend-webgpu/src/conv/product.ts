/** The product over windows, on the tiles of a profile. */
import type { Dispatch, GpuKernel, Io, Part, Tiles } from "../kernel.ts";
import { direct, directDispatches, type Product } from "./direct.ts";
import { shared, sharedDispatches } from "./shared.ts";

/** The kernel whose operand 1 arrives as panels. */
export function productKernel(tiles: Tiles, product: Product, packs: GpuKernel["packs"]): GpuKernel {
  return tiles.profile === "gpu" ? shared(product, packs) : direct(product, packs, tiles.quads);
}

/** Its dispatch alone, where other kernels need a product on their way. */
export function productDispatches(
  tiles: Tiles,
  product: Product,
  x: Part,
  filters: Part,
  io: Pick<Io, "output" | "table">,
): Dispatch[] {
  return tiles.profile === "gpu"
    ? sharedDispatches(product, x, filters, [], io)
    : directDispatches(product, x, filters, [], io, tiles.quads);
}
