/** Graphs that the equivalence tests share: some real, some drawn from a seed. */
import {
  add,
  avgPool2d,
  batchNorm,
  batchStatistics,
  cast,
  concat,
  constant,
  conv2d,
  crossEntropy,
  detach,
  div,
  exp,
  flatten,
  input,
  less,
  linear,
  logSoftmax,
  maxPool2d,
  maximum,
  mean,
  mul,
  neg,
  pad,
  random,
  relu,
  reshape,
  select,
  sigmoid,
  slice,
  softmax,
  square,
  sqrt,
  state,
  sub,
  sum,
  tanh,
  transpose,
  type Tensor,
  type TypedArray,
} from "@tatamijs/core";
import { gradients } from "../gradients.ts";
import type { Graph, Update } from "../graph.ts";

export interface Sample {
  readonly graph: Graph;
  readonly runs: readonly (readonly TypedArray[])[];
}

/** Numbers from a seed in −1 … 1. */
export function draws(seed: number): () => number {
  let s = seed >>> 0;
  return () => {
    s = (Math.imul(s, 1664525) + 1013904223) >>> 0;
    const h = Math.imul(s ^ (s >>> 15), 0x735a2d97);
    return ((h ^ (h >>> 14)) >>> 0) / 2 ** 31 - 1;
  };
}

export function values(n: number, seed: number): Float32Array {
  const next = draws(seed);
  return Float32Array.from({ length: n }, next);
}

const size = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
let seeds = 100;
const param = (shape: readonly number[], name: string, scale: number = 1): Tensor =>
  state(
    values(size(shape), seeds++).map((v) => v * scale),
    shape,
    name,
  );
/** Filters as layers store them. */
export const filters = (fn: number, c: number, k: number, name: string): Tensor =>
  transpose(param([fn, k, k, c], name, 0.4), [0, 3, 1, 2]);

/** SGD with momentum. */
export function momentum(loss: Tensor, params: readonly Tensor[]): Update[] {
  const grads = gradients(loss, params);
  return params.flatMap((w, i): Update[] => {
    const stored = w.op.name === "transpose" ? w.inputs[0]! : w;
    const slot = state(new Float32Array(size(w.shape)), stored.shape, `velocity${i}`);
    const v = stored === w ? slot : transpose(slot, [0, 3, 1, 2]);
    const next = add(mul(v, 0.9), grads[i]!);
    return [
      [v, next],
      [w, sub(w, mul(next, 0.05))],
    ];
  });
}

/** Batch norm in training, with its running statistics. */
export function norm(x: Tensor, name: string): { y: Tensor; params: Tensor[]; updates: Update[] } {
  const c = x.shape[1]!;
  const path = (what: string): string => (name === "" ? "" : `${name}.${what}`);
  const [gamma, beta] = [
    state(new Float32Array(c).fill(1), [c], path("gamma")),
    state(new Float32Array(c), [c], path("beta")),
  ];
  const { mean: m, variance } = batchStatistics(x, 1);
  const running = (value: Tensor, first: number, what: string): Update => {
    const s = state(new Float32Array(c).fill(first), [c], path(what));
    return [s, add(mul(s, 0.9), mul(detach(value), 0.1))];
  };
  const n = size(x.shape) / c;
  return {
    y: batchNorm(x, { mean: m, variance, gamma, beta, training: true }),
    params: [gamma, beta],
    updates: [running(m, 0, "mean"), running(mul(variance, n / (n - 1)), 1, "variance")],
  };
}

export function leNet(batch: number, training: boolean): Sample {
  const image = input([batch, 1, 12, 12]);
  const targets = input([batch], "i32");
  const [w1, w2] = [filters(4, 1, 3, "w1"), filters(6, 4, 2, "w2")];
  const [b1, b2] = [param([4], "b1"), param([6], "b2")];
  const [d, db] = [param([5, 24], "d", 0.4), param([5], "db")];
  const features = maxPool2d(relu(conv2d(maxPool2d(relu(conv2d(image, w1, { bias: b1 })), 2), w2, { bias: b2 })), 2);
  const logits = linear(flatten(features), d, db);
  const runs = [0, 1, 2].map((run) => [
    values(batch * 144, run),
    ...(training ? [Int32Array.from({ length: batch }, (_, i) => (i + run) % 5)] : []),
  ]);
  if (!training) return { graph: { inputs: [image], outputs: [softmax(logits, { axis: 1 })] }, runs };
  const loss = crossEntropy(logits, targets);
  return {
    graph: { inputs: [image, targets], outputs: [loss], updates: momentum(loss, [w1, b1, w2, b2, d, db]) },
    runs,
  };
}

/** conv – bn – relu – conv – bn, plus the input, relu. */
export function residualBlock(training: boolean, c: number = 4, side: number = 5): Sample {
  const image = input([2, c, side, side]);
  const [w1, w2] = [filters(c, c, 3, "w1"), filters(c, c, 3, "w2")];
  const runs = [0, 1, 2].map((run) => [values(2 * c * side * side, run)]);
  if (training) {
    const first = norm(conv2d(image, w1, { padding: 1 }), "bn1");
    const second = norm(conv2d(relu(first.y), w2, { padding: 1 }), "bn2");
    const y = relu(add(second.y, image));
    const loss = mean(square(sub(mean(y, { axis: [2, 3] }), 0.3)));
    const updates = [
      ...momentum(loss, [w1, w2, ...first.params, ...second.params]),
      ...first.updates,
      ...second.updates,
    ];
    return { graph: { inputs: [image], outputs: [loss], updates }, runs };
  }
  const live = (x: Tensor, name: string): Tensor =>
    batchNorm(x, {
      mean: param([c], `${name}.m`),
      variance: square(param([c], `${name}.v`)),
      gamma: param([c], `${name}.g`),
      beta: param([c], `${name}.b`),
      epsilon: 0.1,
    });
  const y = relu(
    add(live(conv2d(relu(live(conv2d(image, w1, { padding: 1 }), "bn1")), w2, { padding: 1 }), "bn2"), image),
  );
  return { graph: { inputs: [image], outputs: [y, mean(y, { axis: [2, 3] })] }, runs };
}

