/** Drawing on the input: a pen that writes one number, by pointer or arrow keys, fills, and the way back. */
import { signal, useSignal, type Signal } from "@preact/signals";
import type { VNode } from "preact";
import { useRef } from "preact/hooks";
import { said } from "../../preferences.ts";
import { announce } from "../../ui/announcer.tsx";
import { short } from "../../ui/colors.ts";
import { Choice, NumberField } from "../../ui/fields.tsx";
import type { Spot } from "../../ui/grid.tsx";
import { paints } from "../fills.ts";
import { pictured } from "../picture.ts";
import { withNumber, type Lab } from "../state.ts";
import { channel, drawing, image, lab, pen, show } from "../store.ts";
import { labText } from "../text.ts";
import { arrows } from "./keys.tsx";

/** Where the arrow-key pen stands. */
export const pencil: Signal<Spot> = signal({ y: 0, x: 0 });
/** Labs that undo goes back to. */
const past: Signal<readonly Lab[]> = signal([]);

/** What is now is where undo leads; called once a stroke. */
export function remember(): void {
  past.value = [...past.value.slice(-49), lab.value];
}

function undo(): void {
  const last = past.value.at(-1);
  past.value = past.value.slice(0, -1);
  if (last !== undefined) show(last);
}

/** The pen's number into a cell; outside of the map there is none. */
export function paint({ y, x }: Spot): void {
  const { h, w } = lab.value;
  if (y < 0 || x < 0 || y >= h || x >= w) return;
  show(withNumber(lab.value, "x", address({ y, x }), pen.value));
}

/** Where a cell of the map that is shown lies in `lab.x`. */
function address({ y, x }: Spot): number {
  const { c, h, w } = lab.value;
  return ((image.value * c + channel.value) * h + y) * w + x;
}

/** Arrow keys move the pen, Space and Enter draw. */
export function movePencil(event: KeyboardEvent): void {
  const { h, w } = lab.value;
  const step = arrows[event.key];
  if (step !== undefined) {
    const spot = {
      y: Math.max(0, Math.min(h - 1, pencil.value.y + step[0])),
      x: Math.max(0, Math.min(w - 1, pencil.value.x + step[1])),
    };
    pencil.value = spot;
    announce(said(labText).cell(spot.y, spot.x, short(lab.value.x[address(spot)] ?? 0)));
  } else if (event.key === " " || event.key === "Enter") {
    remember();
    paint(pencil.value);
  } else return;
  event.preventDefault();
}

/** A picture from a file. One that is broken says so, and the lab stays as it is. */
function Picture(): VNode {
  const t = said(labText);
  const chooser = useRef<HTMLInputElement>(null);
  const broken = useSignal(false);
  const open = async (file: File): Promise<void> => {
    try {
      const next = await pictured(lab.value, file);
      remember();
      show(next, true);
      broken.value = false;
    } catch {
      broken.value = true;
    }
  };
  return (
    <>
      <button type="button" onClick={() => chooser.current!.click()}>
        {t.picture}
      </button>
      <input
        ref={chooser}
        type="file"
        accept="image/*"
        hidden
        aria-label={t.picture}
        onChange={(event) => {
          const [file] = event.currentTarget.files ?? [];
          if (file !== undefined) void open(file);
          event.currentTarget.value = "";
        }}
      />
      {broken.value ? (
        <p class="refused" role="alert">
          {t.noPicture}
        </p>
      ) : null}
    </>
  );
}

export function DrawTools(): VNode {
  const t = said(labText);
  return (
    <>
      <div class="tools">
        <Choice
          name={t.tool}
          value={drawing.value ? 1 : 0}
          options={[
            [0, t.look],
            [1, t.draw],
          ]}
          onChange={(value) => (drawing.value = value === 1)}
        />
        {drawing.value ? (
          <>
            <NumberField
              name={t.pen}
              short=""
              value={pen.value}
              least={-128}
              most={127}
              onChange={(v) => (pen.value = v)}
            />
            <button type="button" disabled={past.value.length === 0} onClick={undo}>
              {t.undo}
            </button>
          </>
        ) : null}
      </div>
      {drawing.value ? (
        <div class="tools" role="group" aria-label={t.fill}>
          {(Object.keys(paints) as (keyof typeof paints)[]).map((kind) => (
            <button
              type="button"
              onClick={() => {
                remember();
                show(paints[kind](lab.value));
              }}
            >
              {t.fills[kind]}
            </button>
          ))}
          <Picture />
        </div>
      ) : null}
    </>
  );
}
