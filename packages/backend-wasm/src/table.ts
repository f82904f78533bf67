/** What this backend has kernels for: every primitive, and the composites that gain by being run whole. */
import {
  decline,
  kernelTable,
  type Call,
  type Kernels,
  type MapAttrs,
  type OpName,
  type Prepare,
  type Spec,
} from "@tatamijs/core/backend";
import type { Choices, WasmKernel } from "./kernel.ts";
import { binary } from "./kernels/binary.ts";
import { broadcast } from "./kernels/broadcast.ts";
import { cast } from "./kernels/cast.ts";
import { concat } from "./kernels/concat.ts";
import { conv2d } from "./kernels/conv2d.ts";
import { convBlock } from "./kernels/convBlock.ts";
import { detach } from "./kernels/detach.ts";
import { reshape } from "./kernels/reshape.ts";
import { linear } from "./kernels/linear.ts";
import { logSoftmax, softmax } from "./kernels/softmax.ts";
import { map } from "./kernels/map.ts";
import { mapReduce } from "./kernels/mapReduce.ts";
import { matmul } from "./kernels/matmul.ts";
import { pad } from "./kernels/pad.ts";
import { pool2d } from "./kernels/pool2d.ts";
import { reduce } from "./kernels/reduce.ts";
import { select } from "./kernels/select.ts";
import { slice } from "./kernels/slice.ts";
import { transpose } from "./kernels/transpose.ts";
import { unary } from "./kernels/unary.ts";
import type * as rest from "./rest.ts";

type Table = { readonly [N in OpName]?: Prepare<N, WasmKernel> };

/** Gets the code of rest.ts; not imported here, since a worker has it elsewhere than a bundler puts it. */
export type RestCode = () => Promise<typeof rest>;

/** What rest.ts has kernels for. */
export type RestName =
  | "argReduce"
  | "conv2dInputGrad"
  | "conv2dWeightGrad"
  | "crossEntropy"
  | "gather"
  | "pool2dGrad"
  | "random"
  | "resize2d"
  | "resize2dGrad"
  | "scatterAdd";
const restNames: readonly RestName[] = [
  "argReduce",
  "conv2dInputGrad",
  "conv2dWeightGrad",
  "crossEntropy",
  "gather",
  "pool2dGrad",
  "random",
  "resize2d",
  "resize2dGrad",
  "scatterAdd",
];

export function kernels(choices: Choices, restCode: RestCode): Kernels<WasmKernel> {
  const late = restNames.map((name) => [
    name,
    async (call: Call): Promise<unknown> => (await restCode()).restKernels(choices)[name](call as never),
  ]);
  const table: Table = {
    binary,
    broadcast,
    cast,
    concat,
    conv2d: conv2d(choices, restCode),
    convBlock: convBlock(choices, restCode),
    detach,
    linear,
    logSoftmax,
    map,
    mapReduce,
    matmul,
    pad,
    pool2d,
    reduce,
    reshape,
    select,
    slice,
    softmax,
    transpose,
    unary,
    ...(Object.fromEntries(late) as Pick<Table, RestName>),
  };
  return kernelTable<WasmKernel>(
    Object.fromEntries(
      Object.entries(table).map(([name, prepare]) => [
        name,
        moving.has(name) ? prepare : throughF32(prepare as Prepare<OpName, WasmKernel>, restCode),
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

/** `prepare`, which need not know f16; see throughF32.ts. */
function throughF32(prepare: Prepare<OpName, WasmKernel>, restCode: RestCode): Prepare<OpName, WasmKernel> {
  return (call) => {
    if (roundsInside(call)) return decline("a chain that rounds to f16 on its way is run op by op");
    if (!call.inputs.some(isHalf) && !isHalf(call.output)) return prepare(call);
    return restCode().then(({ through }) => through(call, prepare));
  };
}

/** A chain's inner values are wider than f16 here, which is good but where it says `cast`. */
function roundsInside({ op, attrs }: Call): boolean {
  if (op !== "map" && op !== "mapReduce") return false;
  const { steps } = attrs as MapAttrs;
  const inner = op === "map" ? steps.slice(0, -1) : steps;
  return inner.some((step) => step.op === "cast" && step.attrs.dtype === "f16");
}

function isHalf({ dtype }: Spec): boolean {
  return dtype === "f16";
}
