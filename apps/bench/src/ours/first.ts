/** The program whose start and download are measured: LeNet of nn's layers on the WASM backend, given weights, one answer. */
import { wasm, type WasmOptions } from "@tatamijs/backend-wasm";
import { input } from "@tatamijs/core";
import { compile, openSession } from "@tatamijs/engine";
import * as nn from "@tatamijs/nn";

/** `weights` by name, as the layers say them; `pixels` of one image. → its scores. */
export async function first(
  weights: ReadonlyMap<string, Float32Array>,
  pixels: Float32Array,
  options: WasmOptions,
): Promise<Float32Array> {
  // It opens while the model is made.
  const opened = wasm(options);
  const model = nn.sequential(
    nn.conv2d(1, 6, 5, { padding: 2 }),
    nn.relu(),
    nn.maxPool2d(2),
    nn.conv2d(6, 16, 5),
    nn.relu(),
    nn.maxPool2d(2),
    nn.flatten(),
    nn.linear(400, 120),
    nn.relu(),
    nn.linear(120, 84),
    nn.relu(),
    nn.linear(84, 10),
  );
  const image = input([1, 1, 28, 28]);
  const scores = model.forward(image, nn.inference());
  const session = openSession(await opened);
  for (const [name, values] of weights) session.write(model.state[name]!, values);
  const program = await compile({ inputs: [image], outputs: [scores] }, session);
  await program.step([pixels]);
  return (await program.read(0)) as Float32Array;
}
