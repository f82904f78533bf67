/** tfjs on one of its backends: the nets in its own ops, its own layout (NHWC, HWIO) and its fused kernels. */
import * as tf from "@tensorflow/tfjs-core";
import { learningRate, lossesShown } from "../src/runner.ts";

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

const padOf = ([t, l, b, r]) => [
  [0, 0],
  [t, b],
  [l, r],
  [0, 0],
];

function apply({ layer, weights, bias }, values) {
  const x = Array.isArray(layer.from) ? undefined : values[layer.from];
  switch (layer.kind) {
    case "conv": {
      const pad = padOf(layer.padding);
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
      // Weights are turned ahead: fused.matMul with transposeB and a bias answers wrongly on tfjs-wasm.
      return bias === undefined && layer.activation === "none"
        ? tf.matMul(x, weights)
        : tf.fused.matMul({ a: x, b: weights, bias, activation: activations[layer.activation] });
    default:
      throw new Error(`no ${layer.kind} here`);
  }
}

/**
 * tfjs-wasm has no kernel for a convolution's gradient to its filter. It is a convolution too (stride 1): the input with
 * channels as its batch, under the slope of the output with the batch as its channels.
 */
function convWithGradient(pad) {
  return tf.customGrad((x, filter, save) => {
    save([x, filter]);
    return {
      value: tf.conv2d(x, filter, 1, pad),
      gradFunc(dy, [x, filter]) {
        return [
          tf.tidy(() => tf.conv2dTranspose(dy, filter, x.shape, 1, pad)),
          tf.tidy(() => {
            const slope = tf.conv2d(tf.transpose(x, [3, 1, 2, 0]), tf.transpose(dy, [1, 2, 0, 3]), 1, pad);
            return tf.transpose(slope, [1, 2, 0, 3]);
          }),
        ];
      },
    };
  });
}

/** Gradients know no fused ops: the same layers in single ones. */
function applyTraining({ layer }, x, [weights, bias], ownGradient) {
  switch (layer.kind) {
    case "conv": {
      const pad = padOf(layer.padding);
      const y = ownGradient ? convWithGradient(pad)(x, weights) : tf.conv2d(x, weights, layer.stride, pad);
      return functions[layer.activation](tf.add(y, bias));
    }
    case "maxPool":
      return tf.maxPool(x, layer.kernel, layer.stride, layer.padding);
    case "flatten":
      return tf.reshape(x, [x.shape[0], -1]);
    case "linear":
      return functions[layer.activation](tf.add(tf.matMul(x, weights), bias));
    default:
      throw new Error(`no ${layer.kind} in training here`);
  }
}

function prepareTraining({ net, input, labels }, backend) {
  const layers = net.layers.map(prepareLayer);
  const parameters = layers.flatMap(({ weights, bias }) => (weights === undefined ? [] : [weights, bias]));
  let variables = parameters.map((one) => tf.variable(one));
  const targets = tf.cast(tf.oneHot(tf.tensor1d(labels, "int32"), 10), "float32");
  const lossOf = () => {
    let x = tf.tensor(input, net.input);
    let next = 0;
    for (const layer of layers) {
      const own = layer.weights === undefined ? [] : variables.slice(next, (next += 2));
      x = applyTraining(layer, x, own, backend === "wasm");
    }
    return tf.neg(tf.mean(tf.sum(tf.mul(targets, tf.logSoftmax(x)), 1)));
  };
  const descend = () =>
    tf.tidy(() => {
      const { value, grads } = tf.variableGrads(lossOf, variables);
      for (const variable of variables)
        variable.assign(tf.sub(variable, tf.mul(grads[variable.name], tf.scalar(learningRate))));
      return value;
    });
  const stepNow = () => {
    const loss = descend();
    const [value] = loss.dataSync();
    loss.dispose();
    return value;
  };
  const stepLate = async () => {
    const loss = descend();
    const [value] = await loss.data();
    loss.dispose();
    return value;
  };
  const late = backend === "webgpu";
  return {
    run: late
      ? stepLate
      : () => {
          stepNow();
        },
    async answer() {
      const losses = [];
      while (losses.length < lossesShown) losses.push(late ? await stepLate() : stepNow());
      return Float32Array.from(losses);
    },
    close() {
      for (const one of [...variables, ...parameters, targets]) one.dispose();
      variables = [];
    },
  };
}

/** `gradients` loads tfjs's own: a program that only predicts does without. */
export async function createOn(backend, gradients) {
  if (!(await tf.setBackend(backend))) throw new Error(`tfjs could not start its backend ${backend}`);
  await tf.ready();
  return {
    version: tf.version_core,
    async prepare(task) {
      if (task.kind === "train") {
        await gradients();
        return prepareTraining(task, backend);
      }
      const { net, input, kind } = task;
      const layers = net.layers.map(prepareLayer);
      const held = tf.tensor(input, net.input);
      const forward = (x) =>
        tf.tidy(() => {
          const values = [x];
          for (const layer of layers) values.push(apply(layer, values));
          return values.at(-1);
        });
      // An op is timed by itself, a network with its input given and its answer read; on a GPU each is read.
      const given = () => (kind === "op" ? held : tf.tensor(input, net.input));
      const over = (x, y) => {
        y.dispose();
        if (x !== held) x.dispose();
      };
      const runNow = () => {
        const x = given();
        const y = forward(x);
        if (kind === "network") y.dataSync();
        over(x, y);
      };
      const runLate = async () => {
        const x = given();
        const y = forward(x);
        await y.data();
        over(x, y);
      };
      return {
        run: backend === "webgpu" ? runLate : runNow,
        async answer() {
          const y = forward(held);
          const values = Float32Array.from(await y.data());
          y.dispose();
          return values;
        },
        close() {
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
