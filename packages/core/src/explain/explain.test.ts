/** One cell worked by hand for each kind of layer. What backends compute is compared in `equals.test.ts`. */
import { expect, test } from "vitest";
import {
  avgPool2d,
  constant,
  conv1d,
  conv2d,
  convTranspose2d,
  input,
  linear,
  maxPool2d,
  mul,
  relu,
  resize2d,
  state,
  TatamiError,
  transpose,
  type Layer,
  type Tensor,
} from "../index.ts";
import { explain, explainer, feeds, im2col, reach } from "../explain.ts";

const x = [
  [
    [1, 2, 3, 0],
    [0, 1, 2, 3],
    [3, 0, 1, 2],
    [2, 3, 0, 1],
  ],
];
const w = constant([
  [
    [
      [2, 0, 1],
      [0, 1, 2],
      [1, 0, 2],
    ],
  ],
]);

test("a convolution: window, products, bias, activation", () => {
  const layer = (t: Tensor) => relu(conv2d(t, w, { bias: constant([-20]), padding: 1 }));
  const told = explain(layer, x, { f: 0, y: 0, x: 3 });
  expect(told).toMatchObject({
    op: "conv2d",
    cell: { n: 0, f: 0, y: 0, x: 3 },
    input: [1, 1, 4, 4],
    output: [1, 1, 4, 4],
    window: {
      rows: [
        { kernel: 0, input: -1, reads: -1 },
        { kernel: 1, input: 0, reads: 0 },
        { kernel: 2, input: 1, reads: 1 },
      ],
      padding: [
        [true, true, true],
        [false, false, true],
        [false, false, true],
      ],
    },
    channels: [{ channel: 0, sum: 2, total: 2 }],
    sum: 2,
    bias: -20,
    steps: [{ op: "relu", value: 0 }],
    value: 0,
  });
  expect(told.channels[0]!.products).toEqual([
    [0, 0, 0],
    [0, 0, 0],
    [2, 0, 0],
  ]);
  expect(JSON.parse(JSON.stringify(told))).toEqual(told);
});

test("a transposed convolution: only the elements of the kernel that reach the cell", () => {
  const told = explain((t) => convTranspose2d(t, w, { stride: 2 }), x, { f: 0, y: 2, x: 4 });
  expect(told.window.rows).toEqual([
    { kernel: 0, input: 1, reads: 1 },
    { kernel: 2, input: 0, reads: 0 },
  ]);
  expect(told.channels[0]!.weights).toEqual([
    [2, 1],
    [1, 2],
  ]);
  expect(told.channels[0]!.values).toEqual([
    [2, 1],
    [3, 2],
  ]);
  expect(told.value).toBe(4 + 1 + 3 + 4);
});

test("pooling: the first maximum, and the equal parts of a mean", () => {
  expect(explain((t) => maxPool2d(t, 2), x, { f: 0, y: 1, x: 0 })).toMatchObject({ op: "maxPool2d", value: 3 });
  expect(explain((t) => maxPool2d(t, 2), x, { f: 0, y: 1, x: 0 }).channels[0]!.weights).toEqual([
    [1, 0],
    [0, 0],
  ]);
  const corner = explain((t) => avgPool2d(t, 2, { padding: 1, countIncludePad: false }), x, { f: 0, y: 0, x: 0 });
  expect(corner.channels[0]!.weights).toEqual([
    [0, 0],
    [0, 1],
  ]);
});

test("a dense layer is a window as large as its row", () => {
  const told = explain((t) => linear(t, constant([[1, 2, 3]]), constant([0.5])), [[4, 5, 6]], { f: 0 });
  expect(told).toMatchObject({ op: "linear", input: [1, 1, 1, 3], output: [1, 1, 1, 1], bias: 0.5, value: 32.5 });
  expect(told.channels[0]!.products).toEqual([[4, 10, 18]]);
});

test("the reverse: each cell that a pixel feeds, through its element of the filter", () => {
  const { cells, span } = feeds((t) => conv2d(t, w), x, { y: 1, x: 1 });
  expect(span).toEqual({ rows: [0, 1], columns: [0, 1] });
  expect(cells).toEqual([
    { f: 0, y: 0, x: 0, kernel: [1, 1], weight: 1, product: 1 },
    { f: 0, y: 0, x: 1, kernel: [1, 0], weight: 0, product: 0 },
    { f: 0, y: 1, x: 0, kernel: [0, 1], weight: 0, product: 0 },
    { f: 0, y: 1, x: 1, kernel: [0, 0], weight: 2, product: 2 },
  ]);
});

test("im2col: the same layer as a product of matrices, its indices both ways", () => {
  const laid = im2col((t) => conv2d(t, w, { bias: constant([3]) }), x);
  expect(laid.matrix[0]).toEqual([1, 2, 3, 0, 1, 2, 3, 0, 1]);
  expect(laid.product).toEqual([[18], [19], [9], [18]]);
  expect(laid.to[5]).toEqual([
    [0, 4],
    [1, 3],
    [2, 1],
    [3, 0],
  ]);
});

