import { describe, expect, test } from "vitest";
import * as nn from "./index.ts";
import { thrown } from "./testing/run.ts";

const spread = (values: Float32Array): number => Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / values.length);
const draw = (init: nn.Initializer, fanIn: number, fanOut: number): Float32Array =>
  init(20_000, { fanIn, fanOut }, nn.generator(3));

describe("deviations and bounds by the formulas of He and Glorot", () => {
  test.each<[string, nn.Initializer, number]>([
    ["kaimingUniform", nn.kaimingUniform(), Math.sqrt(2 / 50)],
    ["kaimingUniform a = √5", nn.kaimingUniform({ a: Math.sqrt(5) }), Math.sqrt(1 / 3 / 50)],
    ["kaimingUniform fanOut", nn.kaimingUniform({ mode: "fanOut" }), Math.sqrt(2 / 200)],
    ["kaimingNormal", nn.kaimingNormal({ nonlinearity: "relu" }), Math.sqrt(2 / 50)],
    ["kaimingNormal tanh", nn.kaimingNormal({ nonlinearity: "tanh" }), 5 / 3 / Math.sqrt(50)],
    ["xavierUniform", nn.xavierUniform(), Math.sqrt(2 / 250)],
    ["xavierNormal", nn.xavierNormal(2), 2 * Math.sqrt(2 / 250)],
    ["normal", nn.normal(0, 3), 3],
    ["PyTorch's default", nn.torchDefault, 1 / Math.sqrt(3 * 50)],
  ])("%s", (_, init, wanted) => {
    expect(spread(draw(init, 50, 200)) / wanted).toBeCloseTo(1, 1);
  });

  test("a uniform draw stays inside its bound and comes near it", () => {
    const most = draw(nn.kaimingUniform(), 6, 6).reduce((a, b) => Math.max(a, Math.abs(b)), 0);
    expect(most).toBeLessThanOrEqual(1);
    expect(most).toBeGreaterThan(0.999);
  });

  test("constants", () => {
    expect([
      ...nn.zeros()(2, { fanIn: 1, fanOut: 1 }, nn.generator(0)),
      ...nn.ones()(2, { fanIn: 1, fanOut: 1 }, nn.generator(0)),
    ]).toEqual([0, 0, 1, 1]);
  });
});

test("one seed gives one model; layers draw one after the other", () => {
  const make = (): Float32Array[] => {
    nn.manualSeed(11);
    const model = nn.sequential(nn.conv2d(1, 2, 3), nn.conv2d(2, 2, 3));
    return [...nn.firstValues(model).values()].map(({ data }) => data as Float32Array);
  };
  const [a, b] = [make(), make()];
  expect(a).toEqual(b);
  expect(a[0]).not.toEqual(a[2]);
  expect(nn.firstValues(nn.linear(2, 2, { generator: nn.generator(1) }))).toEqual(
    nn.firstValues(nn.linear(2, 2, { generator: nn.generator(1) })),
  );
});

test("first values wait until they are asked for, in any order, and are the same", () => {
  const layers = (): nn.Module[] => {
    nn.manualSeed(3);
    return [nn.linear(2, 3), nn.linear(3, 1)];
  };
  const drawn = (layer: nn.Module): unknown => nn.firstValues(layer);
  const [a, b] = layers();
  const wanted = [drawn(a!), drawn(b!)];
  const [c, d] = layers();
  expect([drawn(d!), drawn(c!)].toReversed()).toEqual(wanted);
  let asked = 0;
  const { ahead, ...rest } = nn.generator(1);
  const counted = { ...rest, ahead: (n: number) => ({ ...ahead(n), next: () => (asked += 1) / 2 ** 24 }) };
  const loaded = nn.linear(2, 1, { generator: counted });
  nn.loadState(loaded, { weight: { shape: [1, 2], data: [1, 2] }, bias: { shape: [1], data: [3] } });
  expect([...nn.firstValues(loaded).values()].map(({ data }) => [...(data as Float32Array)])).toEqual([[1, 2], [3]]);
  expect(asked).toBe(0);
});

test("the default is PyTorch's: weight and bias uniform within 1/√fanIn", () => {
  const layer = nn.conv2d(4, 64, 5, { groups: 2, generator: nn.generator(2) });
  const bound = 1 / Math.sqrt(2 * 25);
  for (const { data } of nn.firstValues(layer).values()) {
    const most = (data as Float32Array).reduce((a, b) => Math.max(a, Math.abs(b)), 0);
    expect(most).toBeLessThanOrEqual(bound);
    expect(most).toBeGreaterThan(0.9 * bound);
  }
});

test("the generator's numbers are fixed for good", () => {
  const { next, below, normal } = nn.generator(1, 2, 3);
  expect([next(), next(), below(1000), below(1000)]).toMatchInlineSnapshot(`
    [
      0.10552185773849487,
      0.20388299226760864,
      192,
      225,
    ]
  `);
  expect(Math.abs(normal())).toBeLessThan(6);
  const counts = [0, 0, 0, 0, 0];
  const other = nn.generator(9);
  for (let i = 0; i < 10_000; i++) counts[other.below(5)]!++;
  for (const count of counts) expect(Math.abs(count - 2000)).toBeLessThan(200);
});

test("wrong options name what is wrong", () => {
  expect(thrown(() => nn.kaimingUniform({ mode: "fan_in" as "fanIn" })).message).toContain('mode is "fan_in"');
  expect(thrown(() => nn.kaimingNormal({ nonlinearity: "swish" as "relu" })).code).toBe("argument");
  expect(thrown(() => nn.generator(-1)).code).toBe("argument");
  expect(thrown(() => nn.linear(1, 1, { init: (() => [1]) as unknown as nn.Initializer })).code).toBe("argument");
  expect(thrown(() => nn.linear(1, 1, { generator: {} as nn.Generator })).code).toBe("argument");
});
