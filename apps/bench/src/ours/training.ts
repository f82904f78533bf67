/** A training step in our own functions: gradients by the engine, plain descent as an update. */
import { crossEntropy, input, mul, sub } from "@tatamijs/core";
import { compile, gradients, openSession } from "@tatamijs/engine";
import { learningRate, lossesShown, type Ready, type Task } from "../runner.ts";
import { channelsFirst } from "../shapes.ts";
import { build } from "./network.ts";
import type { AnyBackend } from "./runner.ts";

export async function prepareTraining({ net, input: values, labels }: Task, backend: AnyBackend): Promise<Ready> {
  const session = openSession(backend);
  const { x, y, states } = build(net);
  const targets = input([labels.length], "i32");
  const loss = crossEntropy(y, targets);
  const slopes = gradients(loss, states);
  const updates = states.map((state, k) => [state, sub(state, mul(slopes[k]!, learningRate))] as const);
  const program = await compile({ inputs: [x, targets], outputs: [loss], updates }, session);
  const given = [channelsFirst(values, net.input), labels];
  const step = async (): Promise<number> => {
    await program.step(given);
    return (await program.read(0))[0]!;
  };
  return {
    run: step,
    async answer() {
      const losses: number[] = [];
      while (losses.length < lossesShown) losses.push(await step());
      return Float32Array.from(losses);
    },
    async close() {
      await session.close();
      await backend.close();
    },
  };
}
