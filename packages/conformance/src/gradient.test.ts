// The gradient check must be able to fail: right gradients pass, every small change of one is seen.
import { describe, expect, test } from "vitest";
import { allCases } from "./cases.ts";
import { gradientGraph, slopes } from "./gradient.ts";
import { evaluateOn } from "./run.ts";
import { bringToLife } from "./subject.ts";
import { reference } from "./testing/reference.ts";

const backend = reference();

async function gradientOf(id: string): Promise<{ good: () => boolean; values: Float32Array[] }> {
  const subject = bringToLife(allCases().find((one) => one.id === id)!);
  const graph = gradientGraph(subject)!;
  const outputs = graph.gradients.flatMap((g) => g ?? []);
  const ran = await evaluateOn(backend, outputs, graph.feeds);
  const values = ran.runs![0]! as Float32Array[];
  const byInput = graph.gradients.map((g) => (g === undefined ? undefined : values[outputs.indexOf(g)]));
  return {
    values,
    good: () =>
      slopes(subject, graph.dy, byInput).every(
        ({ analytic, numeric, tolerance }) => Math.abs(analytic - numeric) <= tolerance,
      ),
  };
}

describe.each([
  "conv2d/geometry/h11x9-c3-k2-f1",
  "matmul/straddle/m9",
  "softmax/axis2",
  "unary/tanh/n8",
  "batchNorm/axis1-training",
])("%s", (id) => {
  test("passes as it is", async () => {
    const { good } = await gradientOf(id);
    expect(good()).toBe(true);
  });

  test("one element off by a tenth of the largest is seen", async () => {
    const { good, values } = await gradientOf(id);
    const [first] = values;
    const largest = first!.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
    first![first!.length - 1]! += largest / 10;
    expect(good()).toBe(false);
  });

  test("another sign is seen", async () => {
    const { good, values } = await gradientOf(id);
    values.at(-1)!.forEach((x, i, all) => (all[i] = -x));
    expect(good()).toBe(false);
  });

  test("a factor of 1.001 is seen", async () => {
    const { good, values } = await gradientOf(id);
    for (const list of values) list.forEach((x, i, all) => (all[i] = x * 1.001));
    expect(good()).toBe(false);
  });
});
