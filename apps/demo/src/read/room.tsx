/** Read my writing: a drawing, what the network reads in it, and why. */
import { untracked, useSignalEffect } from "@preact/signals";
import type { VNode } from "preact";
import { backendNames } from "../backends.ts";
import { said } from "../preferences.ts";
import { hidden, route } from "../route.ts";
import { announce } from "../ui/announcer.tsx";
import { Choice } from "../ui/fields.tsx";
import { Layers } from "./layers.tsx";
import { Pad } from "./pad.tsx";
import { reader, trained } from "../trained.ts";
import { choose, chosen, follow, lost, network, problem, reading, readWith } from "./store.ts";
import { readText } from "./text.ts";

const best = (values: ArrayLike<number>): number => {
  let top = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[top]!) top = i;
  return top;
};

export function ReadRoom(): VNode {
  const t = said(readText);
  useSignalEffect(() => readWith(reader.value === "own" ? trained.value : undefined));
  useSignalEffect(() => {
    const { room, query } = route.value;
    // What following looks at is no reason to follow again.
    if (room === "read") untracked(() => void follow(query));
  });
  useSignalEffect(() => {
    const now = reading.value;
    if (now === undefined) return;
    const digit = best(now.probabilities);
    announce(said(readText).reads(digit, Math.round(now.probabilities[digit]! * 100)), 1500);
  });
  return (
    <div class="read">
      <div class="lead">
        <h1>{t.title}</h1>
        <p>{t.lead}</p>
      </div>
      <Pad />
      <Answer />
      {hidden.value.has("layers") ? null : <Layers />}
    </div>
  );
}

function Answer(): VNode {
  const t = said(readText);
  const now = reading.value;
  const top = now === undefined ? -1 : best(now.probabilities);
  return (
    <section class="mat answer" aria-label={t.says}>
      <div class="heading">
        <h2>{t.says}</h2>
        <div class="tools">
          <Choice
            name={t.backend}
            value={chosen.value}
            options={backendNames.map((name) => [name, name] as const)}
            onChange={(name) => void choose(name)}
          />
          {trained.value === undefined ? null : (
            <Choice
              name={t.which}
              value={reader.value}
              options={(["shipped", "own"] as const).map((name) => [name, t.networks[name]] as const)}
              onChange={(name) => (reader.value = name)}
            />
          )}
        </div>
      </div>
      {lost.value === undefined ? null : (
        <p class="refused words" role="alert">
          {t.lost(lost.value.name, lost.value.reason, chosen.value)}
        </p>
      )}
      {problem.value === "" ? null : (
        <p class="refused words" role="alert" lang="en">
          {problem.value}
        </p>
      )}
      {now === undefined ? (
        <p class="note">{network.value === undefined ? t.opening : t.empty}</p>
      ) : (
        <>
          <p class="digit" aria-hidden="true">
            {top}
          </p>
          <table class="bars">
            <thead class="unseen">
              <tr>
                <th scope="col">{t.digit}</th>
                <th scope="col">{t.share}</th>
              </tr>
            </thead>
            <tbody>
              {Array.from({ length: 10 }, (_, digit) => {
                const share = now.probabilities[digit]!;
                return (
                  <tr class={digit === top ? "top" : undefined}>
                    <th scope="row">{digit}</th>
                    <td>
                      <span class="bar-fill" style={{ width: `${share * 100}%` }} />
                      <span class="percent">{share < 0.0005 ? "0" : (share * 100).toFixed(1)} %</span>
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
          <p class="note">{t.took(now.milliseconds.toFixed(1))}</p>
        </>
      )}
    </section>
  );
}
