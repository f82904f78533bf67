/** The picture: before and after with a seam between them, what is filtered, how fast; and the same as a table of numbers. */
import { useSignal, useSignalEffect } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { backendNames } from "../backends.ts";
import { said } from "../preferences.ts";
import { announce } from "../ui/announcer.tsx";
import { colors, short } from "../ui/colors.ts";
import { Choice } from "../ui/fields.tsx";
import { Presets } from "./kernel.tsx";
import { sceneNames } from "./scenes.ts";
import * as store from "./store.ts";
import { filterText } from "./text.ts";

export function Viewer(): VNode {
  const t = said(filterText);
  const over = useSignal(false);
  return (
    <section
      class={over.value ? "mat viewer over" : "mat viewer"}
      aria-label={t.picture}
      onDragOver={(event) => {
        event.preventDefault();
        over.value = true;
      }}
      onDragLeave={() => (over.value = false)}
      onDrop={(event) => {
        event.preventDefault();
        over.value = false;
        const [file] = event.dataTransfer?.files ?? [];
        if (file !== undefined) void store.showPicture(file);
      }}
    >
      <Sources />
      <Trouble />
      <Picture />
      <div class="under-picture">
        <label class="seam">
          <span>{t.split}</span>
          <input
            type="range"
            min={0}
            max={100}
            value={store.split.value}
            disabled={store.applied.value === "network"}
            onInput={(event) => (store.split.value = event.currentTarget.valueAsNumber)}
          />
        </label>
        <button type="button" class="main" onClick={() => store.run(!store.running.value)}>
          {store.running.value ? t.stop : t.start}
        </button>
      </div>
      <Presets />
      <Speed />
      <Numbers />
    </section>
  );
}

function Sources(): VNode {
  const t = said(filterText);
  const chooser = useRef<HTMLInputElement>(null);
  return (
    <div class="heading">
      <Choice
        name={t.source}
        value={store.source.value}
        options={[...sceneNames, "picture" as const, "camera" as const].map((name) => [name, t.sources[name]] as const)}
        onChange={(name) => {
          if (name === "picture") chooser.current!.click();
          else if (name === "camera") void store.showCamera();
          else store.showScene(name);
        }}
      />
      <input
        ref={chooser}
        type="file"
        accept="image/*"
        hidden
        aria-label={t.sources.picture}
        onChange={(event) => {
          const [file] = event.currentTarget.files ?? [];
          if (file !== undefined) void store.showPicture(file);
          event.currentTarget.value = "";
        }}
      />
      {store.asking.value ? (
        <span class="note" role="status">
          {t.asking}
        </span>
      ) : null}
    </div>
  );
}

function Trouble(): VNode | null {
  const t = said(filterText);
  const now = store.problem.value;
  if (now === undefined) return null;
  return (
    <p class="refused" role="alert">
      {now.kind === "camera" ? (
        t.camera[now.why]
      ) : now.kind === "canvas" ? (
        t.noCanvas
      ) : now.kind === "lost" ? (
        t.lost(now.name, now.why, store.backend.value)
      ) : (
        <>
          {now.kind === "picture" ? t.broken : t.failed} <span lang="en">{now.why}</span>
        </>
      )}
    </p>
  );
}

