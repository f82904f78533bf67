/** Arena: the backends of this device side by side, and the conformance kit run right here. */
import { useSignalEffect } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import { said } from "../preferences.ts";
import { hidden, route } from "../route.ts";
import { announce } from "../ui/announcer.tsx";
import { Backends } from "./backends.tsx";
import { count } from "./count.ts";
import { contests } from "./contests.ts";
import { Kit } from "./kit.tsx";
import { Race, ranked } from "./race.tsx";
import { backends, ended, kitRuns, look, problem, read, stop } from "./store.ts";
import { arenaText } from "./text.ts";

export function ArenaRoom(): VNode {
  const t = said(arenaText);
  useEffect(() => {
    if (backends.value.size < 3) void look();
    // A race beside another room would time that room.
    return stop;
  }, []);
  const { query } = route.value;
  useEffect(() => {
    if (route.peek().room === "arena") read(query);
  }, [query]);
  useSignalEffect(() => {
    const t = said(arenaText);
    if (ended.value === "race") {
      const [first] = contests
        .toReversed()
        .map((contest) => ({ contest, best: ranked(contest.id)[0] }))
        .filter(({ best }) => best !== undefined);
      if (first !== undefined) announce(t.raced(first.best!.name, said(first.contest.title)));
    }
  });
  useSignalEffect(() => {
    for (const [name, { state, done, all, report }] of kitRuns.value) {
      const t = said(arenaText);
      // Every ten seconds, and at the end.
      if (state === "running") announce(t.progressed(name, count(done), count(all)), 10_000);
      if (report !== undefined && ended.value === "kit") {
        const { counts } = report;
        announce(
          `${name}: ${t.summary(count(counts.pass), count(counts.fail), count(counts.declined), count(counts["not-run"]))}`,
        );
      }
    }
  });
  return (
    <div class="arena">
      <div class="lead">
        <h1>{t.title}</h1>
        <p>{t.lead}</p>
      </div>
      {problem.value === "" ? null : (
        <p class="refused" role="alert">
          {t.failed} <span lang="en">{problem.value}</span>
        </p>
      )}
      <Backends />
      {hidden.value.has("race") ? null : <Race />}
      {hidden.value.has("kit") ? null : <Kit />}
    </div>
  );
}
