// The gradients of a whole network, batch statistics and all, against central differences of its loss.
import { constant, crossEntropy, tanh } from "@tatamijs/core";
import { compile, gradients } from "@tatamijs/engine";
import * as nn from "@tatamijs/nn";
import { expect, test } from "vitest";
import { trainedLeaves } from "./steps.ts";
import { bars, session } from "./testing/toy.ts";

test("every parameter of a small network", async () => {
  nn.manualSeed(2);
  const model = nn.sequential(
    nn.conv2d(1, 3, 3, { padding: 1 }),
    nn.batchNorm2d(3),
    nn.lambda((x) => tanh(x)),
    nn.avgPool2d(2),
    nn.residual(nn.sequential(nn.conv2d(3, 3, 3, { padding: 1, groups: 3 }), nn.groupNorm(3, 3), nn.silu())),
    nn.flatten(),
    nn.layerNorm(48),
    nn.linear(48, 3),
  );
  const { inputs, targets } = bars(6);
  const loss = crossEntropy(
    model.forward(constant(inputs.data!, inputs.shape), nn.training()),
    constant(targets.data!, targets.shape, "i32"),
    { smoothing: 0.1 },
  );
  const leaves = trainedLeaves(model);
  const on = session();
  const program = await compile({ inputs: [], outputs: [loss, ...gradients(loss, Object.values(leaves))] }, on);
  const [, ...exact] = await program.run();
  const lossNow = async (): Promise<number> => (await program.run())[0]!.data[0]!;
  let [checked, largest] = [0, 0];
  for (const [k, [name, leaf]] of Object.entries(leaves).entries()) {
    const values = await on.read(leaf);
    for (let i = 0; i < values.length; i += Math.max(1, Math.floor(values.length / 5))) {
      const at = async (h: number): Promise<number> => {
        const moved = values.slice();
        moved[i] = moved[i]! + h;
        on.write(leaf, moved);
        return lossNow();
      };
      // Fourth order: at this step its own error and the rounding of f32 are both well below the bound.
      const h = 0.004;
      const slope = (8 * ((await at(h)) - (await at(-h))) - ((await at(2 * h)) - (await at(-2 * h)))) / (12 * h);
      on.write(leaf, values);
      const given = exact[k]!.data[i]!;
      expect(Math.abs(given - slope), `${name}[${i}]: ${given}, differences say ${slope}`).toBeLessThan(1e-4);
      largest = Math.max(largest, Math.abs(given));
      checked++;
    }
  }
  expect(checked).toBeGreaterThan(40);
  expect(largest).toBeGreaterThan(0.05);
});
