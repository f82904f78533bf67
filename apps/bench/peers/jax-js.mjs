/** jax-js on its wasm or its webgpu device, in its own functions, compiled by its jit; maps are NCHW. Whoever takes an array uses it up, hence `.ref`. */
import { blockUntilReady, defaultDevice, init, jit, lax, nn, numpy as np, valueAndGrad } from "@jax-js/jax";
import { learningRate, lossesShown } from "../src/runner.ts";
import { channelsFirst, channelsLast, netFirst, shapeFirst, shapesOf } from "../src/shapes.ts";

const functions = { none: (x) => x, relu: nn.relu, relu6: nn.relu6 };

const arrayOf = (values, shape) => np.array(values).reshape(shape);

function parametersOf(net) {
  return net.layers.map((layer) => {
    if (layer.weights === undefined) return [];
    const conv = layer.kind === "conv";
    const weights = arrayOf(layer.weights.slice(), conv ? shapeFirst(layer.shape) : layer.shape);
    if (layer.bias === undefined) return [weights];
    return [weights, arrayOf(layer.bias.slice(), conv ? [1, layer.shape[0], 1, 1] : [layer.shape[0]])];
  });
}

function apply(layer, [weights, bias], values) {
  const x = Array.isArray(layer.from) ? undefined : values[layer.from].ref;
  switch (layer.kind) {
    case "conv": {
      const [t, l, b, r] = layer.padding;
      const pads = [
        [t, b],
        [l, r],
      ];
      const more = layer.groups > 1 ? { featureGroupCount: layer.groups } : {};
      let y = lax.convGeneralDilated(x, weights.ref, [layer.stride, layer.stride], pads, more);
      if (bias !== undefined) y = y.add(bias.ref);
      if (layer.residual !== undefined) y = y.add(values[layer.residual].ref);
      return functions[layer.activation](y);
    }
    case "maxPool": {
      // It has no padded windows. Behind relu, which is where the nets have them, zeros around the map change no maximum.
      const p = [layer.padding, layer.padding];
      const wide = layer.padding === 0 ? x : np.pad(x, [[0, 0], [0, 0], p, p]);
      return lax.reduceWindow(wide, np.max, [layer.kernel, layer.kernel], [layer.stride, layer.stride]);
    }
    case "concat":
      return np.concatenate(
        layer.from.map((k) => values[k].ref),
        1,
      );
    case "globalPool":
      return np.mean(x, [2, 3]);
    case "flatten":
      return x.reshape([x.shape[0], -1]);
    case "linear": {
      const y = np.matmul(x, np.transpose(weights.ref));
      return functions[layer.activation](bias === undefined ? y : y.add(bias.ref));
    }
    default:
      throw new Error(`no ${layer.kind} here`);
  }
}

function forwardOf(net) {
  return (parameters, x) => {
    const values = [x];
    net.layers.forEach((layer, k) => values.push(apply(layer, parameters[k], values)));
    for (const value of values.slice(0, -1)) value.dispose();
    for (const one of parameters.flat()) one.dispose();
    return values.at(-1);
  };
}

const shared = (parameters) => parameters.map((list) => list.map((one) => one.ref));

function prepareTraining(net, input, labels) {
  const forward = forwardOf(net);
  const lossOf = (parameters, x, targets) => nn.logSoftmax(forward(parameters, x)).mul(targets).sum(1).mean().mul(-1);
  const step = jit((parameters, x, targets) => {
    const [loss, slopes] = valueAndGrad(lossOf)(shared(parameters), x, targets);
    return [loss, parameters.map((list, k) => list.map((one, i) => one.sub(slopes[k][i].mul(learningRate))))];
  });
  const first = channelsFirst(input, net.input);
  const rows = Float32Array.from({ length: labels.length * 10 }, (_, k) =>
    labels[Math.floor(k / 10)] === k % 10 ? 1 : 0,
  );
  const targets = arrayOf(rows, [labels.length, 10]);
  let parameters = parametersOf(net);
  const run = async () => {
    const [loss, next] = step(parameters, arrayOf(first.slice(), shapeFirst(net.input)), targets.ref);
    parameters = next;
    return (await loss.data())[0];
  };
  return {
    run,
    async answer() {
      const losses = [];
      while (losses.length < lossesShown) losses.push(await run());
      return Float32Array.from(losses);
    },
    close() {
      for (const one of [...parameters.flat(), targets]) one.dispose();
    },
  };
}

/** In pages that may share memory its wasm device takes as many workers as the machine has cores; in Node none. */
export const create = () => createOn("wasm");

export async function createOn(device) {
  await init(device);
  defaultDevice(device);
  return {
    version: "0.1.25",
    async prepare({ kind, net: given, input, labels }) {
      const net = netFirst(given);
      if (kind === "train") return prepareTraining(net, input, labels);
      const forward = jit(forwardOf(net));
      const parameters = parametersOf(net);
      await blockUntilReady(shared(parameters).flat());
      const first = channelsFirst(input, net.input);
      const fresh = () => arrayOf(first.slice(), shapeFirst(net.input));
      const held = await fresh().blockUntilReady();
      const read = kind !== "op" || device === "webgpu";
      const answer = async () => {
        const y = forward(shared(parameters), kind === "op" ? held.ref : fresh());
        if (read) return y.data();
        (await y.blockUntilReady()).dispose();
      };
      return {
        run: answer,
        async answer() {
          const y = await forward(shared(parameters), held.ref).data();
          return channelsLast(Float32Array.from(y), shapesOf(given).at(-1));
        },
        close() {
          for (const one of [...parameters.flat(), held]) one.dispose();
        },
      };
    },
  };
}
