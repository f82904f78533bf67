import { cpu } from "@tatamijs/backend-cpu";
import { writeSafetensors } from "@tatamijs/train";
import { expect, test } from "vitest";
import { trainDigits } from "./recipe.ts";
import type { Trained } from "./recipe.ts";
import { drawnAnew, drawnForTraining } from "./sets.ts";

const training = drawnForTraining(2_000);
const choosing = drawnAnew(260);

async function train(
  seed: number,
): Promise<Trained & { readonly bytes: Uint8Array; readonly losses: readonly number[] }> {
  const losses: number[] = [];
  const trained = await trainDigits({
    backend: cpu(),
    training,
    choosing,
    epochs: 2,
    seed,
    onEpoch: ({ loss }) => losses.push(loss),
  });
  return { ...trained, losses, bytes: writeSafetensors({ tensors: trained.tensors }) };
}

test("two epochs on 2,000 drawn digits, twice, in under 30 s: it learns, and to the same bytes", async () => {
  const begin = process.cpuUsage();
  const [first, second] = [await train(7), await train(7)];
  // Seconds of work: those on the clock would also count what else this machine is busy with.
  const { user, system } = process.cpuUsage(begin);
  expect((user + system) / 1e6).toBeLessThan(30);
  expect(second.bytes).toEqual(first.bytes);
  expect(second.losses).toEqual(first.losses);
  const [before = 0, after = 0] = first.losses;
  expect(before).toBeLessThan(Math.log(10));
  expect(after).toBeLessThan(before / 2);
  expect(first.epoch).toBe(2);
  expect(first.accuracy).toBeGreaterThan(0.75);
});

test("no epochs, no weights", async () => {
  const none = trainDigits({ backend: cpu(), training, choosing, epochs: 0, seed: 0 });
  await expect(none).rejects.toMatchObject({ code: "argument" });
});
