/** The room's state: what is chosen, what the worker told, and how the choice goes into the address and comes back. */
import { batch, computed, signal, type ReadonlySignal, type Signal } from "@preact/signals";
import type { ErrorFacts } from "@tatamijs/core";
import type { BackendName } from "tatamijs";
import { language } from "../preferences.ts";
import { addressOf, amend, route } from "../route.ts";
import type { Trained } from "../trained.ts";
import { append, none, type Curve } from "./curve.ts";
import { plainly } from "./facts.ts";
import { byFrame } from "./frames.ts";
import { build, layersText, type Built } from "./layers.ts";
import type { About, Asked, Maps, SiteData, State, Test, Told } from "./messages.ts";
import { backendFrom, fromQuery, toQuery, usual, type Settings, type Source } from "./settings.ts";

export const settings: Signal<Settings> = signal(usual);
/** The layers of now, built: their sizes, or the library's word on what does not fit. */
export const built: ReadonlySignal<Built> = computed(() => build(settings.value.layers));
export const backend: Signal<BackendName> = signal("wasm");
export const variant: Signal<string> = signal("");
export const sources: Signal<readonly Source[]> = signal(["drawn"]);
export const counts: Signal<{ readonly training: number; readonly testing: number }> = signal({
  training: 0,
  testing: 0,
});

export const state: Signal<State> = signal("preparing");
export const step: Signal<number> = signal(0);
export const epoch: Signal<number> = signal(0);
export const speed: Signal<number> = signal(0);
export const losses: Signal<Curve> = signal(none);
/** Of the tests so far only the figures; the latest whole. */
export const tests: Signal<readonly Pick<Test, "step" | "loss" | "accuracy">[]> = signal([]);
export const latest: Signal<Test | undefined> = signal(undefined);
export const maps: Signal<Maps | undefined> = signal(undefined);
/** Which row's filters are shown. */
export const shownRow: Signal<number> = signal(0);
export const problems: Signal<Readonly<Partial<Record<About, ErrorFacts>>>> = signal({});
export const lost: Signal<Extract<Told, { kind: "lost" }> | undefined> = signal(undefined);

/** Would train, were it not for a hidden page. */
let wanted = false;
let worker: Worker | undefined;
let soon: ReturnType<typeof setTimeout> | undefined;
/** It is known what there is to train on. */
let entered = false;
let standard: Source = "drawn";
let saving: ((taken: Trained) => void) | undefined;

const ask = (asked: Asked): void => worker?.postMessage(asked, []);

function solve(about: About): void {
  const { [about]: _, ...others } = problems.value;
  problems.value = others;
}

function hear(told: Told): void {
  batch(() => {
    switch (told.kind) {
      case "state":
        // Of a run that is about to be replaced.
        if (soon !== undefined) return;
        // A single step is over before it could be called a training.
        if (told.state === "running" && !wanted) return;
        state.value = told.state;
        if (told.state === "paused" || told.state === "done") speed.value = 0;
        return;
      case "began":
        // Weights from a file may bring their layers.
        if (layersText(told.settings.layers) !== layersText(settings.value.layers)) {
          settings.value = told.settings;
          write();
        }
        counts.value = { training: told.training, testing: told.testing };
        clear();
        return;
      case "losses":
        losses.value = append(losses.value, told.first, told.losses);
        step.value = told.first + told.losses.length - 1;
        epoch.value = told.epoch;
        if (told.stepsPerSecond > 0) speed.value = told.stepsPerSecond;
        return;
      case "test":
        latest.value = told.test;
        tests.value = [
          ...tests.value.filter(({ step: at }) => at < told.test.step),
          { step: told.test.step, loss: told.test.loss, accuracy: told.test.accuracy },
        ];
        return;
      case "maps":
        if (told.maps.row === shownRow.value) maps.value = told.maps;
        return;
      case "backend":
        backend.value = told.name;
        variant.value = told.variant;
        write();
        return;
      case "lost":
        lost.value = told;
        return;
      case "problem":
        problems.value = { ...problems.value, [told.about]: told.error };
        return;
      case "files":
        sources.value = [...new Set([...sources.value, told.source])];
        solve("data");
        change({ source: told.source });
        return;
      case "saved":
        saving?.({ layers: told.layers, weights: told.bytes });
        return;
    }
  });
}

function clear(): void {
  step.value = 0;
  epoch.value = 0;
  speed.value = 0;
  losses.value = none;
  tests.value = [];
  latest.value = undefined;
  lost.value = undefined;
}

