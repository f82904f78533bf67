/**
 * `npm start`: the shipped network reads digits on each backend of this machine. MNIST's test images where they can be
 * had, else digits that we draw, which are then called so. Ends by itself.
 */
import { parseArgs } from "node:util";
import { parameterCount } from "@tatamijs/nn";
import { TatamiError } from "@tatamijs/core";
import type { Backend } from "@tatamijs/core/backend";
import { backendNamed, backends, type BackendChoice } from "./backends.ts";
import { flags, leave } from "./command.ts";
import { downloadBar } from "./download-bar.ts";
import { loadMnist } from "./mnist.ts";
import { gallery, inkFor } from "./picture.ts";
import { accuracyOf, differenceOf, openReader } from "./reader.ts";
import type { Reading } from "./reader.ts";
import { backendTable, columnsOf, count, folded, percent, phase } from "./report.ts";
import type { BackendRow } from "./report.ts";
import { between, drawnAnew, drawnHeldOut, together } from "./sets.ts";
import type { Pictures } from "./sets.ts";
import { shown } from "./shown.ts";
import { heldOutStyles, trainedStyles } from "./strokes/styles.ts";
import { loadDigits } from "./weights.ts";

/** Of so many pictures a backend that a processor plays reads the first ones, so that nobody waits for minutes. */
const enough = 1_000;

const HELP = `npm start [-- --once | --serve] [--backend NAME] [--weights FILE]

Reads digits with the network that the repository ships, on each backend of this machine; then, at a terminal, serves the
demo site on localhost until Ctrl-C. --once ends after the report; --serve stays even where the output is no terminal.
--backend: on that one and the one it is compared with; of webgpu, also where a processor plays the GPU, which then reads ${count(enough)}.`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    args: flags(),
    options: {
      backend: { type: "string" },
      // What these two ask for is done by scripts/start.ts, which runs this.
      once: { type: "boolean", default: false },
      serve: { type: "boolean", default: false },
      weights: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    say(HELP);
    return 0;
  }
  const asked = values.backend === undefined ? undefined : backendNamed(values.backend);
  const chosen = asked === undefined ? backends : [...new Set([backends[0]!, asked])];
  const begin = performance.now();
  const { model } = await timed("weights", async () => {
    const loaded = await loadDigits(values.weights);
    return { ...loaded, words: `${count(parameterCount(loaded.model))} parameters, trained by tatami` };
  });
  const digits = await timed("digits", toRead);

  const rows: BackendRow[] = [];
  let first: Reading | undefined;
  for (const choice of chosen) {
    const { name } = choice;
    await timed(name, async () => {
      const backend = await opened(choice, choice === asked);
      if (typeof backend === "string") return { words: backend };
      const few = choice.played?.(backend) === true && digits.count > enough;
      const pictures = few ? between(digits, 0, enough) : digits;
      const reader = await openReader(model, backend);
      const reading = await reader.read(pictures.images);
      await reader.close();
      await backend.close();
      rows.push({
        name,
        variant: backend.traits.variant,
        accuracy: accuracyOf(reading, pictures.labels),
        imagesPerSecond: reading.count / reading.seconds,
        difference: first === undefined ? undefined : differenceOf(reading, first),
      });
      first ??= reading;
      const which = few ? `the first ${count(enough)}` : count(reading.count);
      return { words: `${which} ${digits.called} read${few ? ": a processor plays the GPU" : ""}` };
    });
  }
  say("");
  for (const line of backendTable(rows, columns())) say(line);
  if (first !== undefined) {
    for (const line of digits.groups(first)) for (const part of folded(line, columns())) say(part);
    say("");
    const { isTTY, env } = { isTTY: process.stdout.isTTY, env: process.env };
    for (const line of gallery(shown(digits, first), inkFor({ isTTY, env }), columns())) say(line);
  }
  say("");
  say(phase("all", (performance.now() - begin) / 1000, "", columns()).trimEnd());
  return 0;
}

/** Or why it is left out. */
async function opened({ name, open, mayLack }: BackendChoice, asked: boolean): Promise<Backend | string> {
  try {
    return await open(asked);
  } catch (error) {
    if (mayLack === true && !asked && error instanceof TatamiError && error.code === "backend")
      // Its name stands at the beginning of the line already.
      return `left out: ${error.message.replace(`${name}: `, "")}`;
    throw error;
  }
}

interface ToRead extends Pictures {
  /** `test images of MNIST` */
  readonly called: string;
  /** What there is to say of parts of them. */
  groups(reading: Reading): readonly string[];
  readonly words: string;
}

async function toRead(): Promise<ToRead> {
  const bar = downloadBar(process.stdout);
  const outcome = await loadMnist("test", { onProgress: bar.update });
  bar.close();
  if (outcome.found) {
    const { digits, from } = outcome;
    const where = { TATAMI_DATA: "from TATAMI_DATA", cache: "from this user's cache", download: "downloaded" }[from];
    return {
      ...digits,
      called: "test images of MNIST",
      groups: () => [],
      words: `${count(digits.count)} test images of MNIST, ${where}`,
    };
  }
  const [unknown, known] = [drawnHeldOut(3_000), drawnAnew()];
  const indices = (start: number, length: number): readonly number[] => Array.from({ length }, (_, i) => start + i);
  const all = together(unknown, known);
  return {
    ...all,
    called: "drawn digits",
    groups: (reading) => [
      `${percent(accuracyOf(reading, all.labels, indices(0, unknown.count)))} of the styles never trained on: ${heldOutStyles.join(", ")}`,
      `${percent(accuracyOf(reading, all.labels, indices(unknown.count, known.count)))} of new drawings in the ${trainedStyles.length} styles trained on`,
    ],
    words: `${outcome.line} Read instead: drawn digits, strokes of ours and no handwriting`,
  };
}

/** Runs a phase and prints its line, whose words are in what it gives. */
async function timed<T extends { readonly words: string }>(name: string, work: () => Promise<T>): Promise<T> {
  const begin = performance.now();
  const result = await work();
  say(phase(name, (performance.now() - begin) / 1000, result.words, columns()));
  return result;
}

const columns = (): number => columnsOf(process.stdout);

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

leave(main);
