/** Every tile on products that its edges, its fetches and split depth have to do with: as the CPU has them, and all the same. */
import { cpu } from "@tatamijs/backend-cpu";
import { conv2d, input, linear, type Tensor } from "@tatamijs/core";
import { sizeOf, type Backend } from "@tatamijs/core/backend";
import { compile, openSession, print } from "@tatamijs/engine";
import { beforeAll, describe, expect, test } from "vitest";
import { tiles, type TileName } from "./conv/tile.ts";
import { values } from "./testing/scenarios.ts";
import { webgpu } from "./webgpu.ts";

interface Case {
  readonly name: string;
  readonly shapes: readonly (readonly number[])[];
  build(x: Tensor, w: Tensor): Tensor;
}

const cases: readonly Case[] = [
  {
    name: "3×3, more than a tile of each",
    shapes: [
      [2, 12, 9, 9],
      [72, 12, 3, 3],
    ],
    build: (x, w) => conv2d(x, w, { padding: 1, stride: [1, 2] }),
  },
  {
    name: "channels that are no vectors, in groups",
    shapes: [
      [1, 6, 7, 11],
      [10, 3, 2, 3],
    ],
    build: (x, w) => conv2d(x, w, { groups: 2, dilation: [2, 1] }),
  },
  {
    name: "depth split",
    shapes: [
      [1, 131, 5, 5],
      [70, 131, 3, 3],
    ],
    build: (x, w) => conv2d(x, w, { padding: 1 }),
  },
  {
    name: "rows of a dense layer, depth split",
    shapes: [
      [3, 1100],
      [135, 1100],
    ],
    build: (x, w) => linear(x, w),
  },
];

async function answer(backend: Backend, { shapes, build }: Case): Promise<{ text: string; y: Float32Array }> {
  const inputs = shapes.map((shape) => input(shape));
  const session = openSession(backend);
  const program = await compile({ inputs, outputs: [build(inputs[0]!, inputs[1]!)] }, session);
  const [y] = await program.run(shapes.map((shape, k) => values(sizeOf(shape), 5 + k)));
  const text = print(program);
  await session.close();
  return { text, y: y!.data as Float32Array };
}

describe.each(cases)("$name", (one) => {
  let first: Float32Array | undefined;
  let wanted: Float32Array;
  beforeAll(async () => void (wanted = (await answer(cpu(), one)).y));

  test.each(Object.keys(tiles) as TileName[])("%s", async (tile) => {
    const backend = await webgpu({ profile: "gpu", precision: "strict", tile });
    const { text, y } = await answer(backend, one);
    expect(text).toContain(`shared ${tile.replace("x", "×")}`);
    if (one.name.endsWith("split")) expect(text).toMatch(/in \d+ parts/);
    wanted.forEach((value, k) => expect(Math.abs(y[k]! - value)).toBeLessThan(1e-4));
    first ??= y;
    expect(y).toEqual(first);
    expect(backend.info.messages).toEqual([]);
    await backend.close();
  });
});
