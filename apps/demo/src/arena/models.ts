/** The layers and networks of the contests. First weights from a seed, so that they are the same on every backend. */
import { digitsNetwork } from "@tatamijs/digits";
import { nn, type Layer } from "tatamijs";
import type { Contest } from "./contests.ts";

type Options = { readonly generator: ReturnType<typeof nn.generator> };

const models: Readonly<Record<string, (options: Options) => Layer>> = {
  conv3: (options) => nn.conv2d(64, 64, 3, { padding: 1, ...options }),
  conv1: (options) => nn.conv2d(128, 128, 1, options),
  depthwise: (options) => nn.conv2d(96, 96, 3, { padding: 1, groups: 96, ...options }),
  strided: (options) => nn.conv2d(3, 32, 5, { padding: 2, stride: 2, rounding: "floor", ...options }),
  pool: () => nn.maxPool2d(2),
  linear: (options) => nn.linear(1280, 1000, options),
  digits: () => digitsNetwork(1),
  digits32: () => digitsNetwork(1),
  resnet: resNet20,
};

export interface Model {
  readonly layer: Layer;
  readonly x: Float32Array;
  /** Floating-point operations of a run: two for each multiply–accumulate. 0 where there are none. */
  readonly operations: number;
}

export function modelOf({ id, input }: Contest): Model {
  const layer = models[id]!({ generator: nn.generator(1) });
  const random = nn.generator(2);
  const x = Float32Array.from({ length: input.reduce((a, b) => a * b, 1) }, () => random.next() * 2 - 1);
  return { layer, x, operations: 2 * nn.describe(layer, input).macs };
}

/** He et al. 2015, section 4.2: three stages of three blocks, for pictures of 32 × 32. */
function resNet20(options: Options): Layer {
  const conv = (from: number, to: number, kernel: number, stride: number): Layer =>
    nn.conv2d(from, to, kernel, { stride, padding: (kernel - 1) / 2, bias: false, rounding: "floor", ...options });
  const layers: Layer[] = [conv(3, 16, 3, 1), nn.batchNorm2d(16), nn.relu()];
  let channels = 16;
  for (const width of [16, 32, 64])
    for (let block = 0; block < 3; block++) {
      const stride = block === 0 && width > 16 ? 2 : 1;
      const body = nn.sequential({
        conv1: conv(channels, width, 3, stride),
        norm1: nn.batchNorm2d(width),
        relu: nn.relu(),
        conv2: conv(width, width, 3, 1),
        norm2: nn.batchNorm2d(width),
      });
      layers.push(nn.residual(body, stride === 1 ? undefined : conv(channels, width, 1, stride)), nn.relu());
      channels = width;
    }
  const rest = [nn.adaptiveAvgPool2d(1), nn.flatten(), nn.linear(64, 10, options)];
  return nn.sequential(Object.fromEntries([...layers, ...rest].map((layer, k) => [`${k}`, layer])));
}
