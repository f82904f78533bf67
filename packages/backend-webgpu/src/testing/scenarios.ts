/** What people do with a backend, of few pipelines: a forward pass, training steps, weights that are loaded. */
import { add, conv2d, input, linear, mean, mul, relu, state, sub, type Tensor } from "@tatamijs/core";
import type { Backend } from "@tatamijs/core/backend";
import { compile, gradients, openSession, type Program } from "@tatamijs/engine";

/** Values between −1 and 1, the same for the same seed. */
export function values(count: number, seed: number): Float32Array {
  let s = seed;
  return Float32Array.from({ length: count }, () => {
    s = (Math.imul(s, 1664525) + 1013904223) | 0;
    return s / 2 ** 31;
  });
}

const x = input([2, 3, 8, 8], { layout: "NHWC" });
export const image: Float32Array = values(2 * 3 * 64, 99);

interface Net {
  readonly y: Tensor;
  readonly states: readonly Tensor[];
}

function net(): Net {
  const [w, b, v] = [
    state(values(8 * 27, 1), [8, 3, 3, 3], "w"),
    state(values(8, 2), [8], "b"),
    state(values(80, 3), [10, 8], "v"),
  ];
  const maps = relu(conv2d(x, w, { padding: 1, bias: b }));
  return { y: linear(mean(maps, { axis: [2, 3] }), v), states: [w, b, v] };
}

export interface Scenario {
  readonly name: string;
  /** What it comes to. */
  run(backend: Backend): Promise<Float32Array[]>;
}

const read = async (program: Program): Promise<Float32Array> => (await program.read(0)) as Float32Array;

/** `work` in a session that is closed whatever happens. */
function scenario(
  name: string,
  work: (session: ReturnType<typeof openSession>, net: Net) => Promise<Float32Array[]>,
): Scenario {
  return {
    name,
    async run(backend) {
      const session = openSession(backend);
      try {
        return await work(session, net());
      } finally {
        await session.close();
      }
    },
  };
}

export const forward: Scenario = scenario("forward", async (session, { y }) => {
  const program = await compile({ inputs: [x], outputs: [y] }, session);
  await program.step([image]);
  return [await read(program)];
});

export const training: Scenario = scenario("training", async (session, { y, states }) => {
  const loss = mean(mul(y, add(y, 1)));
  const slopes = gradients(loss, states);
  const updates = states.map((w, k) => [w, sub(w, mul(slopes[k]!, 0.1))] as const);
  const program = await compile({ inputs: [x], outputs: [loss], updates }, session);
  const losses: Promise<Float32Array>[] = [];
  for (let k = 0; k < 4; k++) {
    await program.step([image]);
    losses.push(read(program));
    losses.at(-1)!.catch(() => {});
  }
  return [...(await Promise.all(losses)), (await session.read(states[0]!)) as Float32Array];
});

export const loading: Scenario = scenario("load", async (session, { y, states }) => {
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
  return [await read(program), (await session.read(states[2]!)) as Float32Array];
});

/** Training with as few pipelines as it takes: a device that is lost compiles them for nothing. */
export const descent: Scenario = scenario("descent", async (session) => {
  const [given, w] = [input([64]), state(values(64, 4), [64], "w")];
  const off = sub(mul(given, w), 1);
  const loss = mean(mul(off, off));
  const [slope] = gradients(loss, [w]);
  const program = await compile(
    { inputs: [given], outputs: [loss], updates: [[w, sub(w, mul(slope!, 0.1))]] },
    session,
  );
  const losses: Promise<Float32Array>[] = [];
  for (let k = 0; k < 6; k++) {
    await program.step([image.slice(0, 64)]);
    losses.push(read(program));
    losses.at(-1)!.catch(() => {});
  }
  return [...(await Promise.all(losses)), (await session.read(w)) as Float32Array];
});
