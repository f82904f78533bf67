/**
 * The rule of the run and the rule of the types, held together: each case is an expression that is run, and that is
 * checked by TypeScript. Where it has a shape both must give it; where it has a mistake the run must throw, and the red line
 * must show the text. `n` is a number that no type knows, 7; `plain` makes a tensor whose type knows no shape.
 */
export interface Case {
  /** An expression in the names of tatamijs. */
  readonly code: string;
  /** The shape when it is run. */
  readonly shape?: readonly number[];
  /** The shape in types, where it differs: sizes that depend on `n`. */
  readonly type?: string;
  /** What the red line says. */
  readonly error?: string;
}

const ok = (code: string, shape: readonly number[], type?: string): Case =>
  type === undefined ? { code, shape } : { code, shape, type };
const bad = (code: string, error: string): Case => ({ code, error });
const model = (layers: string, shape: string): string =>
  `nn.sequential(${layers}).forward(input(${shape}), nn.inference())`;
const chain = (layer: string, count: number): string => Array.from({ length: count }, () => layer).join(", ");

export const written: readonly Case[] = [
  // The seed's lesson.
  ok("conv2d(input([10, 3, 7, 7]), input([8, 3, 3, 3]))", [10, 8, 5, 5]),
  ok("conv2d(input([10, 3, 7, 7]), input([8, 3, 3, 3]), { stride: 2 })", [10, 8, 3, 3]),
  bad(
    "conv2d(input([10, 3, 7, 7]), input([8, 3, 3, 3]), { stride: 3 })",
    "conv2d: OH = (7 + 2·0 − 3)/3 + 1 is not an integer",
  ),
  ok("conv2d(input([10, 3, 7, 7]), input([8, 3, 3, 3]), { stride: 3, padding: 1 })", [10, 8, 3, 3]),
  ok('conv2d(input([10, 3, 7, 7]), input([8, 3, 3, 3]), { stride: 3, rounding: "floor" })', [10, 8, 2, 2]),
  ok('conv2d(input([10, 3, 7, 7]), input([8, 3, 3, 3]), { stride: 3, rounding: "ceil" })', [10, 8, 3, 3]),
  // conv2d
  ok("conv2d(input([3, 7, 9]), input([8, 3, 3, 5]))", [8, 5, 5]),
  ok("conv2d(input([1, 3, 11, 8]), input([8, 3, 3, 2]), { stride: [4, 3] })", [1, 8, 3, 3]),
  ok("conv2d(input([1, 3, 7, 7]), input([8, 3, 3, 3]), { padding: [[1, 2], [0, 3]] })", [1, 8, 8, 8]),
  ok("conv2d(input([1, 3, 7, 7]), input([8, 3, 3, 3]), { padding: [1, 2] })", [1, 8, 7, 9]),
  ok('conv2d(input([1, 3, 7, 8]), input([8, 3, 3, 3]), { padding: "same", stride: 2 })', [1, 8, 4, 4]),
  ok('conv2d(input([1, 3, 7, 7]), input([8, 3, 3, 3]), { padding: "valid" })', [1, 8, 5, 5]),
  ok("conv2d(input([1, 3, 9, 9]), input([8, 3, 3, 3]), { dilation: 2 })", [1, 8, 5, 5]),
  ok("conv2d(input([1, 3, 9, 9]), input([8, 3, 3, 3]), { dilation: [1, 3] })", [1, 8, 7, 3]),
  ok("conv2d(input([1, 6, 5, 5]), input([4, 3, 3, 3]), { groups: 2 })", [1, 4, 3, 3]),
  ok("conv2d(input([1, 6, 5, 5]), input([12, 1, 3, 3]), { groups: 6 })", [1, 12, 3, 3]),
  ok("conv2d(input([1, 1, 65535, 1]), input([1, 1, 5, 1]), { stride: 10 })", [1, 1, 6554, 1]),
  ok("conv2d(input([n, 3, 7, 7]), input([8, 3, 3, 3]))", [7, 8, 5, 5], "readonly [number, 8, 5, 5]"),
  ok("conv2d(input([1, 3, n, 7]), input([8, 3, 3, 3]))", [1, 8, 5, 5], "readonly [1, 8, number, 5]"),
  ok(
    "conv2d(input([1, 3, 7, 7]), input([8, 3, 3, 3]), { stride: n - 6 })",
    [1, 8, 5, 5],
    "readonly [1, 8, number, number]",
  ),
  ok(
    "conv2d(input([1, 3, 7, 7]), input([8, 3, 3, 3]), { padding: [n, 1] })",
    [1, 8, 19, 7],
    "readonly [1, 8, number, 7]",
  ),
  ok("conv2d(plain([1, 3, 7, 7]), input([8, 3, 3, 3]))", [1, 8, 5, 5], "Shape"),
  ok("conv2d(input([1, 3, 7, 7]), plain([8, 3, 3, 3]))", [1, 8, 5, 5], "readonly [1, number, number, number]"),
  bad("conv2d(input([1, 3, 2, 7]), input([8, 3, 3, 3]))", "conv2d: OH = (2 + 2·0 − 3)/1 + 1 is below 1"),
  bad(
    "conv2d(input([1, 3, 7, 2]), input([8, 3, 3, 3]), { padding: [[0, 0], [0, 0]] })",
    "conv2d: OW = (2 + 2·0 − 3)/1 + 1 is below 1",
  ),
  bad(
    "conv2d(input([1, 3, 7, 8]), input([8, 3, 3, 3]), { stride: 2, padding: [[0, 0], [0, 2]] })",
    "conv2d: OW = (8 + 0 + 2 − 3)/2 + 1 is not an integer",
  ),
  bad(
    "conv2d(input([1, 3, 8, 8]), input([8, 3, 3, 3]), { dilation: 4 })",
    "conv2d: OH = (8 + 2·0 − (4·(3 − 1) + 1))/1 + 1 is below 1",
  ),
  bad("conv2d(input([1, 3, 7, 7]), input([8, 4, 3, 3]))", "conv2d: x has 3 channels, the filters take 4"),
  bad("conv2d(input([1, 6, 7, 7]), input([8, 6, 3, 3]), { groups: 4 })", "conv2d: 4 groups do not divide 6 channels"),
  bad("conv2d(input([1, 6, 7, 7]), input([8, 2, 3, 3]), { groups: 3 })", "conv2d: 3 groups do not divide 8 filters"),
  bad(
    "conv2d(input([1, 6, 7, 7]), input([8, 2, 3, 3]), { groups: 2 })",
    "conv2d: x has 6 channels, the filters take 2·2 = 4",
  ),
  bad("conv2d(input([7, 7]), input([8, 3, 3, 3]))", "conv2d: x has 2 axes (shape [7, 7]), wanted 3 or 4"),
  bad("conv2d(input([1, 3, 7, 7]), input([8, 3, 3]))", "conv2d: w has 3 axes (shape [8, 3, 3]), wanted 4"),
  // conv1d
  ok("conv1d(input([2, 3, 16]), input([4, 3, 5]))", [2, 4, 12]),
  ok("conv1d(input([3, 16]), input([4, 3, 4]), { stride: 3 })", [4, 5]),
  ok("conv1d(input([3, 16]), input([4, 3, 5]), { padding: [1, 3], dilation: 2 })", [4, 12]),
  ok('conv1d(input([3, 16]), input([4, 3, 5]), { padding: "same", stride: 3 })', [4, 6]),
  ok("conv1d(input([4, 16]), input([4, 2, 5]), { groups: 2 })", [4, 12]),
  ok("conv1d(input([3, n]), input([4, 3, 5]))", [4, 3], "readonly [4, number]"),
  bad("conv1d(input([3, 8]), input([4, 3, 3]), { stride: 2 })", "conv1d: OW = (8 + 2·0 − 3)/2 + 1 is not an integer"),
  bad("conv1d(input([3, 8]), input([4, 2, 3]))", "conv1d: x has 3 channels, the filters take 2"),
  bad("conv1d(input([8]), input([4, 2, 3]))", "conv1d: x has 1 axes (shape [8]), wanted 2 or 3"),
  bad("conv1d(input([3, 4]), input([4, 3, 5]))", "conv1d: OW = (4 + 2·0 − 5)/1 + 1 is below 1"),
  // convTranspose2d
  ok("convTranspose2d(input([1, 3, 4, 4]), input([3, 8, 3, 3]))", [1, 8, 6, 6]),
  ok("convTranspose2d(input([1, 3, 4, 5]), input([3, 8, 3, 3]), { stride: 2 })", [1, 8, 9, 11]),
  ok(
    "convTranspose2d(input([1, 3, 4, 4]), input([3, 8, 3, 3]), { stride: 2, padding: 1, outputPadding: 1 })",
    [1, 8, 8, 8],
  ),
  ok("convTranspose2d(input([3, 4, 4]), input([3, 8, 3, 3]), { dilation: 2, padding: [[1, 0], [0, 2]] })", [8, 7, 6]),
  ok("convTranspose2d(input([1, 4, 4, 4]), input([4, 3, 2, 2]), { groups: 2, stride: 2 })", [1, 6, 8, 8]),
  bad(
    "convTranspose2d(input([1, 3, 1, 4]), input([3, 8, 3, 3]), { padding: 2 })",
    "convTranspose2d: OH = (1 − 1)·1 − 2 − 2 + 3 + 0 = -1 is below 1",
  ),
  bad(
    "convTranspose2d(input([1, 3, 4, 4]), input([2, 8, 3, 3]))",
    "convTranspose2d: x has 3 channels, the filters take 2",
  ),
  bad(
    "convTranspose2d(input([1, 3, 4, 4]), input([3, 8, 3, 3]), { groups: 2 })",
    "convTranspose2d: 2 groups do not divide 3 channels",
  ),
  // Pooling
  ok("maxPool2d(input([1, 3, 8, 6]), 2)", [1, 3, 4, 3]),
  ok("maxPool2d(input([3, 8, 6]), [2, 3])", [3, 4, 2]),
  ok("maxPool2d(input([1, 3, 7, 7]), 3, { stride: 2 })", [1, 3, 3, 3]),
  ok('maxPool2d(input([1, 3, 7, 7]), 2, { rounding: "floor" })', [1, 3, 3, 3]),
  ok('maxPool2d(input([1, 3, 7, 7]), 2, { rounding: "ceil" })', [1, 3, 4, 4]),
  ok('maxPool2d(input([1, 3, 5, 5]), 2, { rounding: "ceil", stride: 3, padding: [[1, 0], [0, 0]] })', [1, 3, 2, 2]),
  ok("avgPool2d(input([1, 3, 8, 8]), 2, { padding: 1 })", [1, 3, 5, 5]),
  ok('avgPool2d(input([1, 3, n, 8]), 2, { rounding: "floor" })', [1, 3, 3, 4], "readonly [1, 3, number, 4]"),
  ok("maxPool1d(input([3, 8]), 2)", [3, 4]),
  ok('avgPool1d(input([2, 3, 9]), 2, { rounding: "ceil" })', [2, 3, 5]),
  bad("maxPool2d(input([1, 3, 7, 8]), 2)", "maxPool2d: OH = (7 + 2·0 − 2)/2 + 1 is not an integer"),
  bad("avgPool2d(input([1, 3, 8, 7]), 2)", "avgPool2d: OW = (7 + 2·0 − 2)/2 + 1 is not an integer"),
  bad("maxPool2d(input([1, 3, 8, 8]), 9)", "maxPool2d: OH = (8 + 2·0 − 9)/9 + 1 is below 1"),
  bad("maxPool2d(input([8, 8]), 2)", "maxPool2d: x has 2 axes (shape [8, 8]), wanted 3 or 4"),
  bad("maxPool1d(input([3, 7]), 2)", "maxPool1d: OW = (7 + 2·0 − 2)/2 + 1 is not an integer"),
  // Products
  ok("matmul(input([2, 3]), input([3, 5]))", [2, 5]),
  ok("matmul(input([7, 1, 2, 3]), input([4, 3, 5]))", [7, 4, 2, 5]),
  ok("matmul(input([3]), input([3, 5]))", [5]),
  ok("matmul(input([2, 3]), input([3]))", [2]),
  ok("matmul(input([3]), input([3]))", []),
  ok("matmul(input([n, 7]), input([n, 5]))", [7, 5], "readonly [number, 5]"),
  ok("linear(input([32, 128]), input([10, 128]))", [32, 10]),
  ok("linear(input([4, 32, 128]), input([10, 128]), input([10]))", [4, 32, 10]),
  bad("matmul(input([2, 3]), input([4, 5]))", "matmul: [2, 3] has 3 columns, [4, 5] has 4 rows"),
  bad("matmul(input([3]), input([4, 5]))", "matmul: [3] has 3 columns, [4, 5] has 4 rows"),
  bad("matmul(input([2, 2, 3]), input([3, 3, 5]))", "matmul: shapes [2] and [3] do not broadcast: 2 against 3"),
  bad("matmul(input([]), input([4, 5]))", "matmul: an operand is a scalar"),
  bad("linear(input([32, 127]), input([10, 128]))", "linear: x [32, 127] has 127 features, w [10, 128] takes 128"),
  bad(
    "linear(flatten(input([2, 8, 3, 3])), input([10, 71]))",
    "linear: x [2, 72] has 72 features, w [10, 71] takes 71",
  ),
  // Moves
  ok("flatten(input([2, 8, 3, 3]))", [2, 72]),
  ok("flatten(input([2, 8, 3, 3]), 0)", [144]),
  ok("flatten(input([2, 8, 3, 3]), 1, 2)", [2, 24, 3]),
  ok("flatten(input([2, 8, 3, 3]), -2)", [2, 8, 9]),
  ok("flatten(input([1, 255, 257]))", [1, 65535]),
  ok("flatten(input([n, 8, 3, 3]))", [7, 72], "readonly [number, 72]"),
  ok("flatten(input([2, n, 3, 3]))", [2, 63], "readonly [2, number]"),
  ok("flatten(input([]))", [1]),
  ok("reshape(input([2, 6]), [3, 4])", [3, 4]),
  ok("reshape(input([2, 6]), [3, -1])", [3, 4]),
  ok("reshape(input([65535]), [-1, 257])", [255, 257]),
  ok("reshape(input([n, 6]), [2, -1])", [2, 21], "readonly [2, number]"),
  ok("reshape(input([n, 6]), [42])", [42], "readonly [42]"),
  ok("reshape(plain([2, 6]), [3, 4])", [3, 4]),
  ok("transpose(input([2, 3, 5]))", [5, 3, 2]),
  ok("transpose(input([2, 3, 5]), [0, 2, 1])", [2, 5, 3]),
  ok("transpose(input([2, 3, 5]), [-1, 0, 1])", [5, 2, 3]),
  ok("transpose(input([2, n, 5]), [1, 0, 2])", [7, 2, 5], "readonly [number, 2, 5]"),
  ok("concat([input([2, 3]), input([4, 3])])", [6, 3]),
  ok("concat([input([2, 3]), input([2, 5]), input([2, 1])], 1)", [2, 9]),
  ok("concat([input([2, 3]), input([2, 5])], -1)", [2, 8]),
  ok("concat([input([2, 3]), input([n, 3])])", [9, 3], "readonly [number, 3]"),
  bad("flatten(input([2, 3]), 2)", "flatten: start is 2, but the tensor has 2 axes"),
  bad("flatten(input([2, 3, 4]), 2, 1)", "flatten: start is axis 2, after end, axis 1"),
  bad("reshape(input([2, 6]), [3, 5])", "reshape: [2, 6] has 12 elements, [3, 5] has 15"),
  bad("reshape(input([2, 6]), [5, -1])", "reshape: [2, 6] has 12 elements, which [5, -1] cannot hold"),
  bad("transpose(input([2, 3, 5]), [0, 1])", "transpose: perm is [0, 1]; give each of the 3 axes once"),
  bad("transpose(input([2, 3, 5]), [0, 1, 1])", "transpose: perm is [0, 1, 1]; give each of the 3 axes once"),
  bad("concat([input([2, 3]), input([2, 4])])", "concat: [2, 3] and [2, 4] differ beside axis 0"),
  bad("concat([input([2, 3]), input([2, 3, 1])])", "concat: [2, 3] and [2, 3, 1] differ beside axis 0"),
  bad("concat([input([2, 3]), input([2, 3])], 2)", "concat: axis is 2, but the tensor has 2 axes"),
  // Broadcasting
  ok("add(input([2, 3]), input([2, 3]))", [2, 3]),
  ok("mul(input([2, 3]), input([3]))", [2, 3]),
  ok("sub(input([4, 1, 3]), input([2, 1]))", [4, 2, 3]),
  ok("add(input([2, 3]), 1)", [2, 3]),
  ok("div(1, input([2, 3]))", [2, 3]),
  ok("less(input([2, 1]), input([1, 3]))", [2, 3]),
  ok("add(input([2, n]), input([2, 7]))", [2, 7]),
  ok("add(input([2, n]), input([2, 1]))", [2, 7], "readonly [2, number]"),
  ok("add(plain([2, 3]), input([2, 3]))", [2, 3], "Shape"),
  ok("broadcast(input([3, 1]), [2, 3, 4])", [2, 3, 4]),
  ok("relu(add(input([2, 3]), input([])))", [2, 3]),
  bad("add(input([2, 3]), input([4]))", "add: shapes [2, 3] and [4] do not broadcast: 3 against 4"),
  bad("mul(input([2, 3]), input([3, 3]))", "mul: shapes [2, 3] and [3, 3] do not broadcast: 2 against 3"),
  bad("greater(input([2, 3]), input([4]))", "greater: shapes [2, 3] and [4] do not broadcast: 3 against 4"),
  bad("notEqual(input([2, 3]), input([4]))", "notEqual: shapes [2, 3] and [4] do not broadcast: 3 against 4"),
  bad("maximum(input([5]), input([4]))", "maximum: shapes [5] and [4] do not broadcast: 5 against 4"),
  bad("broadcast(input([2, 3]), [2, 4])", "broadcast: [2, 3] does not broadcast to [2, 4]"),
  bad("broadcast(input([2, 3]), [2, 1])", "broadcast: [2, 3] does not broadcast to [2, 1]"),
  // Layers
  ok("nn.conv2d(3, 8, 3).forward(input([2, 3, 7, 7]), nn.inference())", [2, 8, 5, 5]),
  ok("nn.conv1d(3, 8, 3, { padding: 1 }).forward(input([2, 3, 7]), nn.inference())", [2, 8, 7]),
  ok("nn.convTranspose2d(3, 8, 2, { stride: 2 }).forward(input([2, 3, 7, 7]), nn.inference())", [2, 8, 14, 14]),
  ok("nn.linear(4, 8).forward(input([2, 4]), nn.inference())", [2, 8]),
  ok("nn.batchNorm2d(3).forward(input([2, 3, 7, 7]), nn.inference())", [2, 3, 7, 7]),
  ok("nn.adaptiveAvgPool2d(1).forward(input([2, 3, 7, 7]), nn.inference())", [2, 3, 1, 1]),
  ok(
    model("nn.conv2d(1, 8, 5), nn.relu(), nn.maxPool2d(2), nn.flatten(), nn.linear(1152, 10)", "[32, 1, 28, 28]"),
    [32, 10],
  ),
  ok(
    model("nn.conv2d(1, 8, 5), nn.relu(), nn.maxPool2d(2), nn.flatten(), nn.linear(1152, 10)", "[n, 1, 28, 28]"),
    [7, 10],
    "readonly [number, 10]",
  ),
  ok(model("nn.sequential(nn.conv2d(1, 8, 5), nn.relu()), nn.sequential(nn.flatten())", "[2, 1, 7, 7]"), [2, 72]),
  ok(
    model("nn.residual(nn.sequential(nn.conv2d(4, 4, 3, { padding: 1 }), nn.batchNorm2d(4)))", "[2, 4, 7, 7]"),
    [2, 4, 7, 7],
  ),
  ok(
    model(
      "nn.residual(nn.conv2d(4, 8, 3, { padding: 1, stride: 2 }), nn.conv2d(4, 8, 1, { stride: 2 }))",
      "[2, 4, 7, 7]",
    ),
    [2, 8, 4, 4],
  ),
  ok(model(chain("nn.conv2d(2, 2, 3, { padding: 1 })", 64), "[1, 2, 9, 9]"), [1, 2, 9, 9]),
  ok(model(chain("nn.conv2d(2, 2, 3)", 60), "[1, 2, 128, 128]"), [1, 2, 8, 8]),
  ok(model("nn.lambda((x) => x), nn.flatten()", "[2, 3, 4]"), [2, 12], "Shape"),
  bad(
    model("nn.conv2d(1, 8, 5), nn.relu(), nn.maxPool2d(5)", "[32, 1, 28, 28]"),
    "sequential: layer 2, maxPool2d: OH = (24 + 2·0 − 5)/5 + 1 is not an integer",
  ),
  bad(
    model("nn.conv2d(1, 8, 5), nn.relu(), nn.maxPool2d(2), nn.flatten(), nn.linear(1151, 10)", "[32, 1, 28, 28]"),
    "sequential: layer 4, linear: x [32, 1152] has 1152 features, w [10, 1151] takes 1151",
  ),
  bad(
    model("nn.relu(), nn.sequential(nn.relu(), nn.conv2d(1, 8, 5))", "[1, 1, 4, 9]"),
    "sequential: layer 1, sequential: layer 1, conv2d: OH = (4 + 2·0 − 5)/1 + 1 is below 1",
  ),
  bad(
    model("nn.conv2d(1, 8, 5), nn.conv2d(4, 8, 5)", "[1, 1, 28, 28]"),
    "sequential: layer 1, conv2d: x has 8 channels, the filters take 4",
  ),
  bad(
    model("nn.conv2d(1, 8, 5), nn.batchNorm2d(4)", "[1, 1, 28, 28]"),
    "sequential: layer 1, nn.batchNorm2d: x [1, 8, 24, 24] has 8 channels, the layer normalises 4",
  ),
  bad(
    model("nn.residual(nn.conv2d(4, 8, 1))", "[2, 4, 7, 7]"),
    "sequential: layer 0, nn.residual: the body gives [2, 8, 7, 7], the shortcut [2, 4, 7, 7]",
  ),
  bad(
    model("nn.relu(), nn.conv2d(3, 8, 3)", "[2, 4, 7, 7]"),
    "sequential: layer 1, conv2d: x has 4 channels, the filters take 3",
  ),
  bad(
    "nn.conv2d(3, 8, 3).forward(input([2, 4, 7, 7]), nn.inference())",
    "conv2d: x has 4 channels, the filters take 3",
  ),
  bad("nn.conv2d(3, 8, 3, { groups: 2 })", "nn.conv2d: 2 groups do not divide 3 channels"),
  bad("nn.conv2d(4, 9, 3, { groups: 2 })", "nn.conv2d: 2 groups do not divide 9 filters"),
  bad("nn.linear(4, 8).forward(input([2, 5]), nn.inference())", "linear: x [2, 5] has 5 features, w [8, 4] takes 4"),
  bad(
    model(`${chain("nn.relu()", 63)}, nn.maxPool2d(2)`, "[1, 1, 5, 5]"),
    "sequential: layer 63, maxPool2d: OH = (5 + 2·0 − 2)/2 + 1 is not an integer",
  ),
];

/** Sizes at random, the same ones each time. What they give is for the run to say, and for types to repeat. */
export function drawn(count: number): string[] {
  let seed = 12345;
  const next = (most: number): number => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return (seed >>> 8) % (most + 1);
  };
  return Array.from({ length: count }, (_, i) => {
    const large = i % 4 === 0 ? 40_000 : 30;
    const sizes = [1 + next(large), 1 + next(30)];
    const kernel = `${1 + next(6)}, ${1 + next(4)}`;
    const rounding = ["exact", "floor", "ceil", "floor"][next(3)];
    const padding = next(3) === 0 ? '"same"' : `[[${next(3)}, ${next(3)}], [${next(2)}, ${next(2)}]]`;
    const options = `{ stride: [${1 + next(4)}, ${1 + next(3)}], padding: ${padding}, dilation: [${1 + next(2)}, ${1 + next(1)}], rounding: "${rounding}" }`;
    return `conv2d(input([1, 1, ${sizes.join(", ")}]), input([1, 1, ${kernel}]), ${options})`;
  });
}
