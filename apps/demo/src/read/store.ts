/** What is drawn, and what the network says of it. Only the latest drawing is read: strokes that come faster are joined. */
import { drawnDigits, preprocessLines, SIDE, heldOutStyles, type Line } from "@tatamijs/digits";
import { batch, signal, type Signal } from "@preact/signals";
import { TatamiError, type BackendName } from "tatamijs";
import { afterLoss, backendNames } from "../backends.ts";
import { addressOf, amend, route } from "../route.ts";
import type { Trained } from "../trained.ts";
import { inkFrom, inkText, sampleFrom } from "./link.ts";
import { openNetwork, type Network } from "./network.ts";

export interface Reading {
  readonly pixels: Float32Array;
  readonly maps: readonly ArrayLike<number>[];
  readonly probabilities: ArrayLike<number>;
  /** From the stroke to the numbers. */
  readonly milliseconds: number;
}

/** Strokes in the pad's unit, 0 to 1. */
export const lines: Signal<readonly Line[]> = signal([]);
/** A sample's 28 × 28 bytes, where one is shown in place of strokes. */
export const sample: Signal<Uint8Array | undefined> = signal(undefined);
export const reading: Signal<Reading | undefined> = signal(undefined);
export const chosen: Signal<BackendName> = signal("wasm");
export const problem: Signal<string> = signal("");
/** A device that is gone, and why; `chosen` is what reads now. */
export const lost: Signal<{ readonly name: BackendName; readonly reason: string } | undefined> = signal(undefined);
/** The cell that is asked about: which of `shown`, which map, where. */
export const asked: Signal<
  { readonly index: number; readonly f: number; readonly y: number; readonly x: number } | undefined
> = signal(undefined);
export const network: Signal<Network | undefined> = signal(undefined);

/** What was trained in this page, where that is to read. */
let own: Trained | undefined;

/** Reads with a network that was trained in this page, or, undefined, with the one that the house ships. */
export function readWith(next: Trained | undefined): void {
  if (next === own) return;
  own = next;
  if (network.value !== undefined) void choose(chosen.value);
}

let turn = 0;

/** Of two that are chosen one after the other, the later one is used, whichever opens first. */
export async function choose(name: BackendName): Promise<void> {
  lost.value = undefined;
  let mine = ++turn;
  try {
    await use(name, mine);
  } catch (error) {
    problem.value = error instanceof Error ? error.message : String(error);
  }
  // WebGPU may be missing and WebAssembly forbidden; plain TypeScript never is. Whom the visitor chose meanwhile comes first.
  for (const other of ["wasm", "cpu"] as const) {
    if (network.value !== undefined || turn !== mine) break;
    const why = problem.value;
    mine = ++turn;
    await use(other, mine).catch(() => undefined);
    problem.value = why;
  }
}

/** @throws TatamiError as `openNetwork` (rejects). */
async function use(name: BackendName, mine: number): Promise<void> {
  const opened = await openNetwork(name, own);
  if (mine !== turn) {
    opened.close();
    return;
  }
  const before = network.value;
  batch(() => {
    network.value = opened;
    asked.value = undefined;
    chosen.value = name;
    problem.value = "";
  });
  void opened.lost.then((reason) => {
    if (network.value === opened) void goOn(name, reason);
  });
  before?.close();
  readAgain();
  write();
}

const next = afterLoss();

async function goOn(name: BackendName, reason: string): Promise<void> {
  lost.value = { name, reason };
  const mine = ++turn;
  for (const other of next(name)) {
    try {
      await use(other, mine);
      return;
    } catch (error) {
      problem.value = error instanceof Error ? error.message : String(error);
    }
    if (mine !== turn) return;
  }
}

/** A loss is told where it is heard of, and what was closed is read again on what came in its place. */
const isOver = (error: unknown): boolean =>
  error instanceof TatamiError && (error.code === "device-lost" || error.code === "closed");

