/** Calls worked by hand: what a user writes, and what must come out. The seed's figures are the first. */
import { t, type PublicCall } from "./calls.ts";

const row = (
  call: string,
  op: PublicCall["op"],
  list: readonly (readonly [string, readonly unknown[], readonly number[], (readonly number[])?])[],
): PublicCall[] =>
  list.map(([name, args, shape, values]) => ({
    id: `call/${call}/${name}`,
    op,
    call,
    args,
    shape,
    ...(values === undefined ? {} : { values }),
  }));

const map = t([1, 1, 7, 7]);
const filter = t([1, 1, 3, 3]);
const nines = (n: number): number[] => Array.from({ length: n }, () => 9);
const line = (...values: number[]): ReturnType<typeof t> => t([1, 1, 1, values.length], values);

export const goldenCalls: readonly PublicCall[] = [
  ...row("conv2d", "conv2d", [
    ["seed-7-3-p0-s1", [map, filter, { stride: 1 }], [1, 1, 5, 5], nines(25)],
    ["seed-7-3-p0-s2", [map, filter, { stride: 2 }], [1, 1, 3, 3], nines(9)],
    ["seed-7-3-p0-s3-floor", [map, filter, { stride: 3, rounding: "floor" }], [1, 1, 2, 2], nines(4)],
    ["seed-7-3-p0-s3-ceil", [map, filter, { stride: 3, rounding: "ceil" }], [1, 1, 3, 3], [9, 9, 3, 9, 9, 3, 3, 3, 1]],
    ["seed-7-3-p1-s3", [map, filter, { stride: 3, padding: 1 }], [1, 1, 3, 3], [4, 6, 4, 6, 9, 6, 4, 6, 4]],
    ["seed-10-3-7-7", [t([10, 3, 7, 7]), t([2, 3, 3, 3]), { stride: 2 }], [10, 2, 3, 3]],
    ["same", [t([1, 1, 2, 2], [1, 2, 3, 4]), filter, { padding: "same" }], [1, 1, 2, 2], [10, 10, 10, 10]],
    ["same-even-kernel", [line(1, 2, 3), t([1, 1, 1, 2]), { padding: "same" }], [1, 1, 1, 3], [3, 5, 3]],
    ["same-strided", [line(1, 2, 3, 4, 5), t([1, 1, 1, 3]), { padding: "same", stride: 2 }], [1, 1, 1, 3], [3, 9, 9]],
    ["valid", [map, filter, { padding: "valid" }], [1, 1, 5, 5]],
    [
      "per-side",
      [
        line(1, 2, 3),
        t([1, 1, 1, 2]),
        {
          padding: [
            [0, 0],
            [2, 0],
          ],
        },
      ],
      [1, 1, 1, 4],
      [0, 1, 3, 5],
    ],
    ["dilated", [line(1, 2, 3, 4, 5), t([1, 1, 1, 2], [1, 10]), { dilation: [1, 3] }], [1, 1, 1, 2], [41, 52]],
    ["bias", [line(1, 2), t([2, 1, 1, 1], [1, 10]), { bias: t([2], [100, 200]) }], [1, 2, 1, 2], [101, 102, 210, 220]],
    [
      "bias-3-axes",
      [line(1, 2), t([2, 1, 1, 1], [1, 10]), { bias: t([2, 1, 1], [100, 200]) }],
      [1, 2, 1, 2],
      [101, 102, 210, 220],
    ],
    ["no-batch", [t([1, 1, 2], [1, 2]), t([2, 1, 1, 1], [1, 10])], [2, 1, 2], [1, 2, 10, 20]],
    ["channels-are-summed", [t([1, 2, 1, 2], [1, 2, 30, 40]), t([1, 2, 1, 1], [1, 2])], [1, 1, 1, 2], [61, 82]],
    [
      "groups",
      [t([1, 2, 1, 2], [1, 2, 3, 4]), t([2, 1, 1, 1], [10, 100]), { groups: 2 }],
      [1, 2, 1, 2],
      [10, 20, 300, 400],
    ],
    [
      "reflect",
      [line(1, 2, 3), t([1, 1, 1, 3], [1, 10, 100]), { padding: [0, 1], paddingMode: "reflect" }],
      [1, 1, 1, 3],
      [212, 321, 232],
    ],
    [
      "replicate",
      [line(1, 2, 3), t([1, 1, 1, 3], [1, 10, 100]), { padding: [0, 1], paddingMode: "replicate" }],
      [1, 1, 1, 3],
      [211, 321, 332],
    ],
    [
      "circular",
      [line(1, 2, 3), t([1, 1, 1, 3], [1, 10, 100]), { padding: [0, 1], paddingMode: "circular" }],
      [1, 1, 1, 3],
      [213, 321, 132],
    ],
    ["integers-are-floats", [t([1, 1, 1, 2], [200, 100], "u8"), t([1, 1, 1, 2])], [1, 1, 1, 1], [300]],
  ]),
  ...row("conv1d", "conv2d", [
    ["plain", [t([1, 1, 4], [1, 2, 3, 4]), t([1, 1, 2], [1, 10])], [1, 1, 3], [21, 32, 43]],
    [
      "padded-strided",
      [t([1, 4], [1, 2, 3, 4]), t([1, 1, 2], [1, 10]), { padding: [1, 1], stride: 2 }],
      [1, 3],
      [10, 32, 4],
    ],
  ]),
  ...row("convTranspose2d", "conv2dInputGrad", [
    ["stride-2", [line(1, 2), t([1, 1, 1, 3], [1, 10, 100]), { stride: [1, 2] }], [1, 1, 1, 5], [1, 10, 102, 20, 200]],
    [
      "padding-crops",
      [line(1, 2), t([1, 1, 1, 3], [1, 10, 100]), { stride: [1, 2], padding: [0, 1] }],
      [1, 1, 1, 3],
      [10, 102, 20],
    ],
    [
      "output-padding",
      [line(1, 2), t([1, 1, 1, 2], [1, 10]), { stride: [1, 3], outputPadding: [0, 1] }],
      [1, 1, 1, 6],
      [1, 10, 0, 2, 20, 0],
    ],
    ["channels", [t([1, 2, 1, 1], [1, 10]), t([2, 1, 1, 2], [1, 2, 3, 4])], [1, 1, 1, 2], [31, 42]],
  ]),
  ...row("maxPool2d", "pool2d", [
    ["plain", [t([1, 1, 2, 4], [1, 5, 2, 0, 4, 3, 8, 7]), 2], [1, 1, 1, 2], [5, 8]],
    ["padding-is-not-chosen", [line(-1, -2, -3), [1, 3], { stride: 1, padding: [0, 1] }], [1, 1, 1, 3], [-1, -1, -2]],
    ["ceil", [line(1, 2, 3), [1, 2], { rounding: "ceil" }], [1, 1, 1, 2], [2, 3]],
    ["no-batch", [t([1, 2, 2], [1, 2, 3, 4]), 2], [1, 1, 1], [4]],
  ]),
  ...row("avgPool2d", "pool2d", [
    ["plain", [line(2, 4, 6, 8), [1, 2]], [1, 1, 1, 2], [3, 7]],
    ["include-pad", [line(2, 4), [1, 2], { stride: 1, padding: [0, 1] }], [1, 1, 1, 3], [1, 3, 2]],
    [
      "exclude-pad",
      [line(2, 4), [1, 2], { stride: 1, padding: [0, 1], countIncludePad: false }],
      [1, 1, 1, 3],
      [2, 3, 4],
    ],
  ]),
  ...row("matmul", "matmul", [
    ["matrices", [t([2, 2], [1, 2, 3, 4]), t([2, 2], [5, 6, 7, 8])], [2, 2], [19, 22, 43, 50]],
    ["row-vector", [t([2], [1, 2]), t([2, 2], [5, 6, 7, 8])], [2], [19, 22]],
    ["column-vector", [t([2, 2], [1, 2, 3, 4]), t([2], [5, 6])], [2], [17, 39]],
    ["two-vectors", [t([2], [1, 2]), t([2], [3, 4])], [], [11]],
    ["batch-broadcast", [t([2, 1, 2], [1, 2, 3, 4]), t([2, 1], [10, 1])], [2, 1, 1], [12, 34]],
  ]),
  ...row("add", "binary", [
    ["broadcast", [t([2, 1], [1, 2]), t([3], [10, 20, 30])], [2, 3], [11, 21, 31, 12, 22, 32]],
    ["number", [t([2], [1, 2]), 5], [2], [6, 7]],
    ["u8-is-lifted", [t([2], [250, 10], "u8"), t([2], [10, 1], "u8")], [2], [260, 11]],
  ]),
  ...row("sum", "reduce", [
    ["all", [t([2, 2], [1, 2, 3, 4])], [], [10]],
    ["axis", [t([2, 2], [1, 2, 3, 4]), { axis: 0 }], [2], [4, 6]],
    ["last-kept", [t([2, 2], [1, 2, 3, 4]), { axis: -1, keepDims: true }], [2, 1], [3, 7]],
  ]),
  ...row("argmax", "argReduce", [["last", [t([2, 3], [1, 3, 2, 9, 8, 9])], [2], [1, 0]]]),
  ...row("transpose", "transpose", [["reversed", [t([2, 3], [1, 2, 3, 4, 5, 6])], [3, 2], [1, 4, 2, 5, 3, 6]]]),
  ...row("reshape", "reshape", [
    ["one-worked-out", [t([2, 3], [1, 2, 3, 4, 5, 6]), [3, -1]], [3, 2], [1, 2, 3, 4, 5, 6]],
  ]),
  ...row("slice", "slice", [["from-the-end", [t([5], [1, 2, 3, 4, 5]), { start: [-3] }], [3], [3, 4, 5]]]),
  ...row("concat", "concat", [["axis-1", [[t([1, 2], [1, 2]), t([1, 1], [3])], 1], [1, 3], [1, 2, 3]]]),
  ...row("gather", "gather", [
    ["rows-by-matrix", [t([3, 2], [1, 2, 3, 4, 5, 6]), t([2, 1], [2, 0], "i32")], [2, 1, 2], [5, 6, 1, 2]],
  ]),
  ...row("pad", "pad", [
    ["zeros", [t([2], [1, 2]), [[1, 2]]], [5], [0, 1, 2, 0, 0]],
    ["reflect", [t([3], [1, 2, 3]), [[2, 1]], { mode: "reflect" }], [6], [3, 2, 1, 2, 3, 2]],
    ["replicate", [t([2], [1, 2]), [[2, 1]], { mode: "replicate" }], [5], [1, 1, 1, 2, 2]],
    ["circular", [t([3], [1, 2, 3]), [[1, 2]], { mode: "circular" }], [6], [3, 1, 2, 3, 1, 2]],
  ]),
  ...row("select", "select", [
    ["broadcast", [t([2], [1, 0], "bool"), 5, t([2, 2], [1, 2, 3, 4])], [2, 2], [5, 2, 5, 4]],
  ]),
  ...row("resize2d", "resize2d", [
    ["nearest", [line(1, 2), [1, 4]], [1, 1, 1, 4], [1, 1, 2, 2]],
    ["linear", [line(0, 4), [1, 4], { mode: "linear" }], [1, 1, 1, 4], [0, 1, 3, 4]],
  ]),
  ...row("softmax", "softmax", [["equal", [t([2, 2], [3])], [2, 2], [0.5, 0.5, 0.5, 0.5]]]),
  ...row("linear", "linear", [
    ["bias", [t([1, 2], [1, 2]), t([2, 2], [1, 10, 100, 1000]), t([2], [5, 6])], [1, 2], [26, 2106]],
  ]),
  ...row("cast", "cast", [["truncates", [t([3], [1.9, -1.9, 300]), "u8"], [3], [1, 0, 255]]]),
];
