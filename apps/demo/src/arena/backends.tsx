/** Who is here: a card for each backend, with what it says of itself, or why it is not here in the library's words. */
import type { VNode } from "preact";
import type { BackendName } from "tatamijs";
import { backendNames } from "../backends.ts";
import { said } from "../preferences.ts";
import type { Opened } from "./protocol.ts";
import { backends, busy, device, look, without, write } from "./store.ts";
import { arenaText } from "./text.ts";

export function Backends(): VNode {
  const t = said(arenaText);
  const facts = device.value;
  return (
    <section class="mat" aria-label={t.backends}>
      <div class="heading">
        <h2>{t.backends}</h2>
        <button
          type="button"
          aria-disabled={busy.value !== undefined}
          onClick={() => {
            if (busy.value === undefined) void look();
          }}
        >
          {t.again}
        </button>
      </div>
      <div class="cards">
        {backendNames.map((name) => (
          <Card name={name} opened={backends.value.get(name)} />
        ))}
      </div>
      <dl class="facts" aria-label={t.device}>
        <Fact name={t.processors} value={facts === undefined ? "…" : `${facts.processors}`} />
        <Fact name={t.isolated} value={crossOriginIsolated ? t.yes : t.no} />
        <Fact name={t.clock} value={facts === undefined ? "…" : `${Number(facts.tick.toPrecision(1))} ms`} />
      </dl>
      {crossOriginIsolated ? null : <p class="note">{t.slowClock}</p>}
    </section>
  );
}

function Card({ name, opened }: { readonly name: BackendName; readonly opened: Opened | undefined }): VNode {
  const t = said(arenaText);
  const out = without.value.has(name);
  // The page says it in its own words, and first.
  const alone = opened?.here === true && !crossOriginIsolated && opened.notes[0]?.startsWith("one thread") === true;
  return (
    <article class={opened?.here === false ? "card missing" : "card"} aria-label={name}>
      <h3>
        {name} <span class="note">{t.kinds[name]}</span>
      </h3>
      {opened === undefined ? (
        <p class="note">{t.looking}</p>
      ) : opened.here ? (
        <>
          <dl>
            <Fact name={t.known} value="✓ 4 / 4" />
            <Fact name={t.opened} value={`${opened.ms.toFixed(0)} ms`} />
            {opened.threads === undefined ? null : <Fact name={t.threads} value={`${opened.threads}`} />}
            {opened.adapter === undefined ? null : <Fact name={t.adapter} value={opened.adapter} />}
            <Fact name={t.runs} value={opened.variant} />
          </dl>
          {opened.fallback ? <p class="warned">{t.fallback}</p> : null}
          {alone ? <p class="warned">{t.single}</p> : null}
          {opened.notes.slice(alone ? 1 : 0).map((note) => (
            <p class="note" lang="en">
              {note}
            </p>
          ))}
          <label class="part">
            <input
              type="checkbox"
              checked={!out}
              disabled={busy.value !== undefined}
              onChange={(event) => {
                const next = new Set(without.value);
                if (event.currentTarget.checked) next.delete(name);
                else next.add(name);
                without.value = next;
                write();
              }}
            />
            {t.takesPart}
          </label>
        </>
      ) : (
        <>
          <p class="gone">{t.missing}</p>
          {name === "webgpu" ? <p>{"gpu" in navigator ? t.noAdapter : t.noWebGpu}</p> : null}
          <p class="note" lang="en">
            {opened.why}
          </p>
        </>
      )}
    </article>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }): VNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