let busy = false;
let waiting = false;
let began = 0;

/** Reads what is on the pad now. */
export function readAgain(): void {
  if (!busy) began = performance.now();
  waiting = true;
  if (busy) return;
  busy = true;
  void (async () => {
    try {
      while (waiting) {
        waiting = false;
        await readOnce();
        began = performance.now();
      }
    } catch (error) {
      if (!isOver(error)) problem.value = error instanceof Error ? error.message : String(error);
    }
    busy = false;
    // What was drawn, or opened, while this went wrong.
    if (waiting) readAgain();
  })();
}

async function readOnce(): Promise<void> {
  const bytes = picture();
  const reader = network.value;
  if (bytes === undefined || reader === undefined) {
    reading.value = undefined;
    return;
  }
  const pixels = Float32Array.from(bytes, (value) => value / 255);
  const told = await reader.read(pixels);
  reading.value = { pixels, ...told, milliseconds: performance.now() - began };
}

/** 28 × 28 bytes as training saw them, or undefined for an empty pad. */
function picture(): Uint8Array | undefined {
  if (sample.value !== undefined) return sample.value;
  return lines.value.length === 0 ? undefined : preprocessLines(lines.value);
}

export function add(point: { readonly x: number; readonly y: number }, begins: boolean): void {
  const before = sample.value === undefined ? lines.value : [];
  sample.value = undefined;
  lines.value = begins || before.length === 0 ? [...before, [point]] : before.with(-1, [...before.at(-1)!, point]);
  readAgain();
  write();
}

export function undo(): void {
  sample.value = undefined;
  lines.value = lines.value.slice(0, -1);
  readAgain();
  write();
}

export function clear(): void {
  sample.value = undefined;
  lines.value = [];
  asked.value = undefined;
  readAgain();
  write();
}

let seed = 100;
/** Of the sample that is shown, for the address. */
let hand = 0;
let shown = 0;

/** A digit in a hand that training never saw. */
export function showSample(digit: number, whose: number = seed++): void {
  const { images } = drawnDigits({ count: 10, seed: whose, styles: heldOutStyles });
  [shown, hand] = [digit, whose];
  batch(() => {
    lines.value = [];
    sample.value = images.slice(digit * SIDE * SIDE, (digit + 1) * SIDE * SIDE);
  });
  readAgain();
  write();
}

/** Before anybody drew: a digit that is read. */
const first = { digit: 3, seed: 99 };

/** Follows the address: when the room is entered, and when the visitor goes back or forward. */
export async function follow(query: URLSearchParams): Promise<void> {
  const ink = inkFrom(query.get("ink") ?? "");
  const asks = sampleFrom(query.get("digit") ?? "");
  if (ink !== undefined) {
    batch(() => {
      sample.value = undefined;
      lines.value = ink;
    });
    readAgain();
  } else if (asks !== undefined) showSample(asks.digit, asks.seed);
  // An address that says nothing is the way in: all is as it was left.
  else if (lines.value.length === 0 && sample.value === undefined) showSample(first.digit, first.seed);
  const wanted = backendNames.find((name) => name === query.get("on")) ?? chosen.value;
  if (network.value === undefined || wanted !== chosen.value) await choose(wanted);
  write();
}

let due: ReturnType<typeof setTimeout> | undefined;

/** What is drawn and what reads it, into the address. Browsers refuse to amend more than a few times a second. */
function write(): void {
  clearTimeout(due);
  due = setTimeout(() => {
    if (route.value.room !== "read") return;
    const sampled = sample.value !== undefined;
    amend(
      addressOf("read", {
        hide: route.value.query.get("hide") ?? undefined,
        ink: sampled || lines.value.length === 0 ? undefined : inkText(lines.value),
        digit: sampled && hand !== first.seed ? `${shown}.${hand}` : undefined,
        on: chosen.value === "wasm" ? undefined : chosen.value,
      }),
    );
  }, 300);
}
