/** The network as a list: presets, and every layer's kind, numbers, place and size. */
import type { VNode } from "preact";
import { said } from "../preferences.ts";
import { NumberField } from "../ui/fields.tsx";
import {
  fresh,
  layersText,
  limits,
  mostLayers,
  presets,
  type LayerKind,
  type LayerSpec,
  type PresetName,
} from "./layers.ts";
import { built, change, figure, settings } from "./store.ts";
import { trainText } from "./text.ts";
import { wordsOf } from "../ui/words.ts";

const presetNames = Object.keys(presets) as PresetName[];
const kinds = Object.keys(fresh) as LayerKind[];

export function Network(): VNode {
  const t = said(trainText);
  const { layers } = settings.value;
  const { rows, problem } = built.value;
  const text = layersText(layers);
  const put = (next: readonly LayerSpec[]): void => change({ layers: next });
  const total = rows.reduce((sum, { parameters }) => sum + parameters, 0);
  return (
    <section class="mat network" aria-label={t.network}>
      <h2>{t.network}</h2>
      <div class="choice" role="group" aria-label={t.network}>
        {presetNames.map((name) => (
          <button type="button" aria-pressed={layersText(presets[name]) === text} onClick={() => put(presets[name])}>
            {t.presets[name]}
          </button>
        ))}
      </div>
      <ol class="layerlist">
        <li class="end">
          <span>{t.input}</span>
          <code>1 × 28 × 28</code>
        </li>
        {layers.map((layer, row) => (
          <li class={problem?.row === row ? "wrong" : undefined}>
            <LayerRow
              layer={layer}
              row={row}
              last={row === layers.length - 1}
              onChange={(next) => put(layers.with(row, next))}
              onRemove={() => put(layers.toSpliced(row, 1))}
              onMove={(by) => put(layers.with(row, layers[row + by]!).with(row + by, layer))}
            />
            <Size row={row} />
            {problem?.row === row ? (
              <p class="refused words" role="alert">
                {wordsOf(problem.error)}
              </p>
            ) : null}
          </li>
        ))}
        <li class="end">
          <span>{t.scores}</span>
          <Size row={layers.length} />
          {problem?.row === layers.length ? (
            <p class="refused words" role="alert">
              {wordsOf(problem.error)}
            </p>
          ) : null}
        </li>
      </ol>
      <div class="foot">
        <button
          type="button"
          disabled={layers.length >= mostLayers}
          onClick={() => {
            // A dense layer ends the maps; what comes new stands before the first.
            const at = layers.findIndex(({ kind }) => kind === "dense");
            put(at < 0 ? [...layers, fresh.conv] : layers.toSpliced(at, 0, fresh.conv));
          }}
        >
          {t.add}
        </button>
        {problem === undefined ? <span class="note">{t.parameters(figure(total))}</span> : null}
      </div>
    </section>
  );
}

function Size({ row }: { readonly row: number }): VNode | null {
  const found = built.value.rows[row];
  if (found === undefined) return null;
  return <code class="size">{found.shape.join(" × ")}</code>;
}

function LayerRow(props: {
  readonly layer: LayerSpec;
  readonly row: number;
  readonly last: boolean;
  onChange(next: LayerSpec): void;
  onRemove(): void;
  onMove(by: -1 | 1): void;
}): VNode {
  const t = said(trainText);
  const { layer, row, last, onChange, onRemove, onMove } = props;
  const name = t.rowOf(row + 1, t.kinds[layer.kind]);
  const field = (of: keyof typeof limits, value: number, set: (value: number) => LayerSpec, least?: number): VNode => (
    <NumberField
      name={`${name}: ${t.numbersOf[of]}`}
      short={t.numbersOf[of]}
      value={value}
      least={least ?? limits[of].least}
      most={limits[of].most}
      onChange={(next) => onChange(set(next))}
    />
  );
  return (
    <>
      <div class="layerhead">
        <select
          aria-label={t.rowOf(row + 1, t.kind)}
          value={layer.kind}
          onChange={(event) => onChange(fresh[event.currentTarget.value as LayerKind])}
        >
          {kinds.map((kind) => (
            <option value={kind}>{t.kinds[kind]}</option>
          ))}
        </select>
        <span class="moves">
          <button type="button" aria-label={`${name}: ${t.up}`} disabled={row === 0} onClick={() => onMove(-1)}>
            ↑
          </button>
          <button type="button" aria-label={`${name}: ${t.down}`} disabled={last} onClick={() => onMove(1)}>
            ↓
          </button>
          <button type="button" aria-label={`${name}: ${t.remove}`} onClick={onRemove}>
            ×
          </button>
        </span>
      </div>
      {layer.kind === "norm" ? null : (
        <div class="layernumbers">
          {layer.kind === "conv" ? (
            <>
              {field("filters", layer.filters, (filters) => ({ ...layer, filters }))}
              {field("size", layer.size, (size) => ({ ...layer, size }))}
              {field("stride", layer.stride, (stride) => ({ ...layer, stride }))}
              {field("padding", layer.padding, (padding) => ({ ...layer, padding }))}
            </>
          ) : layer.kind === "pool" ? (
            field("size", layer.size, (size) => ({ ...layer, size }), 2)
          ) : layer.kind === "dropout" ? (
            field("percent", layer.percent, (percent) => ({ ...layer, percent }))
          ) : (
            field("units", layer.units, (units) => ({ ...layer, units }))
          )}
        </div>
      )}
    </>
  );
}
