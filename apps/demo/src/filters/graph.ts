/**
 * The filters as the library computes them: bytes of a picture in, as a canvas has them, numbers out. The kernel is an input,
 * so that editing one compiles nothing.
 */
import {
  add,
  cast,
  compile,
  constant,
  conv2d,
  mul,
  narrow,
  nn,
  pad,
  relu,
  reshape,
  sqrt,
  square,
  sum,
  type Layer,
  type OpenedBackend,
  type Predict,
  type Tensor,
  type Value,
} from "tatamijs";
import { turned, type Filter, type Shown } from "./kernels.ts";

export interface Program {
  /** Multiply–accumulates of the convolution that is looked at, twice. */
  readonly operations: number;
  /** Numbers of a pixel that come out. */
  readonly channels: number;
  /** `pixels`: rgba, `height` × `width`. → [H, W, channels], row by row. */
  run(pixels: Uint8Array, filter: Filter): Promise<Float32Array>;
  close(): void;
}

/** Rec. 709's shares of red, green and blue in the brightness. */
const shares = [0.2126, 0.7152, 0.0722] as const;

const colours = (x: Tensor): Tensor => cast(narrow(x, 1, 0, 3), "f32");
export const brightnessOf = (r: number, g: number, b: number): number => shares[0] * r + shares[1] * g + shares[2] * b;
const brightness = (x: Tensor): Tensor => conv2d(colours(x), constant(Float32Array.from(shares), [1, 3, 1, 1]));

const pixelsOf = (height: number, width: number) => ({ shape: [1, 4, height, width], dtype: "u8" }) as const;

/** How many kernels there are for a way of showing, each of one channel. */
const kernels: Readonly<Record<Shown, number>> = { colour: 3, grey: 1, signed: 1, edges: 2 };

export async function filterProgram(
  backend: OpenedBackend,
  height: number,
  width: number,
  size: 3 | 5,
  shown: Shown,
): Promise<Program> {
  const count = kernels[shown];
  const border = (size - 1) / 2;
  const predict: Predict<Value> = await compile(
    (x: Tensor, w: Tensor, scale: Tensor) => {
      const seen = shown === "colour" ? colours(x) : brightness(x);
      // The picture's own border goes on outwards: nothing dark creeps in.
      const wide = pad(
        seen,
        [
          [border, border],
          [border, border],
        ],
        { mode: "replicate" },
      );
      const sums = conv2d(wide, w, { groups: shown === "colour" ? 3 : 1 });
      const y = shown === "edges" ? sqrt(sum(square(sums), { axis: 1, keepDims: true })) : sums;
      const [by, plus] = [reshape(narrow(scale, 0, 0, 1), [1, 1, 1, 1]), reshape(narrow(scale, 0, 1, 1), [1, 1, 1, 1])];
      return add(mul(y, by), plus);
    },
    { input: [pixelsOf(height, width), [count, 1, size, size], [2]], layout: "NHWC", backend },
  );
  return {
    operations: 2 * size * size * count * height * width,
    channels: shown === "colour" ? 3 : 1,
    async run(pixels, filter) {
      const one = filter.weights;
      const weights = shown === "edges" ? [...one, ...turned(filter)] : Array.from({ length: count }, () => one).flat();
      const { data } = await predict(
        { data: pixels, shape: [1, height, width, 4] },
        { data: Float32Array.from(weights), shape: [count, size, size, 1] },
        { data: Float32Array.of(1 / filter.divisor, filter.offset), shape: [2] },
      );
      return data as Float32Array;
    },
    close: () => predict.close(),
  };
}

/** The first convolution of the trained network, with its relu, on the darkness of the picture: ink is 1, paper 0. */
export async function layerProgram(
  backend: OpenedBackend,
  height: number,
  width: number,
  layer: Layer,
): Promise<Program> {
  const [filters = 0, , size = 0] = layer.state["weight"]!.shape;
  const predict: Predict<Value> = await compile(
    (x: Tensor) => relu(layer.forward(add(mul(brightness(x), -1 / 255), 1), nn.inference())),
    { input: [pixelsOf(height, width)], layout: "NHWC", backend },
  );
  const [rows, columns] = [height - size + 1, width - size + 1];
  return {
    operations: 2 * size * size * filters * rows * columns,
    channels: filters,
    async run(pixels) {
      return (await predict({ data: pixels, shape: [1, height, width, 4] })).data as Float32Array;
    },
    close: () => predict.close(),
  };
}