test("of layers in a row the last is explained; its field is in what the first was given", () => {
  const row = [(t: Tensor) => conv2d(t, w, { padding: 1 }), relu, (t: Tensor) => maxPool2d(t, 2)];
  expect(explain(row, x, { f: 0, y: 0, x: 1 })).toMatchObject({
    op: "maxPool2d",
    window: { rows: [{ input: 0 }, { input: 1 }], columns: [{ input: 2 }, { input: 3 }] },
    field: { rows: [0, 2], columns: [1, 3] },
  });
  expect(reach(row, x, { y: 0, x: 0 })).toEqual({ rows: [0, 0], columns: [0, 0] });
  expect(reach(row, x, { y: 1, x: 2 })).toEqual({ rows: [0, 1], columns: [0, 1] });
  // A line has one row; features are no map.
  const line = explain((t) => conv1d(t, constant([[[1, 1]]])), [[1, 2, 3]], { f: 0, x: 1 });
  expect(line).toMatchObject({ value: 5, field: { rows: [0, 0], columns: [1, 2] } });
  expect(explain((t) => linear(t, constant([[1, 2]])), [[1, 2]], { f: 0 }).field).toBeUndefined();
});

test("no window reads what the stride steps over", () => {
  const layer = (t: Tensor) => conv2d(t, constant([[[[1]]]]), { stride: 2, rounding: "floor" });
  expect(feeds(layer, x, { y: 1, x: 0 })).toMatchObject({ value: 0, cells: [] });
  expect(feeds(layer, x, { y: 1, x: 0 })).not.toHaveProperty("span");
  expect(reach(layer, x, { y: 1, x: 0 })).toBeUndefined();
});

test("the input as values with a shape, or as a tensor of constants", () => {
  const cell = { f: 0, y: 1, x: 1 };
  const layer = (t: Tensor) => conv2d(t, w);
  const wanted = explain(layer, x, cell).value;
  expect(explain(layer, { shape: [1, 4, 4], data: x.flat(2) }, cell).value).toBe(wanted);
  expect(explain(layer, constant(x), cell).value).toBe(wanted);
  expect(explain(layer, mul(constant(x), 2), cell).value).toBe(2 * wanted);
});

test("weights that a session holds stand in for the layer's own, in the form that is said", () => {
  const leaf = state([1, 2, 3, 4], [1, 1, 2, 2]);
  // Stored (FN, FH, FW, C), said (FN, C, FH, FW).
  const weight = transpose(state(new Float32Array(8), [1, 2, 2, 2]), [0, 3, 1, 2]);
  const said = [1, 2, 3, 4, 5, 6, 7, 8];
  const deep: Layer = { state: { weight }, forward: (t) => conv2d(t, weight) };
  const flat: Layer = { state: { weight: leaf }, forward: (t) => conv2d(t, leaf) };
  const two = [x[0]!, x[0]!];
  const told = explain(deep, two, { f: 0 }, { weights: { weight: { data: said } } });
  expect(told.channels.map(({ weights }) => weights.flat()).flat()).toEqual(said);
  const row = explain([relu, flat], x, { f: 0 }, { weights: { "1.weight": [0, 0, 0, 7] } });
  expect(row.channels[0]!.weights.flat()).toEqual([0, 0, 0, 7]);
  expect(() => explain(flat, x, { f: 0 }, { weights: { weight: [1] } })).toThrow(/"weight" has 1 values/);
});

test("a weight of NaN is not read through padding", () => {
  const nan = constant([[[[NaN, 1, 1]]]]);
  expect(explain((t) => conv2d(t, nan, { padding: [0, 1] }), [[[1, 2]]], { f: 0 }).value).toBe(3);
});

test("an explainer says what the three functions say", () => {
  const layer = (t: Tensor) => conv2d(t, w);
  const one = explainer(layer, x);
  expect(one.explain({ f: 0, y: 1, x: 1 })).toEqual(explain(layer, x, { f: 0, y: 1, x: 1 }));
  expect(one.feeds({ y: 1, x: 1 })).toEqual(feeds(layer, x, { y: 1, x: 1 }));
  expect(one.im2col()).toEqual(im2col(layer, x));
  expect(one.reach({ y: 1, x: 1 })).toEqual(reach(layer, x, { y: 1, x: 1 }));
});

test.each([
  ["argument", "y is 2", () => explain((t) => conv2d(t, w), x, { f: 0, y: 2, x: 0 })],
  ["argument", "no convolution", () => explain(relu, x, { f: 0 })],
  ["argument", "layer is 3", () => explain(3 as never, x, { f: 0 })],
  ["argument", "give a convolution", () => im2col((t) => maxPool2d(t, 2), x)],
  ["argument", "c is 1", () => feeds((t) => conv2d(t, w), x, { c: 1 })],
  ["argument", "x is 4", () => reach((t) => conv2d(t, w), x, { x: 4 })],
  ["argument", "group is 1", () => im2col((t) => conv2d(t, w), x, { group: 1 })],
  ["argument", "input is", () => explain(relu, new Float32Array(4) as never, { f: 0 })],
  ["input", "besides the one", () => explain((t) => conv2d(t, input([1, 1, 3, 3])), x, { f: 0 })],
  ["declined", "resize2d is not worked out", () => explain((t) => conv2d(resize2d(t, 5), w), x, { f: 0 })],
  ["size-fractional", "OH =", () => explain((t) => conv2d(t, constant([[[[1], [1]]]]), { stride: 4 }), x, { f: 0 })],
  ["data-length", "3 values", () => explain(relu, { shape: [1, 2, 2], data: [1, 2, 3] }, { f: 0 })],
] as const)("an error of code %s that says: %s", (code, text, call) => {
  expect(call).toThrow(TatamiError);
  expect(call).toThrow(expect.objectContaining({ code, message: expect.stringContaining(text) }) as Error);
});
