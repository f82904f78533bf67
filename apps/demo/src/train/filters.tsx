/** The weights of a layer as they change, and the gradients that change them. */
import { useSignal } from "@preact/signals";
import { SIDE } from "@tatamijs/digits";
import type { VNode } from "preact";
import { said } from "../preferences.ts";
import { NumberField } from "../ui/fields.tsx";
import { Behind, Numbers } from "../ui/behind.tsx";
import type { Maps } from "./messages.ts";
import { built, look, maps, settings, shownRow } from "./store.ts";
import { trainText } from "./text.ts";
import { Tiles } from "./tiles.tsx";

/** How weights of a shape are laid out: tiles of height × width, `columns` to a row where that says something. */
interface Layout {
  readonly count: number;
  readonly height: number;
  readonly width: number;
  readonly columns: number | undefined;
  readonly cell: number;
  readonly order?: (place: number) => number;
}

function layoutOf(shape: readonly number[]): Layout {
  const [first = 1, second = 1, height = 1, width = 1] = shape;
  if (shape.length === 4) {
    const count = first * second;
    if (second === 1) return { count, height, width, columns: undefined, cell: Math.max(8, 72 / width) };
    // Filters or channels, whichever are more, stand side by side.
    const order = (place: number): number => (place % first) * second + Math.floor(place / first);
    const turned = first > second ? { columns: first, order } : { columns: second };
    return { count, height, width, cell: 7, ...turned };
  }
  // Each unit that looks at the picture itself is a picture.
  if (second === SIDE * SIDE) return { count: first, height: SIDE, width: SIDE, columns: undefined, cell: 2 };
  return { count: 1, height: first, width: second, columns: 1, cell: 12 };
}

export function Filters(): VNode {
  const t = said(trainText);
  const at = useSignal(0);
  const rows = built.value.rows.flatMap(({ weight }, row) => (weight === undefined ? [] : [row]));
  const layers = settings.value.layers;
  const nameOf = (row: number): string => {
    const layer = layers[row];
    return t.rowOf(row + 1, layer === undefined ? t.scores : t.kinds[layer.kind]);
  };
  const now = maps.value;
  const layout = layoutOf(now?.shape ?? []);
  const chosen = Math.min(at.value, layout.count - 1);
  return (
    <section class="mat filters" aria-label={t.filters}>
      <div class="heading">
        <h2>{t.filters}</h2>
        {rows.length === 0 ? null : (
          <label class="picked">
            <span>{t.layer}</span>
            <select
              value={shownRow.value}
              onChange={(event) => {
                at.value = 0;
                look(Number(event.currentTarget.value));
              }}
            >
              {rows.map((row) => (
                <option value={row}>{nameOf(row)}</option>
              ))}
            </select>
          </label>
        )}
      </div>
      <p class="note">{t.filtersLead}</p>
      {now === undefined ? null : (
        <div class="pairs">
          <figure>
            <figcaption>
              {now.shape.length === 4 ? t.weights : t.file} <code>{now.shape.join(" × ")}</code>
            </figcaption>
            <Tiles
              {...layout}
              values={now.weights}
              label={`${t.weights}, ${nameOf(now.row)}, ${now.shape.join(" × ")}`}
              chosen={layout.count > 1 ? chosen : undefined}
              onTile={(tile) => (at.value = tile)}
            />
          </figure>
          <figure>
            <figcaption>{t.gradients}</figcaption>
            <Tiles
              {...layout}
              values={now.gradients}
              label={`${t.gradients}, ${nameOf(now.row)}`}
              chosen={layout.count > 1 ? chosen : undefined}
              onTile={(tile) => (at.value = tile)}
            />
          </figure>
        </div>
      )}
      {now === undefined ? null : (
        <Behind name={t.filters}>
          <Chosen maps={now} layout={layout} chosen={chosen} onChange={(tile) => (at.value = tile)} />
        </Behind>
      )}
    </section>
  );
}

/** One tile in numbers, above it which: filter and channel, or unit. */
function Chosen(props: {
  readonly maps: Maps;
  readonly layout: Layout;
  readonly chosen: number;
  onChange(tile: number): void;
}): VNode {
  const t = said(trainText);
  const { maps: now, layout, chosen, onChange } = props;
  const { height, width, count } = layout;
  const channels = now.shape.length === 4 ? now.shape[1]! : 1;
  const [f, c] = [Math.floor(chosen / channels), chosen % channels];
  // A matrix of units and inputs has one tile; its rows are the units.
  const from = chosen * height * width;
  const values = (all: ArrayLike<number>) => (y: number, x: number) => all[from + y * width + x] ?? 0;
  return (
    <>
      <div class="tools">
        {count > 1 ? (
          <NumberField
            name={now.shape.length === 4 ? t.filter : t.unit}
            value={f}
            short={now.shape.length === 4 ? t.filter : t.unit}
            least={0}
            most={count / channels - 1}
            onChange={(next) => onChange(next * channels + c)}
          />
        ) : null}
        {channels > 1 ? (
          <NumberField
            name={t.channel}
            short={t.channel}
            value={c}
            least={0}
            most={channels - 1}
            onChange={(next) => onChange(f * channels + next)}
          />
        ) : null}
      </div>
      <div class="pairs">
        <Numbers name={t.weights} rows={height} columns={width} at={values(now.weights)} />
        <Numbers name={t.gradients} rows={height} columns={width} at={values(now.gradients)} />
      </div>
    </>
  );
}
