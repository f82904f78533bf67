/** The three things that meet: input, filter, output. One map of each is large; the others are small beside it, to choose from. */
import type { ComponentChildren, VNode } from "preact";
import { useRef } from "preact/hooks";
import { signal, type Signal } from "@preact/signals";
import { said } from "../preferences.ts";
import { announce } from "../ui/announcer.tsx";
import { colors, short } from "../ui/colors.ts";
import { Choice, NumberField } from "../ui/fields.tsx";
import { Grid, type Spot } from "../ui/grid.tsx";
import { kernels, paints } from "./fills.ts";
import { channelsPerGroup, withNumber, type Lab } from "./state.ts";
import { at, channel, drawing, filter, image, lab, look, pen, picked, playing, result, show } from "./store.ts";
import { labText } from "./text.ts";

/** Pixels of the large map, all cells together. */
const span = 344;
const cellFor = (count: number, width: number, high: number): number =>
  Math.max(3, Math.min(high, Math.floor(width / count)));

const limitOf = (values: readonly number[]): number => values.reduce((most, v) => Math.max(most, Math.abs(v)), 0) || 1;

/** Where the arrow-key pen stands. */
const pencil: Signal<Spot> = signal({ y: 0, x: 0 });
const past: Signal<readonly Lab[]> = signal([]);

/** Cells that the window reads now. */
export function windowCells(): readonly Spot[] {
  const { geometry: g } = result.value;
  if (g === undefined) return [];
  const cells: Spot[] = [];
  for (let i = 0; i < g.kernel[0]; i++)
    for (let j = 0; j < g.kernel[1]; j++)
      cells.push({
        y: at.value.y * g.stride[0] + i * g.dilation[0] - g.padding[0],
        x: at.value.x * g.stride[1] + j * g.dilation[1] - g.padding[1],
      });
  return cells;
}

/** The window whose middle is nearest to an input cell. */
function lookAround({ y, x }: Spot): void {
  const { geometry: g } = result.value;
  if (g === undefined) return;
  const place = (v: number, axis: 0 | 1): number => {
    const middle = ((g.kernel[axis] - 1) * g.dilation[axis]) / 2;
    return Math.round((v + g.padding[axis] - middle) / g.stride[axis]);
  };
  look(place(y, 0), place(x, 1));
}

function remember(): void {
  past.value = [...past.value.slice(-49), lab.value];
}

function write({ y, x }: Spot): void {
  const { c, h, w } = lab.value;
  if (y < 0 || x < 0 || y >= h || x >= w) return;
  show(withNumber(lab.value, "x", ((image.value * c + channel.value) * h + y) * w + x, pen.value));
}

