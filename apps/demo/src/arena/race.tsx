/** The race: a table for each contest, the fastest marked, with bars as long as the median. */
import type { VNode } from "preact";
import { backendNames } from "../backends.ts";
import { said } from "../preferences.ts";
import { Choice } from "../ui/fields.tsx";
import { contests, type Contest } from "./contests.ts";
import type { Timed } from "./protocol.ts";
import { save } from "./save.ts";
import { backends, budget, busy, device, here, race, racing, stop, times, write } from "./store.ts";
import { arenaText } from "./text.ts";

/** What is timed of a contest, the fastest first. */
export function ranked(id: string): Timed[] {
  return backendNames
    .map((name) => times.value.get(`${id}/${name}`))
    .filter((timed): timed is Timed => timed?.state === "done")
    .sort((a, b) => a.median! - b.median!);
}

export function Race(): VNode {
  const t = said(arenaText);
  const running = busy.value === "race";
  const done = [...times.value.values()].filter(({ state }) => state === "done");
  return (
    <section class="mat" aria-label={t.race}>
      <div class="heading">
        <h2>{t.race}</h2>
        <div class="tools">
          <Choice
            name={t.time}
            value={budget.value}
            options={(["short", "long"] as const).map((one) => [one, t.times[one]] as const)}
            onChange={(next) => {
              budget.value = next;
              write();
            }}
          />
          {running ? (
            <button type="button" class="main" onClick={stop}>
              {t.stop}
            </button>
          ) : (
            <button
              type="button"
              class="main"
              disabled={busy.value !== undefined || here.value.length === 0}
              onClick={() => void race(contests.map(({ id }) => id))}
            >
              {t.all}
            </button>
          )}
          <button
            type="button"
            disabled={done.length === 0}
            onClick={() =>
              save("tatami-race.json", {
                device: device.value,
                backends: [...backends.value.values()],
                times: done,
              })
            }
          >
            {t.save}
          </button>
        </div>
      </div>
      <p class="note">{t.raceLead}</p>
      {here.value.length === 0 && busy.value === undefined ? <p>{t.nothing}</p> : null}
      {(["layer", "network"] as const).map((kind) => (
        <>
          <h3>{kind === "layer" ? t.layers : t.networks}</h3>
          <div class="contests">
            {contests
              .filter((contest) => contest.kind === kind)
              .map((contest) => (
                <Lanes contest={contest} />
              ))}
          </div>
        </>
      ))}
    </section>
  );
}

function Lanes({ contest }: { readonly contest: Contest }): VNode {
  const t = said(arenaText);
  const { id, sizes } = contest;
  const title = said(contest.title);
  const all = backendNames.map((name) => times.value.get(`${id}/${name}`));
  const slowest = Math.max(...all.map((timed) => timed?.median ?? 0));
  const [best, second] = ranked(id);
  // One element for both, so that who pressed it by keyboard stays on it.
  const mine = busy.value === "race" && racing.value.length === 1 && racing.value[0] === id;
  // Who will run has a lane from the start: nothing moves when the times come.
  const shown = backendNames.filter((name, k) => all[k] !== undefined || here.value.includes(name));
  const each = Math.max(...all.map((timed) => timed?.each ?? 1));
  return (
    <div class="contest">
      <div class="heading">
        <h4>
          {title} <code>{sizes}</code>
        </h4>
        <button
          type="button"
          aria-label={`${mine ? t.stop : t.one}: ${title}`}
          disabled={!mine && (busy.value !== undefined || here.value.length === 0)}
          onClick={() => (mine ? stop() : void race([id]))}
        >
          {mine ? t.stop : t.one}
        </button>
      </div>
      {shown.length === 0 ? null : (
        <table>
          <caption class="unseen">{`${title}, ${sizes}`}</caption>
          <thead>
            <tr>
              <th scope="col">
                <span class="unseen">{t.backend}</span>
              </th>
              <th scope="col">{t.median}</th>
              <th scope="col">{t.p95}</th>
              <th scope="col">{t.speed}</th>
              <th scope="col">{t.difference}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((name) => (
              <Lane
                name={name}
                timed={times.value.get(`${id}/${name}`)}
                slowest={slowest}
                best={second !== undefined && best?.name === name}
              />
            ))}
          </tbody>
        </table>
      )}
      {each > 1 ? <p class="note small">{t.sample(each)}</p> : shown.length === 0 ? null : <p class="note small" />}
    </div>
  );
}

function Lane(props: {
  readonly name: string;
  readonly timed: Timed | undefined;
  readonly slowest: number;
  readonly best: boolean;
}): VNode {
  const t = said(arenaText);
  const { name, timed, slowest, best } = props;
  const { state, why, median, p95, operations = 0, share = 0 } = timed ?? {};
  const length = median === undefined || slowest === 0 ? 0 : median / slowest;
  const head = (
    <th scope="row">
      {name}
      {best ? <span class="best">{t.fastest}</span> : null}
    </th>
  );
  if (timed === undefined) {
    return (
      <tr class="lane idle">
        {head}
        {["median", "p95", "speed", "difference"].map((column) => (
          <td key={column}>–</td>
        ))}
      </tr>
    );
  }
  if (state === "failed" || median === undefined || p95 === undefined) {
    return (
      <tr class="lane">
        {head}
        <td colSpan={4} class="words">
          {state === "failed" ? <span lang="en">{why}</span> : t.preparing}
        </td>
      </tr>
    );
  }
  return (
    <tr class={best ? "lane first" : "lane"} style={{ "--length": `${length * 100}%` }}>
      {head}
      <td>{milliseconds(median)}</td>
      <td>{milliseconds(p95)}</td>
      <td>{operations === 0 ? "–" : rate(operations / median / 1e6)}</td>
      <td class={share > 1e-4 || Number.isNaN(share) ? "wrong" : undefined}>
        {name === "cpu" ? (
          <>
            <span class="unseen">{t.reference}</span>
            <span aria-hidden="true">–</span>
          </>
        ) : share === 0 ? (
          "0"
        ) : (
          share.toExponential(0)
        )}
      </td>
    </tr>
  );
}

const milliseconds = (ms: number): string => `${ms.toFixed(ms < 10 ? 2 : ms < 100 ? 1 : 0)} ms`;
const rate = (value: number): string => value.toFixed(value < 0.95 ? 2 : value < 9.5 ? 1 : 0);
