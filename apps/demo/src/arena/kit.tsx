/** The conformance kit: which ops, on which backends, and the matrix of what came of it. */
import type { Result, Status } from "@tatamijs/conformance";
import type { OpName } from "@tatamijs/core";
import type { VNode } from "preact";
import type { BackendName } from "tatamijs";
import { said } from "../preferences.ts";
import { count } from "./count.ts";
import { opGroups, type OpGroup } from "./ops.ts";
import { save } from "./save.ts";
import { busy, here, kitRuns, ops, runKit, stop, write, type Counts, type KitRun } from "./store.ts";
import { arenaText } from "./text.ts";

export function Kit(): VNode {
  const t = said(arenaText);
  const running = busy.value === "kit";
  const runs = [...kitRuns.value];
  const reports = runs.flatMap(([, { report }]) => report ?? []);
  const names = runs.length > 0 ? runs.map(([name]) => name) : here.value;
  return (
    <section class="mat kit" aria-label={t.kit}>
      <div class="heading">
        <h2>{t.kit}</h2>
        <div class="tools">
          {running ? (
            <button type="button" class="main" onClick={stop}>
              {t.stop}
            </button>
          ) : (
            <button
              type="button"
              class="main"
              disabled={busy.value !== undefined || here.value.length === 0 || ops.value.size === 0}
              onClick={() => void runKit()}
            >
              {t.run}
            </button>
          )}
          <button
            type="button"
            disabled={reports.length === 0}
            onClick={() => save("tatami-conformance.json", { isolated: crossOriginIsolated, reports })}
          >
            {t.save}
          </button>
        </div>
      </div>
      <p class="note">{t.kitLead}</p>
      {ops.value.size === 0 ? <p>{t.noOps}</p> : null}
      {runs.length === 0 ? null : (
        <div class="kitruns">
          {runs.map(([name, run]) => (
            <Progress name={name} run={run} />
          ))}
        </div>
      )}
      <div class="opmatrix">
        {(Object.keys(opGroups) as OpGroup[]).map((group) => (
          <Group group={group} names={names} />
        ))}
      </div>
      <Odd />
    </section>
  );
}

function Progress({ name, run }: { readonly name: BackendName; readonly run: KitRun }): VNode {
  const t = said(arenaText);
  const { state, done, all, counts } = run;
  const sum = (status: Status): number => [...counts.values()].reduce((total, one) => total + one[status], 0);
  return (
    <div class="kitrun">
      <b>{name}</b>
      <span>{t.state[state]}</span>
      <progress aria-label={`${t.progress}: ${name}`} max={Math.max(all, 1)} value={done} />
      <span class="numbers">
        {count(done)} / {all === 0 ? "…" : count(all)}
      </span>
      {counts.size === 0 ? null : (
        <span class="note">
          {t.summary(count(sum("pass")), count(sum("fail")), count(sum("declined")), count(sum("not-run")))}
        </span>
      )}
    </div>
  );
}

function Group({ group, names }: { readonly group: OpGroup; readonly names: readonly BackendName[] }): VNode {
  const t = said(arenaText);
  const all = opGroups[group];
  const chosen = all.filter((op) => ops.value.has(op));
  const choose = (list: readonly OpName[], on: boolean): void => {
    const next = new Set(ops.value);
    for (const op of list)
      if (on) next.add(op);
      else next.delete(op);
    ops.value = next;
    write();
  };
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">
            <label>
              <input
                type="checkbox"
                checked={chosen.length === all.length}
                indeterminate={chosen.length > 0 && chosen.length < all.length}
                disabled={busy.value === "kit"}
                onChange={(event) => choose(all, event.currentTarget.checked)}
              />
              {t.groups[group]}
            </label>
          </th>
          {names.map((name) => (
            <th scope="col">{name}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {all.map((op) => (
          <tr>
            <th scope="row">
              <label>
                <input
                  type="checkbox"
                  checked={ops.value.has(op)}
                  disabled={busy.value === "kit"}
                  onChange={(event) => choose([op], event.currentTarget.checked)}
                />
                {op}
              </label>
            </th>
            {names.map((name) => (
              <Cell counts={kitRuns.value.get(name)?.counts.get(op)} />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Passed; and with a mark that needs no colour what failed, was declined, did not run. */
function Cell({ counts }: { readonly counts: Counts | undefined }): VNode {
  const t = said(arenaText);
  if (counts === undefined) return <td class="soft">·</td>;
  const { pass, fail, declined, "not-run": notRun } = counts;
  return (
    <td class={fail > 0 ? "wrong" : undefined}>
      <span class="unseen">{t.summary(`${pass}`, `${fail}`, `${declined}`, `${notRun}`)}</span>
      <span aria-hidden="true">
        {fail > 0 ? `✕ ${fail} ` : pass > 0 ? "✓ " : ""}
        {pass > 0 ? pass : ""}
        {declined > 0 ? ` −${declined}` : ""}
        {notRun > 0 ? ` ?${notRun}` : ""}
      </span>
    </td>
  );
}

/** What did not pass, equal reasons once. */
function Odd(): VNode | null {
  const t = said(arenaText);
  const lines = [...kitRuns.value].flatMap(([name, { odd }]) => grouped(name, odd));
  if (lines.length === 0) return null;
  return (
    <details class="odd" open={lines.some(({ status }) => status === "fail")}>
      <summary>{t.odd}</summary>
      <ul>
        {lines.slice(0, 100).map(({ name, status, op, reason, number }) => (
          <li>
            <b>{name}</b> {t.status[status]} <code>{op}</code> <span lang="en">{reason}</span>
            {number > 1 ? ` (${number})` : null}
          </li>
        ))}
      </ul>
    </details>
  );
}

function grouped(name: BackendName, odd: readonly Result[]) {
  const groups = new Map<string, { name: BackendName; status: Status; op: string; reason: string; number: number }>();
  for (const { op, status, id, reason = "" } of odd) {
    const text = `${status === "fail" ? `${id}: ` : ""}${reason.split("\n")[0]}`;
    const key = `${status} ${op} ${text}`;
    const group = groups.get(key) ?? { name, status, op, reason: text, number: 0 };
    group.number++;
    groups.set(key, group);
  }
  return [...groups.values()].sort((a, b) => Number(b.status === "fail") - Number(a.status === "fail"));
}