export function InputMaps(): VNode {
  const t = said(labText);
  const { c, h, w, n, padding } = lab.value;
  const maps = (q: number) => (y: number, x: number) => lab.value.x[((image.value * c + q) * h + y) * w + x] ?? 0;
  const limit = limitOf(lab.value.x);
  const cells = windowCells();
  const { unread, geometry } = result.value;
  const columns = w + padding[1] + padding[3];
  const cell = cellFor(Math.max(columns, (h + padding[0] + padding[2]) * 0.9), span, 58);
  const conv = lab.value.op === "conv2d";
  const shown = Math.min(channel.value, c - 1);
  const touch = (spot: Spot, pressed: boolean, first: boolean): void => {
    if (drawing.value) {
      if (!pressed) return;
      if (first) remember();
      write(spot);
      return;
    }
    if (first) {
      const same = picked.value?.y === spot.y && picked.value.x === spot.x;
      const inside = spot.y >= 0 && spot.x >= 0 && spot.y < h && spot.x < w;
      picked.value = same || !inside ? undefined : spot;
      if (picked.value !== undefined) announce(t.cell(spot.y, spot.x, short(maps(shown)(spot.y, spot.x))));
    }
    playing.value = false;
    lookAround(spot);
  };
  const keyed = (event: KeyboardEvent): void => {
    if (!drawing.value) return moveWindow(event);
    const step = arrows[event.key];
    if (step !== undefined) {
      pencil.value = {
        y: Math.max(0, Math.min(h - 1, pencil.value.y + step[0])),
        x: Math.max(0, Math.min(w - 1, pencil.value.x + step[1])),
      };
      announce(t.cell(pencil.value.y, pencil.value.x, short(maps(shown)(pencil.value.y, pencil.value.x))));
    } else if (event.key === " " || event.key === "Enter") {
      remember();
      write(pencil.value);
    } else return;
    event.preventDefault();
  };
  return (
    <Pane name={t.input} shape={[n, c, h, w]} symbol="x">
      <Keys label={drawing.value ? `${t.input}. ${t.drawKeys}` : `${t.input}. ${t.keys}`} onKey={keyed}>
        <Grid
          rows={h}
          columns={w}
          at={maps(shown)}
          limit={limit}
          cell={cell}
          padding={padding}
          window={drawing.value || geometry === undefined ? [] : cells}
          marked={picked.value === undefined ? [] : [picked.value]}
          cursor={drawing.value ? pencil.value : undefined}
          unreadRows={unread.rows}
          unreadColumns={unread.columns}
          label={`${t.input}, ${t.channel(shown)}, ${t.sizeOf(h, w)}`}
          onCell={touch}
        />
      </Keys>
      <Thumbs count={c} value={shown} name={t.channels} label={t.channel} onChange={(q) => (channel.value = q)}>
        {(q) => (
          <Grid rows={h} columns={w} at={maps(q)} limit={limit} cell={cellFor(Math.max(w, h), 44, 10)} label="" />
        )}
      </Thumbs>
      <Images count={n} />
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
            <button
              type="button"
              disabled={past.value.length === 0}
              onClick={() => {
                const last = past.value.at(-1);
                past.value = past.value.slice(0, -1);
                if (last !== undefined) show(last);
              }}
            >
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
        </div>
      ) : null}
      <Numbers
        name={`${t.input}, ${t.channel(shown)}`}
        rows={h}
        columns={w}
        at={maps(shown)}
        onNumber={(y, x, value) => show(withNumber(lab.value, "x", ((image.value * c + shown) * h + y) * w + x, value))}
      />
      {conv ? <Feeds /> : null}
    </Pane>
  );
}

/** How far a picked input cell reaches. It always has its place: nothing below may move away from under a pointer. */
function Feeds(): VNode {
  const t = said(labText);
  const spot = picked.value;
  return (
    <p class="note reach" role="status">
      {spot === undefined ? t.pick : t.feeds(spot.y, spot.x, fedCells().length)}
    </p>
  );
}

function fedCells(): readonly Spot[] {
  const { tells } = result.value;
  if (picked.value === undefined || tells === undefined) return [];
  const { y, x } = picked.value;
  const told = tells.feeds({ n: image.value, c: channel.value, y, x });
  return told.cells.filter(({ f }) => f === filter.value);
}

