/** The product over windows, on the tiles that it goes by. */
import { sizeOf } from "@tatamijs/core/backend";
import { idle, type Dispatch, type GpuKernel, type Io, type Part, type Tiles } from "../kernel.ts";
import { directDispatches } from "./direct.ts";
import { flattened, tileOf } from "./registerTile.ts";
import { depthParts, partsBytes, sharedDispatches } from "./shared.ts";
import type { Product } from "./size.ts";

const isEmpty = ({ windows: { images, groups, columns, to } }: Product): boolean =>
  images * groups * columns * sizeOf(to) === 0;

/** The kernel whose operand 1 arrives as panels. */
export function productKernel(on: Tiles, product: Product, packs: GpuKernel["packs"]): GpuKernel {
  if (isEmpty(product)) return idle;
  const scratch = on.profile === "gpu" ? partsBytes(product) : 0;
  return {
    get variant() {
      return variantOf(on, product);
    },
    products: [product],
    ...(packs === undefined ? {} : { packs }),
    ...(scratch === 0 ? {} : { scratch }),
    dispatches: (io) => productDispatches(on, product, io.inputs[0]!, io.inputs[1]!, io.inputs.slice(2), io),
  };
}

function variantOf(on: Tiles, product: Product): string {
  const turned = product.windows.turned ? ", turned" : "";
  const way = on.wayOf(product);
  if (way === "direct") {
    const { pixels, vectors } = tileOf(flattened(product.windows), on.quads);
    return `direct ${pixels}×${vectors * 4}${turned}`;
  }
  const parts = depthParts(product);
  return `shared ${way.replace("x", "×")}${parts > 1 ? ` in ${parts} parts` : ""}${turned}`;
}

/** Its dispatches alone, where other kernels need a product on their way. */
export function productDispatches(
  on: Tiles,
  product: Product,
  x: Part,
  filters: Part,
  rest: readonly Part[],
  io: Omit<Io, "inputs">,
): Dispatch[] {
  if (isEmpty(product)) return [];
  const way = on.wayOf(product);
  return way === "direct"
    ? directDispatches(product, x, filters, rest, io, on.quads)
    : sharedDispatches(product, way, x, filters, rest, io);
}
