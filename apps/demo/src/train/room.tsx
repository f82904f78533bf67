/** Train in the page: a network learns digits in a worker, and all of it is to be seen. */
import { untracked, useSignal, useSignalEffect } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import { said } from "../preferences.ts";
import { hidden, route } from "../route.ts";
import { announce } from "../ui/announcer.tsx";
import { Data, Learning, Problem, Weights } from "./controls.tsx";
import { Curves, percent } from "./curves.tsx";
import { Filters } from "./filters.tsx";
import { Network } from "./network.tsx";
import { Confusion, Mistakes } from "./results.tsx";
import * as store from "./store.ts";
import { trainText } from "./text.ts";

/** Milliseconds between two words on the progress. */
const quiet = 12_000;

export function TrainRoom(): VNode {
  const t = said(trainText);
  const dropping = useSignal(false);
  useEffect(() => {
    void store.enter();
    const hidden = (): void => store.seen(document.visibilityState === "visible");
    document.addEventListener("visibilitychange", hidden);
    return () => {
      document.removeEventListener("visibilitychange", hidden);
      store.leave();
    };
  }, []);
  useSignalEffect(() => {
    const { room, query } = route.value;
    // What following looks at is no reason to follow again.
    if (room === "train") untracked(() => store.follow(query));
  });
  useAnnouncements();
  return (
    <div
      class={dropping.value ? "train dropping" : "train"}
      onDragOver={(event) => {
        event.preventDefault();
        dropping.value = true;
      }}
      onDragLeave={(event) => {
        if (event.relatedTarget === null) dropping.value = false;
      }}
      onDrop={(event) => {
        event.preventDefault();
        dropping.value = false;
        taken([...(event.dataTransfer?.files ?? [])]);
      }}
    >
      <div class="lead">
        <h1>{t.title}</h1>
        <p>{t.lead}</p>
      </div>
      <Bar />
      <div class="stage">
        <Problem about="training" />
        <Lost />
        <Curves />
        <Filters />
        <div class="under even">
          <Confusion />
          <Mistakes />
        </div>
        <div class="under even">
          <Data />
          <Weights />
        </div>
      </div>
      {hidden.value.has("controls") ? null : (
        <div class="side">
          <Network />
          <Learning />
        </div>
      )}
    </div>
  );
}

/** Weights are one file of their own kind; all else is taken for digits. */
function taken(files: readonly File[]): void {
  const [first] = files;
  if (first === undefined) return;
  if (files.length === 1 && first.name.endsWith(".safetensors"))
    void first.arrayBuffer().then((buffer) => store.load(new Uint8Array(buffer)));
  else store.give(files);
}

function Bar(): VNode {
  const t = said(trainText);
  const [state, test] = [store.state.value, store.latest.value];
  const running = state === "running";
  const unfit = store.built.value.problem !== undefined;
  const blocked = state === "preparing" || unfit;
  const loss = store.losses.value.losses;
  const recent = loss.slice(-20);
  const { epochs } = store.settings.value;
  return (
    <div class="bar">
      <div class="tools">
        <button
          type="button"
          class="play main"
          disabled={blocked}
          onClick={() => (running ? store.pause() : store.go())}
        >
          <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
            <path d={running ? "M3 2h4v12H3zM9 2h4v12H9z" : "M3 1.5v13l11-6.5z"} />
          </svg>
          {running ? t.pause : state === "ready" || state === "preparing" ? t.train : t.more}
        </button>
        <button type="button" disabled={blocked || running} onClick={store.oneStep}>
          {t.step}
        </button>
        <button type="button" disabled={unfit} onClick={store.reset}>
          {t.reset}
        </button>
      </div>
      <dl class="readout" aria-label={t.figures}>
        <div>
          <dt class="unseen">{t.figures}</dt>
          <dd class={`state ${state}`}>{t.states[unfit ? "unfit" : state]}</dd>
        </div>
        <Figure name={t.epoch} value={`${store.epoch.value} / ${Math.max(epochs, store.epoch.value)}`} />
        <Figure name={t.steps} value={store.figure(store.step.value)} />
        <Figure
          name={t.loss}
          value={recent.length === 0 ? "–" : (recent.reduce((sum, one) => sum + one, 0) / recent.length).toFixed(3)}
        />
        <Figure name={t.read} value={test === undefined ? "–" : `${percent(test)} %`} />
        <Figure name={t.speed} value={store.speed.value === 0 ? "–" : store.speed.value.toFixed(0)} />
      </dl>
    </div>
  );
}

function Figure({ name, value }: { readonly name: string; readonly value: string }): VNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function Lost(): VNode | null {
  const t = said(trainText);
  const told = store.lost.value;
  if (told === undefined) return null;
  return (
    <p class="refused" role="alert">
      {t.lost(told.name, told.reason, store.figure(told.step))}
      {t.goesOn(`${store.backend.value} (${store.variant.value})`)}
    </p>
  );
}

/** Every change of state, and now and then how it is going. */
function useAnnouncements(): void {
  useSignalEffect(() => {
    const state = store.state.value;
    if (state !== "preparing") announce(said(trainText).states[state]);
  });
  useEffect(() => {
    const timer = setInterval(() => {
      const test = store.latest.value;
      if (store.state.value !== "running" || test === undefined) return;
      announce(said(trainText).progress(store.figure(store.step.value), test.loss.toFixed(3), percent(test)));
    }, quiet);
    return () => clearInterval(timer);
  }, []);
}
