/** What people do with a backend, small: a forward pass, training steps, weights that are loaded. */
import {
  add,
  conv2d,
  crossEntropy,
  input,
  linear,
  maxPool2d,
  mean,
  mul,
  relu,
  softmax,
  state,
  sub,
  type Tensor,
} from "@tatamijs/core";
import type { Backend } from "@tatamijs/core/backend";
import { compile, gradients, openSession } from "@tatamijs/engine";

/** Values between −1 and 1, the same for the same seed. */
export function values(count: number, seed: number): Float32Array {
  let s = seed;
  return Float32Array.from({ length: count }, () => {
    s = (Math.imul(s, 1664525) + 1013904223) | 0;
    return s / 2 ** 31;
  });
}

const batch = 6;
const shape = [batch, 3, 24, 24] as const;

interface Net {
  readonly x: Tensor;
  readonly y: Tensor;
  readonly states: readonly Tensor[];
}

/** Convolutions that run as Winograd, direct sums, a product and depthwise; a pool; a dense layer. */
function net(): Net {
  const states: Tensor[] = [];
  const weights = (...dims: number[]): Tensor => {
    const size = dims.reduce((a, b) => a * b, 1);
    const made = state(
      values(size, states.length + 1).map((v) => v / Math.sqrt(size / dims[0]!)),
      dims,
      `w${states.length}`,
    );
    states.push(made);
    return made;
  };
  const x = input(shape);
  const a = relu(conv2d(x, weights(24, 3, 3, 3), { padding: 1, bias: weights(24) }));
  const b = relu(conv2d(a, weights(24, 24, 3, 3), { padding: 1 }));
  const c = relu(add(conv2d(b, weights(24, 1, 3, 3), { padding: 1, groups: 24 }), a));
  const d = maxPool2d(relu(conv2d(c, weights(40, 24, 1, 1))), 2);
  const e = relu(conv2d(d, weights(40, 40, 5, 3), { padding: [2, 1], stride: 2, rounding: "floor" }));
  return { x, y: linear(mean(e, { axis: [2, 3] }), weights(10, 40), weights(10)), states };
}

export interface Scenario {
  readonly name: string;
  /** What it comes to. */
  run(backend: Backend): Promise<Float32Array[]>;
}

const image = values(batch * 3 * 24 * 24, 99);
const labels = Int32Array.from({ length: batch }, (_, i) => i);

export const scenarios: readonly Scenario[] = [
  {
    name: "forward",
    async run(backend) {
      const session = openSession(backend);
      try {
        const { x, y } = net();
        const program = await compile({ inputs: [x], outputs: [softmax(y)] }, session);
        await program.step([image]);
        return [(await program.read(0)) as Float32Array];
      } finally {
        await session.close();
      }
    },
  },
  {
    name: "training",
    async run(backend) {
      const session = openSession(backend);
      try {
        const { x, y, states } = net();
        const targets = input([batch], "i32");
        const loss = crossEntropy(y, targets);
        const slopes = gradients(loss, states);
        const updates = states.map((w, k) => [w, sub(w, mul(slopes[k]!, 0.1))] as const);
        const program = await compile({ inputs: [x, targets], outputs: [loss], updates }, session);
        const losses: Float32Array[] = [];
        for (let k = 0; k < 3; k++) {
          await program.step([image, labels]);
          losses.push((await program.read(0)) as Float32Array);
        }
        return [...losses, (await session.read(states[0]!)) as Float32Array];
      } finally {
        await session.close();
      }
    },
  },
  {
    name: "load",
    async run(backend) {
      const session = openSession(backend);
      try {
        const { x, y, states } = net();
        const program = await compile({ inputs: [x], outputs: [y] }, session);
        for (const [k, w] of states.entries())
          session.write(
            w,
            values(
              w.shape.reduce((a, b) => a * b, 1),
              50 + k,
            ),
          );
        await program.step([image]);
        return [(await program.read(0)) as Float32Array, (await session.read(states[2]!)) as Float32Array];
      } finally {
        await session.close();
      }
    },
  },
];
