/** Conv Lab: the landing room. */
import { untracked, useSignalEffect } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import { said } from "../preferences.ts";
import { hidden, route } from "../route.ts";
import { announce } from "../ui/announcer.tsx";
import { Choice } from "../ui/fields.tsx";
import { short } from "../ui/colors.ts";
import { Controls } from "./controls.tsx";
import { Formula, Refusal } from "./formula.tsx";
import { FilterMaps } from "./maps/filter.tsx";
import { InputMaps } from "./maps/input.tsx";
import { OutputMaps } from "./maps/output.tsx";
import { Matrix } from "./matrix.tsx";
import { Share } from "./share.tsx";
import { advance, at, follow, guide, lab, leave, look, playing, result, view, visit } from "./store.ts";
import { Sum } from "./sum.tsx";
import { labText } from "./text.ts";
import { told } from "./told.ts";
import { tour } from "./tour.ts";

export function LabRoom(): VNode {
  const t = said(labText);
  useSignalEffect(() => {
    const now = route.value;
    // What reading looks at is no reason to read again.
    if (now.room === "") untracked(() => void follow(now));
  });
  useSignalEffect(() => {
    if (!playing.value) return undefined;
    const timer = setInterval(advance, 650);
    // Whatever has the focus, what moves and speaks by itself can be stopped.
    const stop = (event: KeyboardEvent): void => {
      if (event.key === "Escape") playing.value = false;
    };
    addEventListener("keydown", stop);
    return () => {
      clearInterval(timer);
      removeEventListener("keydown", stop);
    };
  });
  // Each step of the window is said; while it plays, one in three seconds.
  useSignalEffect(() => {
    const { y, x } = at.value;
    const cell = told.value;
    if (cell !== undefined) announce(said(labText).step(y, x, short(cell.value)), playing.peek() ? 3000 : 300);
  });
  useEffect(() => leave, []);
  const conv = lab.value.op === "conv2d";
  return (
    <div class="lab">
      <div class="lead">
        <h1>{t.lead}</h1>
        <p>{t.more}</p>
      </div>
      {hidden.value.has("tour") ? null : <Tour />}
      <div class="stage">
        <div class="bar">
          <Choice
            name={t.views}
            value={view.value}
            options={[
              ["window", t.window],
              ["matrix", t.matrix],
            ]}
            onChange={(next) => (view.value = next)}
          />
          <Transport />
        </div>
        <div class={conv ? "mat maps" : "mat maps two"}>
          <InputMaps />
          {conv ? <FilterMaps /> : null}
          <OutputMaps />
        </div>
        {view.value === "matrix" ? (
          <div class="mat">
            <Matrix />
          </div>
        ) : null}
        <div class="under">
          <Sum />
          <Formula />
          <Refusal />
        </div>
      </div>
      {hidden.value.has("controls") ? null : <Controls />}
      {hidden.value.has("code") ? null : <Share />}
    </div>
  );
}

function Transport(): VNode | null {
  const t = said(labText);
  const { geometry } = result.value;
  if (geometry === undefined) return null;
  const [height, width] = geometry.output;
  const { y, x } = at.value;
  return (
    <div class="transport">
      <button type="button" class="play" aria-pressed={playing.value} onClick={() => (playing.value = !playing.value)}>
        <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
          <path d={playing.value ? "M3 2h4v12H3zM9 2h4v12H9z" : "M3 1.5v13l11-6.5z"} />
        </svg>
        {playing.value ? t.pause : t.play}
      </button>
      <input
        type="range"
        aria-label={t.scrub}
        aria-valuetext={t.at(y, x)}
        min={0}
        max={height * width - 1}
        value={y * width + x}
        onInput={(event) => {
          playing.value = false;
          const index = event.currentTarget.valueAsNumber;
          look(Math.floor(index / width), index % width);
        }}
      />
      <span class="where">
        {y}, {x}
      </span>
    </div>
  );
}

function Tour(): VNode {
  const t = said(labText);
  const index = guide.value;
  const here = tour[index]!;
  return (
    <section class="tour" aria-label={t.tour}>
      <ol>
        {tour.map((one, i) => (
          <li>
            <button type="button" aria-current={i === index ? "step" : undefined} onClick={() => visit(i)}>
              <span>{i + 1}</span>
              <span class="name">{said(one.title)}</span>
            </button>
          </li>
        ))}
      </ol>
      <div class="word">
        <div>
          <h2>{said(here.title)}</h2>
          <div class="bodies">
            {tour.map((one, i) => (
              // All lie on each other, so that the longest says how much room there is and nothing moves from step to step.
              <p class={i === index ? undefined : "other"}>{said(one.body)}</p>
            ))}
          </div>
        </div>
        <div class="steps">
          <button type="button" disabled={index === 0} onClick={() => visit(index - 1)}>
            {t.previous}
          </button>
          <button type="button" class="main" disabled={index === tour.length - 1} onClick={() => visit(index + 1)}>
            {t.next}
          </button>
        </div>
      </div>
    </section>
  );
}
