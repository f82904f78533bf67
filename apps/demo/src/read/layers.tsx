/** What every layer makes of the drawing, and how any of its numbers came to be. */
import { SIDE } from "@tatamijs/digits";
import type { Explanation } from "@tatamijs/core/explain";
import type { VNode } from "preact";
import { said } from "../preferences.ts";
import { Behind, Numbers } from "../ui/behind.tsx";
import { short } from "../ui/colors.ts";
import { Grid } from "../ui/grid.tsx";
import { teller, type Shown } from "./network.ts";
import { asked, network, reading } from "./store.ts";
import { readText } from "./text.ts";

/** Pixels of a cell's side: every map is a mat of the same size, whatever it holds. */
function cellOf({ kind, flat, side: [height, width] }: Shown): number {
  if (flat) return kind === "scores" ? 56 : 16;
  return Math.max(3, Math.floor(72 / Math.max(height, width)));
}

/** Two digits behind the point, so that numbers below each other can be compared. */
const two = (value: number): string => value.toFixed(2).replace("-", "−");

function explained(): Explanation | undefined {
  const [at, now, opened] = [asked.value, reading.value, network.value];
  if (at === undefined || now === undefined || opened === undefined) return undefined;
  const map = opened.shown[at.index];
  if (map === undefined) return undefined;
  const cell = map.flat ? { f: at.y * map.side[1] + at.x } : { f: at.f, y: at.y, x: at.x };
  return teller(opened.layers, now.pixels, map).explain(cell);
}

export function Layers(): VNode | null {
  const t = said(readText);
  const [now, opened] = [reading.value, network.value];
  if (opened === undefined || (now !== undefined && now.maps.length !== opened.shown.length)) return null;
  const told = explained();
  const rows = told?.field?.rows;
  const columns = told?.field?.columns;
  const field =
    rows === undefined || columns === undefined
      ? []
      : [
          { y: rows[0], x: columns[0] },
          { y: rows[1], x: columns[1] },
        ];
  return (
    <section class="mat layers" aria-label={t.layers}>
      <h2>{t.layers}</h2>
      <p class="note">{t.layersLead}</p>
      <div class="through">
        <div class="told">
          <figure>
            <figcaption>{t.seen}</figcaption>
            <Grid
              rows={SIDE}
              columns={SIDE}
              at={(y, x) => now?.pixels[y * SIDE + x] ?? 0}
              limit={1}
              cell={11}
              window={field}
              label={t.seen}
            />
          </figure>
          <div class="why" role="status">
            {told === undefined ? <p class="note">{t.ask}</p> : <Why told={told} />}
          </div>
        </div>
        <div class="maplist">
          <figure>
            <figcaption>
              {t.seen} <code>{`1 × ${SIDE} × ${SIDE}`}</code>
            </figcaption>
            <Behind name={t.seen}>
              <Numbers name={t.seen} rows={SIDE} columns={SIDE} at={(y, x) => now?.pixels[y * SIDE + x] ?? 0} />
            </Behind>
          </figure>
          {opened.shown.map((map, index) => (
            <Row map={map} index={index} values={now?.maps[index] ?? []} />
          ))}
        </div>
      </div>
    </section>
  );
}

