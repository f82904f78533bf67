/** One cell worked by hand for each kind of layer. What backends compute is compared in `equals.test.ts`. */
import { expect, test } from "vitest";
import { avgPool2d, constant, conv2d, convTranspose2d, linear, maxPool2d, relu, TatamiError } from "../index.ts";
import { explain, explainer, feeds, im2col } from "../explain.ts";

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
  const layer = (t: Parameters<typeof relu>[0]) => relu(conv2d(t, w, { bias: constant([-20]), padding: 1 }));
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

test("an explainer says what the three functions say", () => {
  const layer = (t: Parameters<typeof relu>[0]) => conv2d(t, w);
  const one = explainer(layer, x);
  expect(one.explain({ f: 0, y: 1, x: 1 })).toEqual(explain(layer, x, { f: 0, y: 1, x: 1 }));
  expect(one.feeds({ y: 1, x: 1 })).toEqual(feeds(layer, x, { y: 1, x: 1 }));
  expect(one.im2col()).toEqual(im2col(layer, x));
});

test.each([
  ["argument", "y is 2", () => explain((t) => conv2d(t, w), x, { f: 0, y: 2, x: 0 })],
  ["argument", "no convolution", () => explain(relu, x, { f: 0 })],
  ["argument", "layer is 3", () => explain(3 as never, x, { f: 0 })],
  ["argument", "give a convolution", () => im2col((t) => maxPool2d(t, 2), x)],
  ["data-length", "3 values", () => explain(relu, { shape: [1, 2, 2], data: [1, 2, 3] }, { f: 0 })],
] as const)("an error of code %s that says: %s", (code, text, call) => {
  expect(call).toThrow(TatamiError);
  expect(call).toThrow(expect.objectContaining({ code, message: expect.stringContaining(text) }) as Error);
});
