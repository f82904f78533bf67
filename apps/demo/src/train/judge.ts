/** How the network does on pictures it never learned from: loss, confusion matrix, and the mistakes it is surest of. */
import { CLASSES, SIDE } from "@tatamijs/digits";
import { compile, softmax, type BackendName, type Layer, type Predict, type Value } from "tatamijs";
import type { Pictures } from "./digits.ts";
import type { Mistake, Test } from "./messages.ts";

/** Pictures per run. */
const size = 500;
const pixels = SIDE * SIDE;
const mostMistakes = 24;

export interface Judge {
  readonly backend: Predict<Value>["backend"];
  /** The first `most` pictures, in the weights of now. @throws TatamiError `device-lost`, `closed` (rejects). */
  test(pictures: Pictures, step: number, most: number): Promise<Test>;
  close(): void;
}

/** @throws TatamiError `backend` where it cannot be had (rejects). */
export async function openJudge(model: Layer, backend: BackendName): Promise<Judge> {
  const predict = await compile(
    { state: model.state, forward: (x, context) => softmax(model.forward(x, context)) },
    { input: [size, 1, SIDE, SIDE], backend },
  );
  const given = new Float32Array(size * pixels);
  return {
    backend: predict.backend,
    async test(pictures, step, most) {
      const count = Math.min(most, pictures.count);
      const confusion = Array.from({ length: CLASSES * CLASSES }, () => 0);
      const wrong: { at: number; is: number; read: number; share: number }[] = [];
      let loss = 0;
      for (let start = 0; start < count; start += size) {
        given.set(pictures.images.subarray(start * pixels, Math.min(count, start + size) * pixels));
        const { data } = await predict(given);
        for (let at = start; at < Math.min(count, start + size); at++) {
          const row = (at - start) * CLASSES;
          let read = 0;
          for (let k = 1; k < CLASSES; k++) if (data[row + k]! > data[row + read]!) read = k;
          const is = pictures.labels[at]!;
          loss -= Math.log(Math.max(1e-30, data[row + is]!));
          confusion[is * CLASSES + read]!++;
          if (read !== is) wrong.push({ at, is, read, share: data[row + read]! });
        }
      }
      wrong.sort((a, b) => b.share - a.share || a.at - b.at);
      const mistakes = wrong.slice(0, mostMistakes).map(({ at, is, read, share }): Mistake => ({
        pixels: pictures.images.slice(at * pixels, (at + 1) * pixels),
        is,
        read,
        share,
      }));
      return { step, loss: loss / count, accuracy: 1 - wrong.length / count, count, confusion, mistakes };
    },
    close: () => predict.close(),
  };
}
