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
import { answer } from "./answer.ts";
import { choose, chosen, follow, lost, network, problem, reading, readWith } from "./store.ts";
import { readText } from "./text.ts";

export function ReadRoom(): VNode {
  const t = said(readText);
  useSignalEffect(() => readWith(reader.value === "own" ? trained.value : undefined));
  useSignalEffect(() => {
    const { room, query } = route.value;
    // What following looks at is no reason to follow again.
    if (room === "read") untracked(() => void follow(query));
  });
  useSignalEffect(() => {
    const now = answer.value;
    if (now !== undefined) announce(said(readText).reads(now.digit, Math.round(now.share * 100)), 1500);
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
  const top = answer.value?.digit;
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
        <div class="refused" role="alert">
          {network.value === undefined ? null : <p>{t.failed(chosen.value)}</p>}
          <p class="words" lang="en">
            {problem.value}
          </p>
        </div>
      )}
      <p class={now === undefined ? "digit none" : "digit"} aria-hidden="true">
        {top ?? "·"}
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
            const share = now?.probabilities[digit] ?? 0;
            const some = share >= 0.0005;
            return (
              <tr class={digit === top ? "top" : some ? "some" : undefined}>
                <th scope="row">{digit}</th>
                <td>
                  <span class="bar-fill" style={{ "--share": share }} />
                  <span class="percent">{now === undefined ? "–" : `${some ? (share * 100).toFixed(1) : 0} %`}</span>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <p class="note">
        {now !== undefined ? t.took(now.milliseconds.toFixed(1)) : network.value === undefined ? t.opening : t.empty}
      </p>
    </section>
  );
}
