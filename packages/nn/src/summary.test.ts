import { add, type Layer } from "@tatamijs/core";
import { expect, test } from "vitest";
import * as nn from "./index.ts";
import { thrown } from "./testing/run.ts";

test("LeNet as a table", () => {
  const model = nn.sequential(nn.conv2d(1, 8, 5), nn.relu(), nn.maxPool2d(2), nn.flatten(), nn.linear(1152, 10));
  expect(`\n${nn.summary(model, [32, 1, 28, 28])}\n`).toMatchInlineSnapshot(`
    "
    layer                    output  parameters       MACs  field    memory
    ───────────────────────────────────────────────────────────────────────
    0  conv2d(1, 8, 5)   32×8×24×24         208  3,686,400    5×5  589.8 KB
    1  relu              32×8×24×24           –          –    5×5  589.8 KB
    2  maxPool2d(2)      32×8×12×12           –          –    6×6  147.5 KB
    3  flatten              32×1152           –          –    all  147.5 KB
    4  linear(1152, 10)       32×10      11,530    368,640    all    1.3 KB
    ───────────────────────────────────────────────────────────────────────
    total                                11,738  4,055,040           1.5 MB
    weights 47.0 KB, input 32×1×28×28
    "
  `);
});

test("receptive fields: strides multiply, branches take the larger, a transposed convolution divides", () => {
  const fields = (model: Layer): unknown[] => nn.describe(model, [1, 1, 64, 64]).rows.map(({ field }) => field);
  const three = (options: nn.Conv2dOptions): nn.Module =>
    nn.conv2d(1, 1, 3, { padding: 1, rounding: "floor", ...options });
  expect(
    fields(nn.sequential(three({ stride: 2 }), three({}), three({ dilation: 2, padding: 2 }), nn.maxPool2d(2))),
  ).toEqual([
    [3, 3], // 1 + 2
    [7, 7], // 3 + 2·2
    [15, 15], // 7 + 4·2
    [17, 17], // 15 + 1·2
  ]);
  expect(fields(nn.sequential(nn.residual(nn.sequential(three({}), three({})), three({})), three({})))).toEqual([
    [3, 3],
    [5, 5],
    [3, 3],
    [7, 7],
  ]);
  expect(
    fields(
      nn.sequential(nn.conv2d(1, 1, 2, { stride: 2 }), nn.convTranspose2d(1, 1, 2, { stride: 2 }), nn.conv2d(1, 1, 3)),
    ),
  ).toEqual([
    [2, 2],
    [2, 2],
    [4, 4],
  ]);
  expect(fields(nn.sequential(nn.adaptiveAvgPool2d(1)))).toEqual([[64, 64]]);
});

test("multiply–accumulates, groups and batch counted; a layer used twice has its parameters once", () => {
  const depthwise = nn.conv2d(4, 4, 3, { groups: 4, padding: 1, bias: false });
  const { rows, parameters, macs } = nn.describe(nn.sequential(depthwise, depthwise), [2, 4, 5, 5]);
  expect(rows.map((row) => [row.macs, row.parameters])).toEqual([
    [2 * 4 * 25 * 9, 36],
    [2 * 4 * 25 * 9, 0],
  ]);
  expect([parameters, macs]).toEqual([36, 2 * 2 * 4 * 25 * 9]);
});

test("a user's own layer is one row, whatever it calls inside", () => {
  const inner = nn.conv2d(1, 1, 3);
  const own: Layer = {
    state: { weight: inner.state["weight"]! },
    forward: (x, context) => add(inner.forward(x, context), 1),
  };
  const { rows } = nn.describe(nn.sequential(own), [1, 1, 5, 5]);
  expect(rows.map(({ path, layer, parameters, field }) => [path, layer, parameters, field])).toEqual([
    ["0", "layer", 9, [3, 3]],
  ]);
  expect(nn.describe(own, [1, 1, 5, 5]).rows).toHaveLength(1);
});

test("what does not fit says so", () => {
  expect(thrown(() => nn.summary(nn.conv2d(3, 1, 3), [1, 1, 8, 8])).code).toBe("channels");
  expect(thrown(() => nn.summary(nn.relu(), [1.5])).code).toBe("shape");
  expect(thrown(() => nn.summary({} as Layer, [1])).code).toBe("argument");
});
