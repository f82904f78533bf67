/** A net in our own functions, compiled by the engine: written as a user would, in (N, C, H, W). */
import {
  add,
  avgPool2d,
  concat,
  conv2d,
  input,
  linear,
  maxPool2d,
  mean,
  minimum,
  relu,
  reshape,
  state,
  transpose,
  type Tensor,
} from "@tatamijs/core";
import { compile, openSession } from "@tatamijs/engine";
import { cpu } from "@tatamijs/backend-cpu";
import type { Activation, Layer, Net } from "../layers.ts";
import type { Ready } from "../runner.ts";

const toNchw = [0, 3, 1, 2];
const toNhwc = [0, 2, 3, 1];

function activate(x: Tensor, activation: Activation): Tensor {
  if (activation === "none") return x;
  return activation === "relu" ? relu(x) : minimum(relu(x), 6);
}

function build({ input: shape, layers }: Net): { x: Tensor; y: Tensor } {
  const x = input(shape);
  const values: Tensor[] = [shape.length === 4 ? transpose(x, toNchw) : x];
  layers.forEach((layer, index) => values.push(apply(layer, index, values)));
  const last = values.at(-1)!;
  return { x, y: last.shape.length === 4 ? transpose(last, toNhwc) : last };
}

function apply(layer: Layer, index: number, values: readonly Tensor[]): Tensor {
  if (layer.kind === "concat")
    return concat(
      layer.from.map((k) => values[k]!),
      1,
    );
  const x = values[layer.from]!;
  switch (layer.kind) {
    case "conv": {
      const w = transpose(state(layer.weights, layer.shape, `${index}.weight`), toNchw);
      const bias = layer.bias === undefined ? undefined : state(layer.bias, [layer.shape[0]], `${index}.bias`);
      const [top, left, bottom, right] = layer.padding;
      const padding = [
        [top, bottom],
        [left, right],
      ] as const;
      const y = conv2d(x, w, {
        stride: layer.stride,
        padding,
        groups: layer.groups,
        rounding: "floor",
        ...(bias === undefined ? {} : { bias }),
      });
      return activate(layer.residual === undefined ? y : add(y, values[layer.residual]!), layer.activation);
    }
    case "maxPool":
    case "avgPool": {
      const pool = layer.kind === "maxPool" ? maxPool2d : avgPool2d;
      return pool(x, layer.kernel, { stride: layer.stride, padding: layer.padding, rounding: "floor" });
    }
    case "globalPool":
      return mean(x, { axis: [2, 3] });
    case "flatten":
      return reshape(transpose(x, toNhwc), [x.shape[0]!, -1]);
    case "linear": {
      const bias = layer.bias === undefined ? undefined : state(layer.bias, [layer.shape[0]], `${index}.bias`);
      return activate(linear(x, state(layer.weights, layer.shape, `${index}.weight`), bias), layer.activation);
    }
  }
}

export async function prepareNetwork(net: Net, values: Float32Array): Promise<Ready> {
  const backend = cpu();
  const session = openSession(backend);
  const { x, y } = build(net);
  const program = await compile({ inputs: [x], outputs: [y] }, session);
  const given = [values];
  const answer = new Float32Array(program.outputs[0]!.shape.reduce((a, b) => a * b, 1));
  return {
    async run() {
      await program.step(given);
      await program.read(0, answer);
    },
    async answer() {
      await program.step(given);
      return (await program.read(0)) as Float32Array;
    },
    async close() {
      await session.close();
      await backend.close();
    },
  };
}
