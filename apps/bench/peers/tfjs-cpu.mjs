/** @tensorflow/tfjs-backend-cpu: the same nets in its own ops, its own layout (NHWC, HWIO) and its fused kernels. */
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";

const activations = { none: "linear", relu: "relu", relu6: "relu6" };
const functions = { none: (x) => x, relu: tf.relu, relu6: tf.relu6 };

/** OHWI → HWIO; depthwise [C, H, W, 1] → [H, W, C, 1]. */
function filtersOf({ shape: [o, h, w, i], weights, groups }) {
  const depthwise = groups > 1;
  const to = new Float32Array(weights.length);
  for (let a = 0; a < o; a++)
    for (let y = 0; y < h; y++)
      for (let x = 0; x < w; x++)
        for (let c = 0; c < i; c++)
          to[depthwise ? (y * w + x) * o + a : ((y * w + x) * i + c) * o + a] = weights[((a * h + y) * w + x) * i + c];
  return tf.tensor4d(to, depthwise ? [h, w, o, 1] : [h, w, i, o]);
}

function prepareLayer(layer) {
  const bias = layer.bias === undefined ? undefined : tf.tensor1d(layer.bias);
  if (layer.kind === "conv") return { layer, bias, weights: filtersOf(layer) };
  if (layer.kind === "linear") return { layer, bias, weights: tf.transpose(tf.tensor2d(layer.weights, layer.shape)) };
  return { layer };
}

function apply({ layer, weights, bias }, values) {
  const x = Array.isArray(layer.from) ? undefined : values[layer.from];
  switch (layer.kind) {
    case "conv": {
      const [t, l, b, r] = layer.padding;
      const pad = [
        [0, 0],
        [t, b],
        [l, r],
        [0, 0],
      ];
      const depthwise = layer.groups > 1;
      const plain = bias === undefined && layer.activation === "none" && layer.residual === undefined;
      if (plain) return (depthwise ? tf.depthwiseConv2d : tf.conv2d)(x, weights, layer.stride, pad);
      const fused = depthwise ? tf.fused.depthwiseConv2d : tf.fused.conv2d;
      const last = layer.residual === undefined;
      const y = fused({
        x,
        filter: weights,
        strides: layer.stride,
        pad,
        bias,
        activation: last ? activations[layer.activation] : "linear",
      });
      if (last) return y;
      return functions[layer.activation](tf.add(y, values[layer.residual]));
    }
    case "maxPool":
      return tf.maxPool(x, layer.kernel, layer.stride, layer.padding);
    case "avgPool":
      return tf.avgPool(x, layer.kernel, layer.stride, layer.padding);
    case "concat":
      return tf.concat(
        layer.from.map((k) => values[k]),
        3,
      );
    case "globalPool":
      return tf.mean(x, [1, 2]);
    case "flatten":
      return tf.reshape(x, [x.shape[0], -1]);
    case "linear":
      return bias === undefined && layer.activation === "none"
        ? tf.matMul(x, weights)
        : tf.fused.matMul({ a: x, b: weights, bias, activation: activations[layer.activation] });
    default:
      throw new Error(`no ${layer.kind} here`);
  }
}

export async function create() {
  await tf.setBackend("cpu");
  await tf.ready();
  return {
    name: "tfjs-cpu",
    version: tf.version_core,
    async prepare(net, input, kind) {
      const layers = net.layers.map(prepareLayer);
      const held = tf.tensor(input, net.input);
      const forward = (x) =>
        tf.tidy(() => {
          const values = [x];
          for (const layer of layers) values.push(apply(layer, values));
          return values.at(-1);
        });
      return {
        run() {
          // An op is timed by itself, a network with its input given and its answer read.
          const x = kind === "op" ? held : tf.tensor(input, net.input);
          const y = forward(x);
          if (kind === "network") y.dataSync();
          y.dispose();
          if (x !== held) x.dispose();
        },
        async answer() {
          const y = forward(held);
          const values = Float32Array.from(y.dataSync());
          y.dispose();
          return values;
        },
        close() {
          tf.disposeVariables();
          held.dispose();
          for (const { weights, bias } of layers) {
            weights?.dispose();
            bias?.dispose();
          }
        },
      };
    },
  };
}