/** Dropout from a counter, recurrent states, views of states. */
export function oddities(): Sample {
  const x = input([3, 4]);
  const counter = state(Int32Array.of(0), [1], "counter");
  const [a, b] = [param([3, 4], "a"), param([4, 3], "b")];
  const mask = cast(less(random(counter, [3, 4], 7, 1), 0.5), "f32");
  const y = mul(tanh(add(x, a)), mask);
  const next = add(counter, constant([1], [1], "i32"));
  return {
    graph: {
      inputs: [x],
      outputs: [y, reshape(a, [2, 6]), counter, mask],
      updates: [
        [counter, next],
        [a, transpose(b)],
        [b, reshape(y, [4, 3])],
      ],
    },
    runs: [values(12, 1), values(12, 2), values(12, 3)].map((v) => [v]),
  };
}

/** A graph of `steps` ops drawn from a seed, in two ranks, some of it trained. */
export function drawn(seed: number, steps: number = 24): Sample {
  const next = draws(seed);
  const below = (n: number): number => Math.min(n - 1, Math.floor(((next() + 1) / 2) * n));
  const pick = <T>(list: readonly T[]): T => list[below(list.length)]!;
  const image = input([2, 4, 5, 5]);
  const other = input([2, 4, 1, 5]);
  const states = [
    state(values(200, seed + 1), [2, 4, 5, 5], "s0"),
    state(values(4, seed + 2), [1, 4, 1, 1], "s1"),
    transpose(state(values(200, seed + 3), [2, 5, 5, 4], "s2"), [0, 3, 1, 2]),
  ];
  const pool: Tensor[] = [image, other, ...states];
  const full = (): Tensor =>
    pick(pool.filter((y) => y.shape.length === 4 && size(y.shape) === 200 && y.shape[1] === 4));
  const some = (): Tensor => pick(pool);
  for (let i = 0; i < steps; i++) {
    const x = full();
    const makers: (() => Tensor)[] = [
      () => add(x, full()),
      () => mul(x, some()),
      () => sub(some(), x),
      () => relu(x),
      () => sigmoid(x),
      () => neg(x),
      () => maximum(x, full()),
      () => mul(x, pick([1, 0, 2])),
      () => add(x, pick([0, 0.5])),
      () => select(less(x, full()), x, full()),
      () => conv2d(x, filters(4, 4, 3, ""), { padding: 1 }),
      () => add(conv2d(x, filters(4, 4, 1, ""), {}), full()),
      () => relu(conv2d(x, filters(4, 2, 3, ""), { padding: 1, groups: 2, bias: param([4], "") })),
      () => mean(x, { axis: [2, 3], keepDims: true }),
      () => sum(x, { axis: 1, keepDims: true }),
      () => softmax(x, { axis: 1 }),
      () => logSoftmax(x, { axis: 3 }),
      () => transpose(transpose(x, [0, 2, 3, 1]), [0, 3, 1, 2]),
      () => transpose(relu(transpose(x, [0, 2, 3, 1])), [0, 3, 1, 2]),
      () => transpose(x, [0, 1, 3, 2]),
      () => reshape(reshape(x, [8, 25]), [2, 4, 5, 5]),
      () => avgPool2d(x, 3, { stride: 1, padding: 1 }),
      () => maxPool2d(x, 3, { stride: 1, padding: 1 }),
      () =>
        slice(
          pad(x, [
            [1, 0],
            [0, 2],
          ]),
          { start: [0, 0, 1, 0], end: [2, 4, 6, 5] },
        ),
      () => slice(concat([x, full()], 1), { start: [0, 2, 0, 0], end: [2, 6, 5, 5] }),
      () => detach(x),
      () => div(x, add(square(some()), 1)),
      () => sqrt(add(square(x), 0.5)),
      () =>
        batchNorm(x, { mean: param([4], ""), variance: square(param([4], "")), gamma: param([4], ""), epsilon: 0.5 }),
      () => norm(x, "").y,
      () => exp(mul(tanh(x), 0.5)),
    ];
    const y = pick(makers)();
    // Kept in bounds, so that a tolerance means something.
    pool.push(size(y.shape) === 200 && i % 3 === 0 ? tanh(y) : y);
  }
  const outputs = [pool.at(-1)!, pool.at(-2)!, some()];
  const updates: Update[] = [];
  if (seed % 2 === 0) {
    const loss = mean(square(tanh(full())));
    const grads = gradients(loss, states);
    states.forEach((s, i) => updates.push([s, sub(s, mul(grads[i]!, 0.1))]));
    outputs.push(loss);
  } else if (seed % 3 === 0)
    updates.push([states[0]!, tanh(full())], [states[1]!, tanh(mean(full(), { axis: [0, 2, 3], keepDims: true }))]);
  return {
    graph: { inputs: [image, other], outputs, updates },
    runs: [0, 1, 2].map((run) => [values(200, seed * 7 + run), values(40, seed * 11 + run)]),
  };
}
