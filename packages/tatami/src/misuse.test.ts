// Wrong arguments at every door: a TatamiError or an answer, never an error from inside.
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  accuracy,
  compile,
  crossEntropy,
  evaluate,
  fit,
  load,
  measure,
  nn,
  open,
  save,
  sgd,
  TatamiError,
} from "./index.ts";

const data = { inputs: { data: new Float32Array(4), shape: [2, 2] }, targets: { data: new Uint8Array(2), shape: [2] } };
const options = { loss: crossEntropy, optimizer: sgd(), epochs: 1 };
const anything = fc.oneof(
  fc.constantFrom(
    undefined,
    null,
    NaN,
    -1,
    0,
    1,
    "",
    "cpu",
    "gpu",
    true,
    Symbol("s"),
    7n,
    () => 1,
    [],
    [1],
    ["cpu"],
    {},
  ),
  fc.constantFrom(
    new Uint8Array(3),
    new ArrayBuffer(9),
    new URL("data:,x"),
    { backend: "gpu" },
    { backend: 3 },
    { input: NaN },
    { input: [[]] },
  ),
  fc.constantFrom(
    { ...options, resume: 3 },
    { ...options, checkpoint: null },
    { ...options, progress: 3 },
    { ...options, backend: {} },
    { loss: 3 },
  ),
  fc.anything(),
);

async function drained(work: unknown): Promise<void> {
  if (typeof work === "object" && work !== null && Symbol.asyncIterator in work)
    for await (const _ of work as AsyncIterable<unknown>) break;
  else await work;
}

/** The first argument is right as often as it is wrong, so that the ones after it are looked at. */
test.each<[string, (...args: never[]) => unknown, readonly unknown[]]>([
  ["accuracy", accuracy, [nn.linear(2, 2), data]],
  ["compile", compile, [nn.linear(2, 2)]],
  ["evaluate", evaluate, []],
  ["fit", fit, [nn.linear(2, 2), data]],
  ["load", load, [nn.linear(2, 2)]],
  ["measure", measure, [nn.linear(2, 2), data]],
  ["open", open, []],
  ["save", (model: never) => save(model), []],
])("%s", async (_, door, right) => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat({ max: right.length }),
      fc.array(anything, { minLength: 1, maxLength: 3 }),
      async (good, args) => {
        // A path that happens to exist is no wrong one: only texts that cannot be one are tried.
        if (args.some((arg) => typeof arg === "string" && arg.length > 0 && arg !== "cpu" && arg !== "gpu")) return;
        try {
          await drained(door(...([...right.slice(0, good), ...args] as never[])));
        } catch (error) {
          expect(error, String(error)).toBeInstanceOf(TatamiError);
          expect((error as TatamiError).code).not.toBe("internal");
        }
      },
    ),
    { numRuns: 200, seed: 6 },
  );
});
