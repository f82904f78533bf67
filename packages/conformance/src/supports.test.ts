import { conv2d, exp, input, relu, softmax, type Layer } from "@tatamijs/core";
import { decline } from "@tatamijs/core/backend";
import { expect, test } from "vitest";
import { supports } from "./supports.ts";
import { reference } from "./testing/reference.ts";

const backend = reference({ composites: false });
const poor = {
  ...backend,
  kernels: {
    ...backend.kernels,
    unary: (call: { attrs: unknown }) =>
      (call.attrs as { fn: string }).fn === "exp"
        ? decline("exp is not here yet")
        : backend.kernels.unary(call as never),
  },
};

test("a graph that runs, with what is opened", async () => {
  const y = softmax(relu(conv2d(input([1, 3, 8, 8]), input([4, 3, 3, 3]))));
  const support = await supports(backend, y);
  expect(support.supported).toBe(true);
  expect(support.opened).toEqual([{ op: "softmax", reason: "reference has no kernel for softmax", times: 1 }]);
});

test("every declined primitive at once, equal ones together", async () => {
  const y = exp(exp(relu(input([3]))));
  expect(await supports(poor, [y, softmax(y)])).toEqual({
    supported: false,
    declined: [{ op: "unary", reason: "exp is not here yet", times: 3 }],
    opened: [{ op: "softmax", reason: "reference has no kernel for softmax", times: 1 }],
  });
});

test("a layer, its updates among what must run", async () => {
  const layer: Layer = {
    state: {},
    forward(x, { update, random, training }) {
      if (training) update(x, exp(random([3])));
      return relu(x);
    },
  };
  expect((await supports(poor, layer, { input: [3] })).supported).toBe(true);
  expect((await supports(poor, layer, { input: [3], training: true })).supported).toBe(false);
  await expect(supports(poor, layer)).rejects.toThrow("input");
});