export function FilterMaps(): VNode {
  const t = said(labText);
  const { fn, kernel, bias } = lab.value;
  const each = channelsPerGroup(lab.value);
  const [fh, fw] = kernel;
  const hues = colors();
  const limit = limitOf(lab.value.k);
  const f = filter.value;
  const q = channel.value % each;
  const address = (g: number, i: number, j: number): number => ((g * each + q) * fh + i) * fw + j;
  return (
    <Pane name={t.filter} shape={[fn, each, fh, fw]} symbol="w">
      <table class="kernel" aria-label={`${t.filterOf(f)}, ${t.channel(channel.value)}`}>
        <tbody>
          {Array.from({ length: fh }, (_, i) => (
            <tr>
              {Array.from({ length: fw }, (_, j) => {
                const value = lab.value.k[address(f, i, j)] ?? 0;
                return (
                  <td>
                    <input
                      type="number"
                      step="any"
                      aria-label={t.at(i, j)}
                      value={value}
                      style={{ background: hues.of(value / limit), color: hues.on(value / limit) }}
                      onInput={(event) => {
                        const next = event.currentTarget.valueAsNumber;
                        if (!Number.isNaN(next)) show(withNumber(lab.value, "k", address(f, i, j), next));
                      }}
                    />
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
      {bias ? (
        <label class="bias">
          + {t.bias} <var>b</var>
          <input
            type="number"
            step="any"
            value={lab.value.b[f] ?? 0}
            onInput={(event) => {
              const next = event.currentTarget.valueAsNumber;
              if (!Number.isNaN(next)) show(withNumber(lab.value, "b", f, next));
            }}
          />
        </label>
      ) : null}
      <Thumbs count={fn} value={f} name={t.filters} label={t.filterOf} onChange={(g) => (filter.value = g)}>
        {(g) => (
          <Grid
            rows={fh}
            columns={fw}
            at={(i, j) => lab.value.k[address(g, i, j)] ?? 0}
            limit={limit}
            cell={cellFor(Math.max(fh, fw), 44, 14)}
            label=""
          />
        )}
      </Thumbs>
      <div class="tools" role="group" aria-label={t.kinds}>
        {(Object.keys(t.kernels) as (keyof typeof t.kernels)[]).map((kind) => (
          <button type="button" onClick={() => show(kernels(lab.value, f, kind))}>
            {t.kernels[kind]}
          </button>
        ))}
      </div>
    </Pane>
  );
}

export function OutputMaps(): VNode {
  const t = said(labText);
  const { geometry, output, filters, error } = result.value;
  if (geometry === undefined) {
    return (
      <Pane name={t.output} symbol="y">
        <p class="note">{t.nothing}</p>
      </Pane>
    );
  }
  const [oh, ow] = geometry.output;
  const maps = (f: number) => (y: number, x: number) => output[((image.value * filters + f) * oh + y) * ow + x] ?? 0;
  const limit = limitOf(output);
  const f = Math.min(filter.value, filters - 1);
  const ghost = error !== undefined;
  return (
    <Pane name={t.output} shape={[lab.value.n, filters, oh, ow]} symbol="y">
      <Keys label={`${t.output}. ${t.keys}`} onKey={moveWindow}>
        <Grid
          rows={oh}
          columns={ow}
          at={maps(f)}
          limit={limit}
          cell={cellFor(Math.max(ow, oh * 0.9), span, 62)}
          window={[at.value]}
          marked={fedCells()}
          ghost={ghost}
          label={`${t.output}, ${t.filterOf(f)}, ${t.sizeOf(oh, ow)}`}
          onCell={({ y, x }, pressed) => {
            if (pressed) playing.value = false;
            if (!playing.value) look(y, x);
          }}
        />
      </Keys>
      <Thumbs count={filters} value={f} name={t.output} label={t.filterOf} onChange={(g) => (filter.value = g)}>
        {(g) => (
          <Grid
            rows={oh}
            columns={ow}
            at={maps(g)}
            limit={limit}
            cell={cellFor(Math.max(ow, oh), 44, 10)}
            ghost={ghost}
            label=""
          />
        )}
      </Thumbs>
      <Images count={lab.value.n} />
      <Numbers name={`${t.output}, ${t.filterOf(f)}`} rows={oh} columns={ow} at={maps(f)} />
    </Pane>
  );
}

const arrows: Readonly<Record<string, readonly [number, number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/** Arrow keys move the window, Home and End go to its first and last place, Space plays. */
export function moveWindow(event: KeyboardEvent): void {
  const { geometry } = result.value;
  if (geometry === undefined) return;
  const step = arrows[event.key];
  if (step !== undefined) look(at.value.y + step[0], at.value.x + step[1]);
  else if (event.key === "Home") look(0, 0);
  else if (event.key === "End") look(geometry.output[0], geometry.output[1]);
  else if (event.key === " ") playing.value = !playing.value;
  else if (event.key === "Escape") picked.value = undefined;
  else return;
  if (event.key !== " ") playing.value = false;
  event.preventDefault();
}

function Keys(props: {
  readonly label: string;
  onKey(event: KeyboardEvent): void;
  readonly children: ComponentChildren;
}): VNode {
  return (
    <div class="keys" tabIndex={0} role="application" aria-label={props.label} onKeyDown={props.onKey}>
      {props.children}
    </div>
  );
}

function Pane(props: {
  readonly name: string;
  readonly symbol: string;
  readonly shape?: readonly number[];
  readonly children: ComponentChildren;
}): VNode {
  return (
    <section class="pane" aria-label={props.name}>
      <h2>
        {props.name} <var>{props.symbol}</var>
        {props.shape === undefined ? null : <code>({props.shape.join(", ")})</code>}
      </h2>
      {props.children}
    </section>
  );
}

/** Small maps in a row, where there are several. */
function Thumbs(props: {
  readonly count: number;
  readonly value: number;
  readonly name: string;
  label(i: number): string;
  onChange(i: number): void;
  children(i: number): VNode;
}): VNode | null {
  if (props.count < 2) return null;
  return (
    <div class="thumbs" role="group" aria-label={props.name}>
      {Array.from({ length: props.count }, (_, i) => (
        <button
          type="button"
          aria-pressed={i === props.value}
          aria-label={props.label(i)}
          onClick={() => props.onChange(i)}
        >
          {props.children(i)}
        </button>
      ))}
    </div>
  );
}

function Images({ count }: { readonly count: number }): VNode | null {
  const t = said(labText);
  if (count < 2) return null;
  return (
    <Choice
      name={t.batch}
      value={image.value}
      options={Array.from({ length: count }, (_, i) => [i, t.image(i)] as const)}
      onChange={(i) => (image.value = i)}
    />
  );
}

/** The table behind a canvas; with `onNumber` its numbers can be changed. */
export function Numbers(props: {
  readonly name: string;
  readonly rows: number;
  readonly columns: number;
  at(y: number, x: number): number;
  onNumber?: (y: number, x: number, value: number) => void;
}): VNode {
  const t = said(labText);
  const details = useRef<HTMLDetailsElement>(null);
  const { rows, columns, at: value, onNumber } = props;
  const open = opened.value.has(props.name);
  return (
    <details
      ref={details}
      class="numbers"
      onToggle={() => {
        const next = new Set(opened.value);
        if (details.current!.open) next.add(props.name);
        else next.delete(props.name);
        opened.value = next;
      }}
    >
      <summary>{t.numbers}</summary>
      {open ? (
        <div class="scroll" tabIndex={0} role="region" aria-label={props.name}>
          <table>
            <caption class="unseen">{props.name}</caption>
            <thead>
              <tr>
                <td />
                {Array.from({ length: columns }, (_, x) => (
                  <th scope="col">{x}</th>
                ))}
              </tr>
            </thead>
            <tbody>
              {Array.from({ length: rows }, (_, y) => (
                <tr>
                  <th scope="row">{y}</th>
                  {Array.from({ length: columns }, (_, x) => (
                    <td>
                      {onNumber === undefined ? (
                        short(value(y, x))
                      ) : (
                        <input
                          type="number"
                          aria-label={t.at(y, x)}
                          value={value(y, x)}
                          onInput={(event) => {
                            const next = event.currentTarget.valueAsNumber;
                            if (!Number.isNaN(next)) onNumber(y, x, next);
                          }}
                        />
                      )}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : null}
    </details>
  );
}

const opened: Signal<ReadonlySet<string>> = signal(new Set());
