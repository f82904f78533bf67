/**
 * `pnpm train:digits`: trains the network that the repository ships, on MNIST's training images and drawn digits
 * together, and writes its weights. Each run on one version of Node gives the same bytes.
 */
import { parseArgs } from "node:util";
import { TatamiError } from "@tatamijs/core";
import type { Backend } from "@tatamijs/core/backend";
import { loadState, parameterCount } from "@tatamijs/nn";
import { duration, terminalProgress } from "@tatamijs/train/node";
import { backendNamed } from "./backends.ts";
import { flags, leave, wholeNumber } from "./command.ts";
import { downloadBar } from "./download-bar.ts";
import { loadMnist } from "./mnist.ts";
import type { MnistSplit } from "./mnist.ts";
import { digitsNetwork } from "./network.ts";
import { accuracyOf, openReader } from "./reader.ts";
import { trainDigits } from "./recipe.ts";
import type { Trained } from "./recipe.ts";
import { columnsOf, count, percent, phase } from "./report.ts";
import { between, drawnForTraining, drawnHeldOut, together } from "./sets.ts";
import type { Pictures } from "./sets.ts";
import { heldOutStyles, trainedStyles } from "./strokes/styles.ts";
import { saveDigits, shippedWeights } from "./weights.ts";

const HELP = `pnpm train:digits [--backend cpu|wasm|webgpu] [--epochs 6] [--seed 0] [--out FILE]

Trains the digits network on MNIST and drawn digits. The shipped weights are replaced when the new
ones reach ${percent(0.99)} of MNIST's test images and ${percent(0.98)} of the drawn styles that were never
trained on; with --out, the weights are written there whatever they reach.`;

/** What shipped weights must reach. */
const LEAST = { mnist: 0.99, heldOut: 0.98 };

/** Held back of MNIST's 60,000 training images, the last ones: the epoch is chosen on them. */
const HELD_BACK = 5_000;

async function main(): Promise<number> {
  const { values } = parseArgs({
    args: flags(),
    options: {
      backend: { type: "string", default: "cpu" },
      epochs: { type: "string", default: "6" },
      seed: { type: "string", default: "0" },
      out: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    say(HELP);
    return 0;
  }
  const epochs = wholeNumber("--epochs", values.epochs, 1, 1_000);
  const seed = wholeNumber("--seed", values.seed, 0, 2 ** 32 - 1);
  const backend = await backendNamed(values.backend).open(true);

  const { training, choosing, test, words } = await timed("digits", gathered);
  const trained = await timed("training", async () => {
    const result = await trainDigits({
      backend,
      training,
      choosing,
      epochs,
      seed,
      progress: terminalProgress(process.stdout),
      onEpoch: ({ validation, seconds }) =>
        say(`  ${duration(seconds)}; held-back images read: ${percent(validation?.accuracy ?? Number.NaN)}`),
    });
    return { ...result, words: `epoch ${result.epoch} reads the held-back images best: ${percent(result.accuracy)}` };
  });
  const reached = await timed("testing", () => tested(trained, test, backend));

  const good = reached.mnist >= LEAST.mnist && reached.heldOut >= LEAST.heldOut;
  if (values.out === undefined && !good) {
    const wanted = `wanted ${percent(LEAST.mnist)} and ${percent(LEAST.heldOut)}`;
    throw new TatamiError(
      "weights",
      `not good enough to ship: ${wanted}. The shipped weights are as they were; --out FILE keeps others.`,
    );
  }
  const path = values.out ?? shippedWeights;
  await saveDigits(path, trained.tensors, {
    network: `LeNet's plan in tatami, ${count(parameterCount(digitsNetwork()))} parameters`,
    "trained on": words,
    "epoch chosen on": `${count(HELD_BACK)} of MNIST's training images, not trained on: ${percent(trained.accuracy)} read`,
    reads: reached.words,
    run: `seed ${seed}, epoch ${trained.epoch} of ${epochs}, ${backend.name} backend, Node ${process.version}`,
  });
  say(`written: ${path}`);
  return 0;
}

/** Runs a phase and prints its line, whose words are in what it gives. */
async function timed<T extends { readonly words: string }>(name: string, work: () => Promise<T>): Promise<T> {
  const begin = performance.now();
  const result = await work();
  say(phase(name, (performance.now() - begin) / 1000, result.words, columnsOf(process.stdout)));
  return result;
}

interface Gathered {
  readonly training: Pictures;
  readonly choosing: Pictures;
  readonly test: Pictures;
  readonly words: string;
}

async function gathered(): Promise<Gathered> {
  const [mnist, test] = [await mnistOf("train"), await mnistOf("test")];
  const drawn = drawnForTraining();
  const kept = mnist.count - HELD_BACK;
  return {
    training: together(between(mnist, 0, kept), drawn),
    choosing: between(mnist, kept, mnist.count),
    test,
    words: `${count(kept)} of MNIST's training images and ${count(drawn.count)} drawn digits in ${trainedStyles.length} styles`,
  };
}

/** @throws TatamiError "not-found" where MNIST cannot be had: drawn digits alone don't make a reader of handwriting. */
async function mnistOf(split: MnistSplit): Promise<Pictures> {
  const bar = downloadBar(process.stdout);
  const outcome = await loadMnist(split, { onProgress: bar.update });
  bar.close();
  if (outcome.found) return outcome.digits;
  throw new TatamiError(
    "not-found",
    `${outcome.line} Training needs MNIST: put its four files into a folder mnist, and set TATAMI_DATA to the folder that holds it.`,
  );
}

/** What the chosen weights read, each set by the way that `npm start` takes. */
async function tested(
  { tensors }: Trained,
  test: Pictures,
  backend: Backend,
): Promise<{ readonly mnist: number; readonly heldOut: number; readonly words: string }> {
  const model = digitsNetwork();
  loadState(model, tensors);
  const reader = await openReader(model, backend);
  const drawn = drawnHeldOut();
  const [mnist, heldOut] = [
    accuracyOf(await reader.read(test.images), test.labels),
    accuracyOf(await reader.read(drawn.images), drawn.labels),
  ];
  await reader.close();
  const styles = `${count(drawn.count)} drawn digits in ${heldOutStyles.length} styles never trained on (${heldOutStyles.join(", ")})`;
  const words = `${percent(mnist)} of MNIST's ${count(test.count)} test images, ${percent(heldOut)} of ${styles}`;
  return { mnist, heldOut, words };
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

leave(main);
