/**
 * The trained network on one backend, ready to read: compiled once for a batch size, whatever is given is cut into
 * batches of it.
 */
import { TatamiError, input, show, softmax } from "@tatamijs/core";
import type { Layer } from "@tatamijs/core";
import type { Backend } from "@tatamijs/core/backend";
import { compile, openSession } from "@tatamijs/engine";
import type { Program, Session } from "@tatamijs/engine";
import { inference } from "@tatamijs/nn";
import { CLASSES, pixels } from "./network.ts";
import { SIDE } from "./preprocess.ts";

/** What the network says about pictures. Row i, ten values wide, is of picture i. */
export interface Reading {
  readonly count: number;
  /** The class of the highest score. */
  readonly digits: Uint8Array;
  /** Of each class, 0 to 1. */
  readonly probabilities: Float32Array;
  /** Before softmax: what backends are compared by, for a probability near 1 hides differences. */
  readonly scores: Float32Array;
  /** Wall-clock seconds from bytes to answers. */
  readonly seconds: number;
}

export interface Reader {
  /** `images` as `pixels` takes them. @throws TatamiError as `pixels`; "device-lost", "closed" (rejects). */
  read(images: Uint8Array): Promise<Reading>;
  /** Frees what the network holds on the backend, which stays open. */
  close(): Promise<void>;
}

/**
 * Compiles the network, whose weights are those it starts from, for prediction on a backend.
 *
 * @throws TatamiError "argument" for a batch size that isn't whole and ≥ 1; "declined", "out-of-memory" as `compile`.
 */
export async function openReader(model: Layer, backend: Backend, batchSize = 100): Promise<Reader> {
  if (!Number.isInteger(batchSize) || batchSize < 1) {
    throw new TatamiError("argument", `batchSize is ${show(batchSize)}; give a whole number ≥ 1`, { op: "openReader" });
  }
  const session = openSession(backend);
  try {
    const program = await compiled(model, session, batchSize);
    // The first run makes packed weights and warms the kernels: no part of any timing.
    await program.run([new Float32Array(batchSize * SIDE * SIDE)]);
    return { read: async (images) => readAll(program, images, batchSize), close: async () => session.close() };
  } catch (error) {
    await session.close();
    throw error;
  }
}

async function compiled(model: Layer, session: Session, batchSize: number): Promise<Program> {
  const x = input([batchSize, 1, SIDE, SIDE]);
  const scores = model.forward(x, inference());
  return compile({ inputs: [x], outputs: [scores, softmax(scores)] }, session);
}

async function readAll(program: Program, images: Uint8Array, batchSize: number): Promise<Reading> {
  const begin = performance.now();
  const { data, shape } = pixels(images);
  const [count] = shape;
  const scores = new Float32Array(count * CLASSES);
  const probabilities = new Float32Array(count * CLASSES);
  for (let first = 0; first < count; first += batchSize) {
    const part = data.subarray(first * SIDE * SIDE, (first + batchSize) * SIDE * SIDE);
    await program.step([padded(part, batchSize)]);
    const rows = Math.min(batchSize, count - first) * CLASSES;
    const [s, p] = await Promise.all([program.read(0), program.read(1)]);
    scores.set(s.subarray(0, rows), first * CLASSES);
    probabilities.set(p.subarray(0, rows), first * CLASSES);
  }
  const digits = Uint8Array.from({ length: count }, (_, i) => highest(scores, i));
  return { count, digits, probabilities, scores, seconds: (performance.now() - begin) / 1000 };
}

/** A last batch that is not full reads blank paper too: cheaper than a program of its own. */
function padded(part: Float32Array, batchSize: number): Float32Array {
  const length = batchSize * SIDE * SIDE;
  if (part.length === length) return part;
  const full = new Float32Array(length);
  full.set(part);
  return full;
}

/** The class of row i with the highest score; the first of equal ones. */
function highest(scores: Float32Array, i: number): number {
  let best = 0;
  for (let k = 1; k < CLASSES; k++) {
    if ((scores[i * CLASSES + k] ?? 0) > (scores[i * CLASSES + best] ?? 0)) best = k;
  }
  return best;
}

/** The share of pictures read right, 0 to 1, of those whose index is in `among` (default all). */
export function accuracyOf(reading: Pick<Reading, "digits">, labels: Uint8Array, among?: readonly number[]): number {
  const { digits } = reading;
  if (digits.length !== labels.length || labels.length === 0 || among?.length === 0) {
    throw new TatamiError(
      "data-length",
      `${digits.length} readings for ${labels.length} labels; give one label per picture, and at least one`,
      { op: "accuracyOf" },
    );
  }
  const asked = among ?? Array.from(labels, (_, i) => i);
  return asked.filter((i) => digits[i] === labels[i]).length / asked.length;
}

/** The largest difference between two readings' scores. NaN where either has one. */
export function differenceOf(a: Pick<Reading, "scores">, b: Pick<Reading, "scores">): number {
  return a.scores.reduce((most, score, i) => {
    const difference = Math.abs(score - (b.scores[i] ?? Number.NaN));
    return Number.isNaN(most) || difference <= most ? most : difference;
  }, 0);
}