function Row(props: { readonly map: Shown; readonly index: number; readonly values: ArrayLike<number> }): VNode {
  const t = said(readText);
  const { map, index, values } = props;
  const [height, width] = map.side;
  let limit = 1e-6;
  for (let i = 0; i < values.length; i++) limit = Math.max(limit, Math.abs(values[i]!));
  const at = asked.value?.index === index ? asked.value : undefined;
  return (
    <figure>
      <figcaption>
        {t.nameOf(map)} <code>{map.flat ? map.count : `${map.maps} × ${height} × ${width}`}</code>
      </figcaption>
      <div class={map.flat ? "flat" : "featuremaps"}>
        {map.kind === "scores" ? <Digits from={0} /> : null}
        {Array.from({ length: map.maps }, (_, f) => (
          <button
            type="button"
            aria-label={`${t.nameOf(map)}, ${t.map(f)}`}
            onClick={(event) => {
              // By keyboard there is no place: the map's largest number is asked about.
              if (event.detail === 0) asked.value = { index, f, ...largest(values, f, map.count, width) };
            }}
          >
            <Grid
              rows={height}
              columns={width}
              at={(y, x) => values[f * map.count + y * width + x] ?? 0}
              limit={limit}
              cell={cellOf(map)}
              cursor={at?.f === f ? at : undefined}
              label=""
              onCell={({ y, x }, _, first) => {
                if (first && y >= 0 && x >= 0 && x < width && y * width + x < map.count)
                  asked.value = { index, f, y, x };
              }}
            />
          </button>
        ))}
        {map.kind === "scores" ? <Digits from={5} /> : null}
      </div>
      <Behind name={`${index + 1}. ${t.nameOf(map)}`}>
        <Numbers
          name={map.maps > 1 ? `${t.nameOf(map)}, ${t.map(at?.f ?? 0)}` : t.nameOf(map)}
          rows={height}
          columns={width}
          at={(y, x) => values[(at?.f ?? 0) * map.count + y * width + x] ?? 0}
        />
      </Behind>
    </figure>
  );
}

/** Whose scores stand below, or above. */
function Digits({ from }: { readonly from: number }): VNode {
  return (
    <p class="digits" aria-hidden="true">
      {Array.from({ length: 5 }, (_, i) => (
        <span>{from + i}</span>
      ))}
    </p>
  );
}

function largest(values: ArrayLike<number>, f: number, count: number, width: number): { y: number; x: number } {
  let best = 0;
  for (let i = 1; i < count; i++) if (values[f * count + i]! > values[f * count + best]!) best = i;
  return { y: Math.floor(best / width), x: best % width };
}

/** The sum in words, and the products that weigh most; of small windows all of them, by channel. */
function Why({ told }: { readonly told: Explanation }): VNode {
  const t = said(readText);
  const { channels, sum, bias, steps, value, field, op } = told;
  const pooling = op === "maxPool2d";
  const products = channels
    .flatMap((one) => one.products.flatMap((row, r) => row.map((product, c) => ({ product, one, r, c }))))
    .sort((a, b) => Math.abs(b.product) - Math.abs(a.product))
    .slice(0, 6);
  return (
    <>
      <h3>
        {t.why}{" "}
        <code>
          [{told.cell.f}, {told.cell.y}, {told.cell.x}]
        </code>
      </h3>
      {field === undefined ? null : (
        <p class="note">{t.field(`${field.rows[0]}–${field.rows[1]}`, `${field.columns[0]}–${field.columns[1]}`)}</p>
      )}
      <p class="total">
        {pooling ? <span class="part">max</span> : <span class="part">Σ {short(sum)}</span>}
        {bias === undefined ? null : (
          <>
            <i> {bias < 0 ? "−" : "+"} </i>
            <span class="part">
              {short(Math.abs(bias))}
              <sub>b</sub>
            </span>
          </>
        )}
        {steps.map((step) => (
          <>
            <i> → </i>
            <span class="part">{step.op}</span>
          </>
        ))}
        <i> = </i>
        <output>{short(value)}</output>
      </p>
      {pooling ? (
        <p class="products">{channels[0]!.values.map((row) => row.map(short).join("  ")).join("  /  ")}</p>
      ) : (
        <>
          <h4>{t.biggest}</h4>
          <ol class="products">
            {products.map(({ product, one, r, c }) => (
              <li>
                {two(one.values[r]![c]!)} × {two(one.weights[r]![c]!).padStart(5)} = <b>{two(product).padStart(5)}</b>
              </li>
            ))}
          </ol>
        </>
      )}
    </>
  );
}
