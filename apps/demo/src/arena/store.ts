/** The arena's state: the backends that are here, the times so far, the kit's results. One worker works, and stopping ends it. */
import { batch, computed, signal, type ReadonlySignal, type Signal } from "@preact/signals";
import type { Report, Result, Status } from "@tatamijs/conformance";
import type { OpName } from "@tatamijs/core";
import type { BackendName } from "tatamijs";
import { backendNames } from "../backends.ts";
import { addressOf, amend, route } from "../route.ts";
import { allOps } from "./ops.ts";
import type { Asked, Device, Opened, Timed, Told } from "./protocol.ts";

export const device: Signal<Device | undefined> = signal(undefined);
export const backends: Signal<ReadonlyMap<BackendName, Opened>> = signal(new Map());
/** By `id/name`. */
export const times: Signal<ReadonlyMap<string, Timed>> = signal(new Map());
export const busy: Signal<Asked["job"] | undefined> = signal(undefined);
/** The contests of the latest race. */
export const racing: Signal<readonly string[]> = signal([]);
export const problem: Signal<string> = signal("");

/** Backends that the visitor left out. */
export const without: Signal<ReadonlySet<BackendName>> = signal(new Set());
/** Milliseconds for each contest on each backend. */
export const budgets: Readonly<Record<"short" | "long", number>> = { short: 400, long: 3000 };
export const budget: Signal<"short" | "long"> = signal("short");
/** The ops that the kit is to check. */
export const ops: Signal<ReadonlySet<OpName>> = signal(new Set(allOps));

export const here: ReadonlySignal<readonly BackendName[]> = computed(() =>
  backendNames.filter((name) => backends.value.get(name)?.here === true && !without.value.has(name)),
);

export type Counts = Readonly<Record<Status, number>>;

export interface KitRun {
  readonly state: "waiting" | "running" | "done" | "stopped";
  readonly done: number;
  readonly all: number;
  readonly counts: ReadonlyMap<OpName | "backend", Counts>;
  /** What did not pass. */
  readonly odd: readonly Result[];
  readonly report?: Report;
}

export const kitRuns: Signal<ReadonlyMap<BackendName, KitRun>> = signal(new Map());
/** When the latest job ended by itself: what is worth telling. */
export const ended: Signal<Asked["job"] | undefined> = signal(undefined);

/** Ends the job that runs. */
let cease: (() => void) | undefined;

/** A fresh worker for each job: nothing of an earlier one is in its way. → whether it came to its end by itself. */
function work(asked: Asked, heard: (told: Told) => void): Promise<boolean> {
  cease?.();
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module", name: "tatami-arena" });
  batch(() => {
    busy.value = asked.job;
    problem.value = "";
    ended.value = undefined;
  });
  return new Promise((resolve) => {
    const over = (finished: boolean, why: string = ""): void => {
      worker.terminate();
      cease = undefined;
      batch(() => {
        busy.value = undefined;
        problem.value = why;
      });
      resolve(finished);
    };
    cease = () => over(false);
    worker.addEventListener("error", (event) => over(true, event.message || "the worker could not be started"));
    worker.addEventListener("message", ({ data }: MessageEvent<Told>) => {
      if (data.what === "ended") over(true);
      else if (data.what === "failed") over(true, data.why);
      else batch(() => heard(data));
    });
    worker.postMessage(asked, []);
  });
}

function note(told: Told): void {
  if (told.what === "device") device.value = told.device;
  if (told.what === "opened") backends.value = new Map(backends.value).set(told.opened.name, told.opened);
  if (told.what === "timed") times.value = new Map(times.value).set(`${told.timed.id}/${told.timed.name}`, told.timed);
}

/** Looks what is here. */
export async function look(): Promise<void> {
  await work({ job: "open", names: backendNames }, note);
}

export async function race(ids: readonly string[]): Promise<void> {
  const next = new Map(times.value);
  for (const id of ids) for (const name of backendNames) next.delete(`${id}/${name}`);
  times.value = next;
  racing.value = ids;
  if (await work({ job: "race", names: here.value, ids, budget: budgets[budget.value] }, note)) ended.value = "race";
}

/** On each backend that takes part, one after the other. */
export async function runKit(): Promise<void> {
  const chosen = allOps.filter((op) => ops.value.has(op));
  const names = here.value;
  kitRuns.value = new Map(names.map((name) => [name, waiting]));
  for (const name of names) {
    put(name, { state: "running" });
    const finished = await work({ job: "kit", name, ops: chosen }, (told) => {
      if (told.what === "results") add(name, told.results, told.done, told.all);
      if (told.what === "reported") put(name, { state: "done", report: told.report });
    });
    // Where the worker fails, the others still have their turn.
    if (kitRuns.value.get(name)!.state !== "done") put(name, { state: "stopped" });
    if (!finished) break;
  }
  if ([...kitRuns.value.values()].every(({ state }) => state === "done")) ended.value = "kit";
}

const waiting: KitRun = { state: "waiting", done: 0, all: 0, counts: new Map(), odd: [] };

function put(name: BackendName, change: Partial<KitRun>): void {
  kitRuns.value = new Map(kitRuns.value).set(name, { ...kitRuns.value.get(name)!, ...change });
}

const none: Counts = { pass: 0, fail: 0, declined: 0, "not-run": 0 };

function add(name: BackendName, results: readonly Result[], done: number, all: number): void {
  const run = kitRuns.value.get(name)!;
  const counts = new Map(run.counts);
  for (const { op, status } of results) {
    const before = counts.get(op) ?? none;
    counts.set(op, { ...before, [status]: before[status] + 1 });
  }
  put(name, { done, all, counts, odd: [...run.odd, ...results.filter(({ status }) => status !== "pass")] });
}

/** At once, whatever is being worked on. What was told before stays. */
export function stop(): void {
  cease?.();
  const begun = new Set(["preparing", "running"]);
  times.value = new Map([...times.value].filter(([, { state }]) => !begun.has(state)));
}

/** The choices, into the address. */
export function write(): void {
  const left = [...ops.value];
  amend(
    addressOf("arena", {
      ...Object.fromEntries(route.value.query),
      without: without.value.size === 0 ? undefined : [...without.value].join("."),
      time: budget.value === "short" ? undefined : budget.value,
      ops: left.length === allOps.length ? undefined : left.join("."),
    }),
  );
}

/** Follows the address. */
export function read(query: URLSearchParams): void {
  const list = (key: string): readonly string[] => (query.get(key) ?? "").split(".");
  const asked = list("ops");
  batch(() => {
    without.value = new Set(backendNames.filter((name) => list("without").includes(name)));
    budget.value = query.get("time") === "long" ? "long" : "short";
    ops.value = new Set(query.has("ops") ? allOps.filter((op) => asked.includes(op)) : allOps);
  });
}
