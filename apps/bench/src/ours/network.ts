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
import type { Activation, Layer, Net } from "../layers.ts";
import type { Ready, Task } from "../runner.ts";
import { channelsFirst, channelsLast, netFirst, shapeFirst, shapesOf, sizeOf } from "../shapes.ts";
import type { AnyBackend } from "./runner.ts";

function activate(x: Tensor, activation: Activation): Tensor {
  if (activation === "none") return x;
  return activation === "relu" ? relu(x) : minimum(relu(x), 6);
}

/** What a user would write, and its states. */
export function build(given: Net): { x: Tensor; y: Tensor; states: Tensor[] } {
  const net = netFirst(given);
  const x = input(shapeFirst(net.input));
  const values: Tensor[] = [x];
  const states: Tensor[] = [];
  net.layers.forEach((layer, index) => values.push(apply(layer, index, values, states)));
  return { x, y: values.at(-1)!, states };
}

function apply(layer: Layer, index: number, values: readonly Tensor[], states: Tensor[]): Tensor {
  const parameter = (name: string, data: Float32Array, shape: readonly number[]): Tensor => {
    const made = state(data, shape, `${index}.${name}`);
    states.push(made);
    return made;
  };
  const biasOf = (data: Float32Array | undefined, size: number): Tensor | undefined =>
    data === undefined ? undefined : parameter("bias", data, [size]);
  if (layer.kind === "concat")
    return concat(
      layer.from.map((k) => values[k]!),
      1,
    );
  const x = values[layer.from]!;
  switch (layer.kind) {
    case "conv": {
      // Stored (FN, FH, FW, C) and said (FN, C, FH, FW), as the layers of nn do.
      const stored = parameter("weight", channelsLast(layer.weights, layer.shape), layer.shape);
      const w = transpose(stored, [0, 3, 1, 2]);
      const bias = biasOf(layer.bias, layer.shape[0]);
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
      return reshape(x, [x.shape[0]!, -1]);
    case "linear": {
      const weight = parameter("weight", layer.weights, layer.shape);
      return activate(linear(x, weight, biasOf(layer.bias, layer.shape[0])), layer.activation);
    }
  }
}

export async function prepareNetwork({ net, input: values }: Task, backend: AnyBackend): Promise<Ready> {
  const session = openSession(backend);
  const { x, y } = build(net);
  const program = await compile({ inputs: [x], outputs: [y] }, session);
  const given = [channelsFirst(values, net.input)];
  const shape = shapesOf(net).at(-1)!;
  const answer = new Float32Array(sizeOf(shape));
  const run = async (): Promise<void> => {
    // In one turn, as program.run does: what runs late takes the read along.
    await Promise.all([program.step(given), program.read(0, answer)]);
  };
  return {
    run,
    async burst(count) {
      for (let i = 0; i < count; i++) await program.step(given);
      await program.read(0, answer);
    },
    async answer() {
      await run();
      return channelsLast(answer, shape);
    },
    async close() {
      await session.close();
      await backend.close();
    },
  };
}
