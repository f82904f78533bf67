/** What this backend has kernels for: every primitive, and the composites that gain by being run whole. */
import { kernelTable, type Kernels, type OpName, type Prepare } from "@tatamijs/core/backend";
import type { WasmKernel } from "./kernel.ts";
import { broadcast } from "./kernels/broadcast.ts";
import { concat } from "./kernels/concat.ts";
import { gather } from "./kernels/gather.ts";
import { pad } from "./kernels/pad.ts";
import { pool2d } from "./kernels/pool2d.ts";
import { pool2dGrad } from "./kernels/pool2dGrad.ts";
import { detach, reshape } from "./kernels/reshape.ts";
import { resize2d } from "./kernels/resize2d.ts";
import { resize2dGrad } from "./kernels/resize2dGrad.ts";
import { scatterAdd } from "./kernels/scatterAdd.ts";
import { slice } from "./kernels/slice.ts";
import { transpose } from "./kernels/transpose.ts";
import { throughF32 } from "./throughF32.ts";

/** What the kernels of one backend are chosen by. */
export interface Choices {
  /** Direct sums only. */
  readonly strict: boolean;
}

type Table = { readonly [N in OpName]?: Prepare<N, WasmKernel> };

export function kernels(_choices: Choices): Kernels<WasmKernel> {
  const table: Table = {
    broadcast,
    concat,
    detach,
    gather,
    pad,
    pool2d,
    pool2dGrad,
    reshape,
    resize2d,
    resize2dGrad,
    scatterAdd,
    slice,
    transpose,
  };
  return kernelTable<WasmKernel>(
    Object.fromEntries(
      Object.entries(table).map(([name, prepare]) => [
        name,
        moving.has(name) ? prepare : throughF32(prepare as Prepare<OpName, WasmKernel>),
      ]),
    ),
  );
}

/** Those that move elements as they are, two bytes or any other number. */
const moving: ReadonlySet<string> = new Set<OpName>([
  "broadcast",
  "concat",
  "detach",
  "gather",
  "pad",
  "reshape",
  "slice",
  "transpose",
]);