const steps: Readonly<Record<string, readonly [number, number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

function Picture(): VNode {
  const t = said(filterText);
  const before = useRef<HTMLCanvasElement>(null);
  const after = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    store.enter(before.current!, after.current!);
    return store.leave;
  }, []);
  useSignalEffect(() => {
    const hues = colors();
    const signed = Uint32Array.from({ length: 129 }, (_, k) => word(hues.of((k - 64) / 64)));
    store.colour({ signed, paper: word(hues.paper) });
  });
  const now = store.measured.value;
  const [wide, tall] = now?.out ?? [4, 3];
  const maps = store.applied.value === "network";
  const name = store.preset.value === undefined ? t.own : t.presets[store.preset.value];
  const place = store.spot.value;
  const inside = (v: number, size: number): number => Math.max(0, Math.min(size - 1, v));
  const lookAt = (event: PointerEvent): void => {
    const box = after.current!.getBoundingClientRect();
    store.look({
      y: inside(Math.floor(((event.clientY - box.top) / box.height) * tall), tall),
      x: inside(Math.floor(((event.clientX - box.left) / box.width) * wide), wide),
      map: 0,
    });
  };
  const side = store.looked.value?.size ?? 3;
  return (
    <div
      class={maps ? "picture maps" : "picture"}
      style={{ aspectRatio: `${wide} / ${tall}`, "--split": `${store.split.value}%` }}
      tabIndex={0}
      role="application"
      aria-label={`${t.result(name, t.sources[store.source.value])}. ${t.keys}`}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        lookAt(event);
      }}
      onPointerMove={(event) => {
        if (event.buttons !== 0) lookAt(event);
      }}
      onKeyDown={(event) => {
        const step = steps[event.key];
        if (step === undefined) return;
        event.preventDefault();
        const far = event.shiftKey ? 10 : 1;
        const from = place ?? { y: tall >> 1, x: wide >> 1 };
        const next = { y: inside(from.y + step[0] * far, tall), x: inside(from.x + step[1] * far, wide), map: 0 };
        store.look(place === undefined ? { ...from, map: 0 } : next);
      }}
    >
      <canvas ref={before} class="before" aria-hidden="true" />
      <canvas ref={after} class="after" aria-hidden="true" />
      {place === undefined || now === undefined ? null : (
        <i
          class="ring"
          style={{
            left: `${((place.x + 0.5) / wide) * 100}%`,
            top: `${((place.y + 0.5) / tall) * 100}%`,
            width: `${(side / wide) * 100}%`,
          }}
        />
      )}
    </div>
  );
}

/** `rgb(r, g, b)` as the bytes of a pixel, in the order of this machine. */
function word(color: string): number {
  const [r = 0, g = 0, b = 0] = color.match(/\d+/g)!.map(Number);
  return new Uint32Array(Uint8Array.of(r, g, b, 255).buffer)[0]!;
}

function Speed(): VNode {
  const t = said(filterText);
  const now = store.measured.value;
  const rate = now === undefined ? 0 : now.operations / now.run / 1e6;
  const facts: readonly (readonly [string, string])[] = [
    [t.run, now === undefined ? "…" : `${now.run.toFixed(now.run < 10 ? 2 : 1)} ms`],
    [t.rate, now === undefined ? "…" : `${rate.toFixed(rate < 10 ? 2 : 1)} GF/s`],
    [t.frame, now === undefined ? "…" : `${now.frame.toFixed(1)} ms`],
    [t.perSecond, now === undefined || now.perSecond === 0 || !store.running.value ? "–" : now.perSecond.toFixed(0)],
  ];
  return (
    <>
      <dl class="speed" aria-label={t.speed}>
        {facts.map(([name, value]) => (
          <div>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <div class="heading">
        <span class="labelled">
          <span>{t.backend}</span>
          <Choice
            name={t.backend}
            value={store.backend.value}
            options={backendNames.map((name) => [name, name] as const)}
            onChange={store.choose}
          />
        </span>
        <span class="labelled">
          <span>{t.width}</span>
          <Choice
            name={t.width}
            value={store.width.value}
            options={store.widths.map((one) => [one, one] as const)}
            onChange={store.widen}
          />
        </span>
        <span class="note mono">{store.variant.value ?? t.opening}</span>
      </div>
    </>
  );
}

/** The table behind the canvases. */
function Numbers(): VNode {
  const t = said(filterText);
  const open = useSignal(false);
  const now = store.blocks.value;
  useEffect(() => {
    store.wantNumbers(open.value);
  }, [open.value]);
  const table = (name: string, values: readonly number[], columns: number): VNode => (
    <table>
      <caption>{name}</caption>
      <tbody>
        {Array.from({ length: values.length / columns }, (_, y) => (
          <tr>
            {values.slice(y * columns, (y + 1) * columns).map((value) => (
              <td>{short(Math.round(value * 10) / 10)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
  return (
    <details
      class="numbers"
      onToggle={(event) => {
        open.value = event.currentTarget.open;
        if (open.value) announce(t.numbers);
      }}
    >
      <summary>{t.numbers}</summary>
      {now === undefined ? null : (
        <div class="tables" tabIndex={0} role="region" aria-label={t.numbers}>
          {table(t.before, now.before, now.columns)}
          {table(t.after, now.after, now.columns)}
        </div>
      )}
    </details>
  );
}
