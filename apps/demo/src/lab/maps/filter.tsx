/** The filter: numbers that can be typed over, its bias, and kernels with a name. */
import type { VNode } from "preact";
import { said } from "../../preferences.ts";
import { colors, limitOf } from "../../ui/colors.ts";
import { Grid } from "../../ui/grid.tsx";
import { kernels } from "../fills.ts";
import { channelsPerGroup, withNumber } from "../state.ts";
import { channel, filter, lab, show } from "../store.ts";
import { labText } from "../text.ts";
import { cellFor, large, otherCell, Pane, small, Thumbs } from "./pane.tsx";
import { NumberInput } from "../../ui/fields.tsx";

export function FilterMaps(): VNode {
  const t = said(labText);
  const { fn, kernel, bias } = lab.value;
  const each = channelsPerGroup(lab.value);
  const [fh, fw] = kernel;
  const hues = colors();
  const cell = Math.min(otherCell(lab.value), 216 / fw, large / fh);
  const limit = limitOf(lab.value.k);
  const f = filter.value;
  const q = channel.value % each;
  const address = (g: number, i: number, j: number): number => ((g * each + q) * fh + i) * fw + j;
  return (
    <Pane name={t.filter} shape={[fn, each, fh, fw]} symbol="w">
      <table
        class="kernel"
        style={{ width: `${fw * cell}px`, fontSize: `${cell * 0.34}px` }}
        aria-label={`${t.filterOf(f)}, ${t.channel(channel.value)}`}
      >
        <tbody>
          {Array.from({ length: fh }, (_, i) => (
            <tr>
              {Array.from({ length: fw }, (_, j) => {
                const value = lab.value.k[address(f, i, j)] ?? 0;
                return (
                  <td>
                    <NumberInput
                      step="any"
                      aria-label={t.at(i, j)}
                      value={value}
                      style={{ background: hues.of(value / limit), color: hues.on(value / limit) }}
                      onNumber={(next) => show(withNumber(lab.value, "k", address(f, i, j), next))}
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
          <NumberInput
            step="any"
            value={lab.value.b[f] ?? 0}
            onNumber={(next) => show(withNumber(lab.value, "b", f, next))}
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
            cell={cellFor(Math.max(fh, fw), small, 14)}
            label=""
          />
        )}
      </Thumbs>
      <div class="tools kinds" role="group" aria-label={t.kinds}>
        {(Object.keys(t.kernels) as (keyof typeof t.kernels)[]).map((kind) => (
          <button type="button" onClick={() => show(kernels(lab.value, f, kind))}>
            {t.kernels[kind]}
          </button>
        ))}
      </div>
    </Pane>
  );
}
