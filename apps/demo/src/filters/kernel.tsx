/** The kernel: known ones by name, and numbers that can be typed over. */
import type { VNode } from "preact";
import { said } from "../preferences.ts";
import { colors, limitOf } from "../ui/colors.ts";
import { Choice, NumberField, NumberInput } from "../ui/fields.tsx";
import { Grid } from "../ui/grid.tsx";
import { most, presetNames, presets, resized, shownNames, type Filter } from "./kernels.ts";
import { applied, apply, filter, looked, lookAtMap, preset, trained } from "./store.ts";
import { filterText } from "./text.ts";

/** Filters with a name, under the picture that they change. */
export function Presets(): VNode {
  const t = said(filterText);
  const name = preset.value;
  return (
    <div class="presets" role="group" aria-label={t.filters}>
      {presetNames.map((one) => (
        <button type="button" aria-pressed={one === name} onClick={() => apply(one === "network" ? one : presets[one])}>
          {t.presets[one]}
        </button>
      ))}
      <button type="button" aria-pressed={name === undefined} onClick={() => apply(filter.value)}>
        {t.own}
      </button>
    </div>
  );
}

export function Kernel(): VNode {
  const t = said(filterText);
  return (
    <section class="mat kernels" aria-label={t.kernel}>
      <h2>{t.kernel}</h2>
      {applied.value === "network" ? <Trained /> : <Editor filter={applied.value} />}
    </section>
  );
}

/** Twelve kernels that nobody wrote down; each is a way to its map. */
function Trained(): VNode {
  const t = said(filterText);
  const kernels = trained.value;
  const limit = limitOf(kernels.flat());
  const side = Math.sqrt(kernels[0]?.length ?? 0);
  return (
    <>
      <p class="note">{t.networkWords}</p>
      <div class="trained" role="group" aria-label={t.kernel}>
        {kernels.map((weights, map) => (
          <button
            type="button"
            aria-label={t.map(map)}
            aria-pressed={looked.value?.spot.map === map}
            onClick={() => lookAtMap(map)}
          >
            <Grid rows={side} columns={side} at={(y, x) => weights[y * side + x]!} limit={limit} cell={8} label="" />
          </button>
        ))}
      </div>
    </>
  );
}

function Editor({ filter }: { readonly filter: Filter }): VNode {
  const t = said(filterText);
  const hues = colors();
  const { size, weights, divisor, offset, shown } = filter;
  const limit = limitOf(weights);
  const change = (part: Partial<Filter>): void => apply({ ...filter, ...part });
  return (
    <>
      <table class="kernel" aria-label={t.kernel}>
        <tbody>
          {Array.from({ length: size }, (_, y) => (
            <tr>
              {Array.from({ length: size }, (_, x) => {
                const at = y * size + x;
                const value = weights[at]!;
                return (
                  <td>
                    <NumberInput
                      step={1}
                      min={-most.weight}
                      max={most.weight}
                      aria-label={t.at(y, x)}
                      value={value}
                      style={{ background: hues.of(value / limit), color: hues.on(value / limit) }}
                      onNumber={(next) => {
                        if (Number.isInteger(next) && Math.abs(next) <= most.weight)
                          change({ weights: weights.with(at, next) });
                      }}
                    />
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
      <div class="kernel-settings">
        <span class="labelled">
          <span>{t.size}</span>
          <Choice
            name={t.size}
            value={size}
            options={[
              [3, "3 × 3"],
              [5, "5 × 5"],
            ]}
            onChange={(next) => apply(resized(filter, next))}
          />
        </span>
        <span class="labelled">
          <span aria-hidden="true">{t.divisor}</span>
          <NumberField
            name={t.divisor}
            short=""
            value={divisor}
            least={1}
            most={most.divisor}
            onChange={(next) => change({ divisor: next })}
          />
        </span>
        <span class="labelled">
          <span aria-hidden="true">{t.offset}</span>
          <NumberField
            name={t.offset}
            short=""
            value={offset}
            least={-most.offset}
            most={most.offset}
            onChange={(next) => change({ offset: next })}
          />
        </span>
        <span class="labelled">
          <span>{t.shown}</span>
          <Choice
            name={t.shown}
            value={shown}
            options={shownNames.map((one) => [one, t.shownNames[one]] as const)}
            onChange={(next) => change({ shown: next })}
          />
        </span>
      </div>
    </>
  );
}
