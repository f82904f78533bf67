// The page's own way from a picture to a digit, over many pictures; and what it tells of a cell is what the backend computed.
import { drawnDigits, heldOutStyles, SIDE } from "@tatamijs/digits";
import { loadMnist } from "@tatamijs/digits/node";
import { expect, test } from "vitest";
import { nn, writeSafetensors } from "tatamijs";
import { build, presets, type LayerSpec } from "../train/layers.ts";
import type { Trained } from "../trained.ts";
import { openNetwork, teller, type Network } from "./network.ts";

const size = SIDE * SIDE;

async function share(network: Network, images: Uint8Array, labels: Uint8Array): Promise<number> {
  let right = 0;
  for (let i = 0; i < labels.length; i++) {
    const pixels = Float32Array.from(images.subarray(i * size, (i + 1) * size), (value) => value / 255);
    const probabilities = Array.from((await network.read(pixels)).probabilities);
    if (probabilities.indexOf(Math.max(...probabilities)) === labels[i]) right++;
  }
  return right / labels.length;
}

test("500 digits in hands that training never saw: 98 % or more", async () => {
  const network = await openNetwork("wasm");
  const { images, labels } = drawnDigits({ count: 500, seed: 2, styles: heldOutStyles });
  expect(await share(network, images, labels)).toBeGreaterThanOrEqual(0.98);
  network.close();
});

const mnist = await loadMnist("test", { network: false });

test.skipIf(!mnist.found)(
  `MNIST's test images, 99 % or more${mnist.found ? "" : ` (not here: ${mnist.line})`}`,
  async () => {
    if (!mnist.found) return;
    const network = await openNetwork("wasm");
    expect(await share(network, mnist.digits.images, mnist.digits.labels)).toBeGreaterThanOrEqual(0.99);
    network.close();
  },
);

/** First weights as a file: what a network that was trained in the page hands over. */
function own(layers: readonly LayerSpec[]): Trained {
  const row = nn.sequential(Object.fromEntries(build(layers, 3).parts.map(({ layer }, i) => [`${i}`, layer])));
  return { layers, weights: writeSafetensors({ tensors: nn.firstValues(row) }) };
}

test.each<readonly [string, Trained | undefined]>([
  ["the shipped network", undefined],
  ...Object.entries(presets).map(([name, layers]) => [name, own(layers)] as const),
])("%s: what is told of a cell of any layer is the number that the backend has", async (_, trained) => {
  const network = await openNetwork("cpu", trained);
  const { images } = drawnDigits({ count: 1, seed: 5 });
  const pixels = Float32Array.from(images, (value) => value / 255);
  const { maps } = await network.read(pixels);
  network.shown.forEach((map, index) => {
    const [height, width] = map.side;
    const { flat } = map;
    const f = map.maps - 1;
    const at = flat ? map.count - 1 : (f * height + 1) * width + 2;
    const cell = flat ? { f: at } : { f, y: 1, x: 2 };
    expect(teller(network.layers, pixels, map).explain(cell).value, map.kind).toBeCloseTo(maps[index]![at]!, 4);
  });
  network.close();
});
