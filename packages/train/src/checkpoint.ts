/**
 * A checkpoint: all that a training run needs to go on as if it had never stopped, as the bytes of one safetensors
 * file. Runtime-neutral: files, renames and fsync are in `@tatamijs/train/node`.
 *
 * Tensors are named by what they are for: `weights/0.weight`, `optimizer/0.weight.exp_avg`, `generator/0.counter`.
 * Plain numbers and texts (step, epoch, position in the data, seeds) are one JSON text in the metadata; JSON writes a
 * double so that it reads back as the same double, so resuming is exact.
 */
import { TatamiError, show } from "@tatamijs/core";
import { readSafetensors, writeSafetensors } from "./safetensors.ts";
import type { StoredTensor } from "./safetensors.ts";

export type StoredTensors = ReadonlyMap<string, StoredTensor>;

/** Plain data: what JSON can hold. NaN, infinities, −0, undefined and functions cannot be kept. */
export type Plain = null | boolean | number | string | readonly Plain[] | { readonly [key: string]: Plain };

export interface Checkpoint {
  /** The model's states by path, in their said form (`0.weight`), as in a weights file. */
  readonly weights: StoredTensors;
  /** The optimiser's slots by path. */
  readonly optimizer: StoredTensors;
  /** Counters of the random streams (dropout, augmentation) by path. */
  readonly generator: StoredTensors;
  /** Updates done since the beginning. */
  readonly step: number;
  /** Passes over the data done since the beginning. */
  readonly epoch: number;
  /** Batches of the running pass that are done. */
  readonly position: number;
  /** Whatever else the run needs: seeds, the schedule, the best result so far. */
  readonly extra: Readonly<Record<string, Plain>>;
}

const FORMAT = "tatami-checkpoint";
const VERSION = "1";
const GROUPS = ["weights", "optimizer", "generator"] as const;
const COUNTERS = ["step", "epoch", "position"] as const;

/**
 * A checkpoint as bytes. Equal checkpoints give equal bytes.
 *
 * @throws TatamiError "argument", naming the field, for counters that aren't whole and ≥ 0 and for `extra` that JSON
 * cannot hold; and what `writeSafetensors` throws for tensors.
 */
export function encodeCheckpoint(checkpoint: Checkpoint): Uint8Array {
  if (typeof checkpoint !== "object" || checkpoint === null)
    throw misuse(`checkpoint is ${show(checkpoint)}`, "a record");
  for (const counter of COUNTERS) {
    const value: unknown = checkpoint[counter];
    if (!Number.isSafeInteger(value) || (value as number) < 0) {
      throw misuse(`${counter} is ${show(value)}`, "a whole number ≥ 0");
    }
  }
  const tensors: [string, StoredTensor][] = [];
  for (const group of GROUPS) {
    const members: unknown = checkpoint[group];
    if (!(members instanceof Map)) throw misuse(`${group} is ${show(members)}`, "a Map of tensors");
    for (const [name, tensor] of members as StoredTensors) tensors.push([`${group}/${name}`, tensor]);
  }
  const { step, epoch, position, extra } = checkpoint;
  if (typeof extra !== "object" || extra === null || Array.isArray(extra)) {
    throw misuse(`extra is ${show(extra)}`, "a record of plain data");
  }
  return writeSafetensors({
    tensors,
    metadata: [
      ["format", FORMAT],
      ["version", VERSION],
      ["run", JSON.stringify({ epoch, extra: plain(extra, "extra", 0), position, step })],
    ],
  });
}

/**
 * Reads what `encodeCheckpoint` wrote.
 *
 * @throws TatamiError "format" for a file that is damaged, no checkpoint, or of another version; "argument" for
 * something other than bytes.
 */
export function decodeCheckpoint(bytes: Uint8Array): Checkpoint {
  const { tensors, metadata } = readSafetensors(bytes);
  if (metadata.get("format") !== FORMAT) {
    throw broken(
      `metadata "format" is ${show(metadata.get("format"))}, wanted ${show(FORMAT)}; read a file of weights with load`,
    );
  }
  if (metadata.get("version") !== VERSION) {
    throw broken(
      `it is of version ${show(metadata.get("version"))}, wanted "${VERSION}"; use the tatami that wrote it`,
    );
  }
  const run = parseRun(metadata.get("run"));
  const groups = { weights: new Map(), optimizer: new Map(), generator: new Map() } as Record<
    (typeof GROUPS)[number],
    Map<string, StoredTensor>
  >;
  for (const [path, tensor] of tensors) {
    const group = GROUPS.find((name) => path.startsWith(`${name}/`));
    if (group === undefined) throw broken(`tensor ${show(path)} belongs to none of ${GROUPS.join(", ")}`);
    groups[group].set(path.slice(group.length + 1), tensor);
  }
  return { ...groups, ...run };
}

function parseRun(text: string | undefined): Pick<Checkpoint, (typeof COUNTERS)[number] | "extra"> {
  let run: unknown;
  try {
    run = JSON.parse(text ?? "");
  } catch (cause) {
    throw broken(`metadata "run" is ${show(text)}, wanted JSON`, cause);
  }
  const record = isRecord(run) ? run : {};
  for (const counter of COUNTERS) {
    const value = record[counter];
    if (!Number.isSafeInteger(value) || (value as number) < 0) {
      throw broken(`${counter} is ${show(value)}, wanted a whole number ≥ 0`);
    }
  }
  const { step, epoch, position, extra } = record;
  if (!isRecord(extra)) throw broken(`extra is ${show(extra)}, wanted a record`);
  return {
    step: step as number,
    epoch: epoch as number,
    position: position as number,
    extra: extra as Readonly<Record<string, Plain>>,
  };
}

/** The value with its keys sorted, so that equal records give equal texts. The depth is bounded: no free recursion. */
function plain(value: unknown, path: string, depth: number): Plain {
  if (value === null || typeof value === "boolean" || typeof value === "string") return value;
  if (typeof value === "number" && Number.isFinite(value) && !Object.is(value, -0)) return value;
  if (depth < 32 && Array.isArray(value)) return value.map((item, i) => plain(item, `${path}[${i}]`, depth + 1));
  if (depth < 32 && isRecord(value)) {
    const sorted = Object.keys(value).sort((a, b) => (a < b ? -1 : 1));
    return Object.fromEntries(sorted.map((key) => [key, plain(value[key], `${path}.${key}`, depth + 1)]));
  }
  throw misuse(`${path} is ${show(value)}`, "plain data: null, booleans, texts, finite numbers, arrays and records");
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function misuse(given: string, wanted: string): TatamiError {
  return new TatamiError("argument", `${given}, wanted ${wanted}.`, {
    op: "encodeCheckpoint",
    details: { given, wanted },
  });
}

function broken(text: string, cause?: unknown): TatamiError {
  return new TatamiError("format", `the checkpoint cannot be read: ${text}.`, {
    op: "decodeCheckpoint",
    ...(cause === undefined ? {} : { cause }),
  });
}