/** The names of MNIST's files in this site's data folder and where they are; empty if it has none. */
async function siteData(): Promise<SiteData> {
  if (!navigator.onLine) return {};
  try {
    const folder = new URL("data/", document.baseURI);
    const { mnist = [] } = (await (await fetch(new URL("index.json", folder))).json()) as {
      readonly mnist?: readonly string[];
    };
    return Object.fromEntries(mnist.map((name) => [name, new URL(name, folder).href]));
  } catch {
    return {};
  }
}

/** Once: the worker, and what it may train on. */
export async function enter(): Promise<void> {
  if (worker !== undefined) return;
  worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module", name: "tatami-training" });
  // Of the weights, only the latest are worth a frame.
  const told = byFrame(hear, (older, newer) => older.kind === "maps" && newer.kind === "maps");
  worker.addEventListener("message", ({ data }: MessageEvent<Told>) => told(data));
  worker.addEventListener("error", ({ message }) => {
    problems.value = { ...problems.value, training: plainly(message) };
    state.value = "ready";
  });
  const site = await siteData();
  if (Object.keys(site).length === 4) {
    sources.value = ["site", ...sources.value];
    standard = "site";
  }
  worker.postMessage(site, []);
  entered = true;
  read(route.value.query, true);
}

/** Follows the address when the visitor goes back or forward. One that says nothing is the way in: all is as it was left. */
export function follow(query: URLSearchParams): void {
  if (!entered) return;
  if ([...query.keys()].every((key) => key === "hide")) write();
  else read(query, false);
}

/** `anew`: begins also where the settings are those of now. */
function read(query: URLSearchParams, anew: boolean): void {
  const said = fromQuery(query, standard);
  const next: Settings = sources.value.includes(said.source) ? said : { ...said, source: "drawn" };
  const name = backendFrom(query);
  if (name !== backend.value) ask({ kind: "backend", name });
  if (!anew && layersAnd(next) === layersAnd(settings.value)) return;
  settings.value = next;
  begin();
}

const layersAnd = (one: Settings): string => JSON.stringify({ ...one, layers: layersText(one.layers) });

let due: ReturnType<typeof setTimeout> | undefined;

/** Browsers refuse to amend more than a few times a second. */
function write(): void {
  clearTimeout(due);
  due = setTimeout(() => {
    if (route.value.room !== "train") return;
    const hide = route.value.query.get("hide") ?? undefined;
    amend(addressOf("train", { hide, ...toQuery(settings.value, backend.value, standard) }));
  }, 200);
}

function begin(weights?: Uint8Array): void {
  clearTimeout(soon);
  soon = undefined;
  wanted = false;
  if (built.value.problem !== undefined) {
    ask({ kind: "pause" });
    state.value = "ready";
    return;
  }
  const rows = built.value.rows;
  if (rows[shownRow.value]?.weight === undefined) look(rows.findIndex(({ weight }) => weight !== undefined));
  state.value = "preparing";
  ask({ kind: "begin", settings: settings.value, weights });
}

/** Other settings are another run. */
export function change(next: Partial<Settings>): void {
  settings.value = { ...settings.value, ...next };
  solve("training");
  write();
  // A number that is stepped through is one change.
  clearTimeout(soon);
  state.value = "preparing";
  ask({ kind: "pause" });
  soon = setTimeout(begin, 250);
}

export function reset(): void {
  batch(() => {
    problems.value = {};
    begin();
  });
}

export function go(): void {
  wanted = true;
  solve("training");
  state.value = "running";
  ask({ kind: "go" });
}

export function pause(): void {
  wanted = false;
  ask({ kind: "pause" });
}

export function oneStep(): void {
  wanted = false;
  ask({ kind: "step" });
}

export function choose(name: BackendName): void {
  solve("backend");
  lost.value = undefined;
  ask({ kind: "backend", name });
  if (wanted && state.value === "running") ask({ kind: "go" });
}

export function look(row: number): void {
  shownRow.value = row;
  maps.value = undefined;
  ask({ kind: "look", row });
}

export function give(files: readonly File[]): void {
  solve("data");
  wanted = false;
  ask({ kind: "files", files });
}

/** The weights of now. */
export function saved(): Promise<Trained> {
  return new Promise((resolve) => {
    saving = resolve;
    ask({ kind: "save" });
  });
}

export function load(bytes: Uint8Array): void {
  solve("weights");
  begin(bytes);
}

/** A page that nobody sees does not train; it goes on when it is seen again. */
export function seen(visible: boolean): void {
  if (!visible && state.value === "running") ask({ kind: "pause" });
  else if (visible && wanted && state.value !== "done") ask({ kind: "go" });
}

/** Who leaves the room has paused. */
export function leave(): void {
  if (state.value === "running") pause();
}

/** Numbers as they are written in the language of now. */
export const figure = (value: number): string => value.toLocaleString(language.value);
