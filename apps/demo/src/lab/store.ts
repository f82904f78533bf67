/** The room's state: the lab, the cell that is looked at, what is picked; and how it goes into the address and comes back. */
import { batch, computed, signal, type ReadonlySignal, type Signal } from "@preact/signals";
import { addressOf, amend, go, route, type Route } from "../route.ts";
import { outcome, type Outcome } from "./convolve.ts";
import { fromText, toText } from "./link.ts";
import { most, type Lab } from "./state.ts";
import { tour } from "./tour.ts";

/** Longest address that is shared; a larger lab is saved as a file. */
const longest = 2000;

export const lab: Signal<Lab> = signal(tour[0]!.lab);
export const result: ReadonlySignal<Outcome> = computed(() => outcome(lab.value));

/** The image, filter and position of the output cell that is looked at. */
export const image: Signal<number> = signal(0);
export const filter: Signal<number> = signal(0);
const place: Signal<number> = signal(0);
/** Which of the filter's channels is shown large. */
export const channel: Signal<number> = signal(0);
/** An input cell whose outputs are shown. */
export const picked: Signal<{ readonly y: number; readonly x: number } | undefined> = signal(undefined);
export const playing: Signal<boolean> = signal(false);
export const drawing: Signal<boolean> = signal(false);
export const pen: Signal<number> = signal(5);
export const view: Signal<"window" | "matrix"> = signal("window");
/** The step whose text is shown: the last one that was entered. */
export const guide: Signal<number> = signal(0);
/** Is the lab too large for an address? */
export const tooLong: Signal<boolean> = signal(false);

/** Row and column of the output cell, inside the output whatever was changed. */
export const at: ReadonlySignal<{ readonly y: number; readonly x: number }> = computed(() => {
  const [height = 1, width = 1] = result.value.geometry?.output ?? [];
  const index = Math.min(place.value, height * width - 1);
  return { y: Math.floor(index / width), x: index % width };
});

export function look(y: number, x: number): void {
  const [height = 1, width = 1] = result.value.geometry?.output ?? [];
  const inside = (v: number, size: number): number => Math.max(0, Math.min(size - 1, v));
  place.value = inside(y, height) * width + inside(x, width);
}

/** The next output cell; after the last the first. */
export function advance(): void {
  const [height = 1, width = 1] = result.value.geometry?.output ?? [];
  place.value = (at.value.y * width + at.value.x + 1) % (height * width);
}

/** Puts another lab in place. `step` makes it a step of the history. */
export function show(next: Lab, step: boolean = false): void {
  if (next === lab.value) return;
  batch(() => {
    lab.value = next;
    settle(next);
  });
  void write(next, step);
}

/** What is looked at must be there. */
function settle(next: Lab): void {
  if (image.value >= next.n) image.value = 0;
  if (filter.value >= (next.op === "conv2d" ? next.fn : next.c)) filter.value = 0;
  if (channel.value >= next.c) channel.value = 0;
  const at = picked.value;
  if (at !== undefined && (at.y >= next.h || at.x >= next.w)) picked.value = undefined;
  if (next.h > most.size || next.w > most.size) throw new RangeError("the lab is too large");
}

export function visit(index: number): void {
  const next = tour[index];
  if (next === undefined) return;
  batch(() => {
    guide.value = index;
    place.value = 0;
    image.value = 0;
    filter.value = 0;
    channel.value = 0;
    picked.value = undefined;
  });
  show(next.lab, true);
}

/** Flags of a shared address that outlive changes: what a teacher hides stays hidden. */
const kept = (): Record<string, string | undefined> => ({ hide: route.value.query.get("hide") ?? undefined });

let latest = 0;
let wait: ReturnType<typeof setTimeout> | undefined;

async function write(next: Lab, step: boolean): Promise<void> {
  const mine = ++latest;
  clearTimeout(wait);
  const index = tour.findIndex((one) => one.lab === next);
  const text = index >= 0 ? undefined : await toText(next);
  if (mine !== latest) return;
  const address = addressOf("", { ...kept(), step: index > 0 ? `${index + 1}` : undefined, s: text });
  const base = location.href.split("#")[0]!.length;
  tooLong.value = base + address.length > longest;
  if (tooLong.value) return;
  if (step) go(address);
  // Browsers refuse to amend more than a few times a second.
  else wait = setTimeout(() => amend(address), 200);
}

/** Was the room left? */
let left = false;

export function leave(): void {
  left = true;
  playing.value = false;
  // What would still be written down belongs to no other room's address.
  latest++;
  clearTimeout(wait);
}

/**
 * Follows the address: at the start, and when the visitor goes back or forward. For who comes back into the room by its
 * link, which says nothing, all is as it was left.
 */
export async function follow({ query, linked }: Route): Promise<void> {
  const back = left && linked && !query.has("s") && !query.has("step");
  left = false;
  await (back ? write(lab.value, false) : read(query));
}

async function read(query: URLSearchParams): Promise<void> {
  const mine = ++latest;
  clearTimeout(wait);
  const text = query.get("s");
  const index = Number(query.get("step") ?? "1") - 1;
  const found = text === null ? undefined : await fromText(text);
  if (mine !== latest) return;
  const known = tour[index] === undefined ? 0 : index;
  batch(() => {
    if (text === null) guide.value = known;
    lab.value = found ?? tour[known]!.lab;
    settle(lab.value);
  });
}
