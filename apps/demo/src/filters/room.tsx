/** Filters: a picture through a kernel, as fast as a camera sees. */
import { useSignalEffect } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import { said } from "../preferences.ts";
import { hidden, route } from "../route.ts";
import { announce } from "../ui/announcer.tsx";
import { Kernel } from "./kernel.tsx";
import { Magnifier } from "./magnifier.tsx";
import { follow, measured, preset, run, running } from "./store.ts";
import { filterText } from "./text.ts";
import { Viewer } from "./viewer.tsx";

export function FiltersRoom(): VNode {
  const t = said(filterText);
  const { query } = route.value;
  useEffect(() => {
    if (route.peek().room === "filters") follow(query);
  }, [query]);
  useEffect(() => {
    run(!matchMedia("(prefers-reduced-motion: reduce)").matches);
    // A hidden page has nothing to show.
    const seen = (): void => {
      if (running.value) run(true);
    };
    document.addEventListener("visibilitychange", seen);
    return () => document.removeEventListener("visibilitychange", seen);
  }, []);
  useSignalEffect(() => {
    const now = measured.value;
    if (now === undefined || running.value) return;
    const t = said(filterText);
    const name = preset.value === undefined ? t.own : t.presets[preset.value];
    announce(t.took(name, now.backend, now.run.toFixed(1)), 2000);
  });
  return (
    <div class="filtering">
      <div class="lead">
        <h1>{t.title}</h1>
        <p>{t.lead}</p>
      </div>
      <Viewer />
      {hidden.value.has("kernel") ? null : <Kernel />}
      {hidden.value.has("magnifier") ? null : <Magnifier />}
    </div>
  );
}
