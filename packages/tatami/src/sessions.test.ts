/** One backend by whatever name it is asked for, and weights that all backends know. */
import { constant } from "@tatamijs/core";
import { expect, test } from "vitest";
import { compile, evaluate, fit, load, measure, nn, open, save, sgd, type BackendChoice } from "./index.ts";

const data = { inputs: constant([[1], [2], [3]]), targets: constant([[2], [4], [6]]) };

async function train(model: ReturnType<typeof nn.linear>, backend: BackendChoice): Promise<void> {
  const options = { loss: nn.mse, optimizer: sgd({ lr: 0.05 }), epochs: 40, batchSize: 3, backend };
  for await (const { epoch } of fit(model, data, options)) expect(epoch).toBeGreaterThan(0);
}

test('a name, a list and "auto" that choose the same backend share it, in any order and at once', async () => {
  const model = nn.linear(1, 1);
  const asked: (BackendChoice | undefined)[] = ["wasm", undefined, ["wasm", "cpu"], "auto"];
  const predicts = await Promise.all(asked.map((backend) => compile(model, { input: [1, 1], backend })));
  expect(new Set(predicts.map(({ backend }) => backend)).size).toBe(1);
  expect(predicts[0]!.backend.name).toBe("wasm");
  expect(predicts[0]!.backend.report).toMatchObject({ chosen: "wasm" });
  await train(model, "wasm");
  const answers = await Promise.all(predicts.map(async (predict) => (await predict([[3]])).data[0]));
  expect(new Set(answers).size).toBe(1);
  expect(Math.abs(answers[0]! - 6)).toBeLessThan(1);
});

test("a backend that was closed meanwhile is in nobody's way", async () => {
  const model = nn.linear(1, 1);
  const own = await open("wasm");
  await (
    await compile(model, { input: [1, 1], backend: own })
  )([[1]]);
  await own.close();
  await train(model, "cpu");
  expect((await measure(model, data, { loss: nn.mse, backend: "cpu" })).loss).toBeLessThan(1);
  await load(model, await save(model));
});

test("what is learned on one backend is known on all that have seen the model", async () => {
  const model = nn.linear(1, 1);
  const before = await measure(model, data, { loss: nn.mse, backend: "cpu" });
  const weight = model.state["weight"]!;
  await evaluate(weight, { backend: "cpu" });
  await train(model, "wasm");
  const cpu = await measure(model, data, { loss: nn.mse, backend: "cpu" });
  const wasm = await measure(model, data, { loss: nn.mse, backend: "wasm" });
  expect(cpu.loss).toBeLessThan(before.loss! / 10);
  expect(cpu.loss).toBeCloseTo(wasm.loss!, 5);
  expect((await evaluate(weight, { backend: "cpu" })).data).toEqual((await evaluate(weight, { backend: "wasm" })).data);
  // And goes on from there elsewhere.
  await train(model, "cpu");
  expect((await measure(model, data, { loss: nn.mse, backend: "wasm" })).loss).toBeLessThan(wasm.loss!);
});
