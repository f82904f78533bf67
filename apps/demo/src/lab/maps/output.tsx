/** The output: each cell is a window's sum; pointing at one moves the window there. */
import type { VNode } from "preact";
import { said } from "../../preferences.ts";
import { limitOf } from "../../ui/colors.ts";
import { Grid } from "../../ui/grid.tsx";
import { at, filter, image, lab, look, playing, result } from "../store.ts";
import { labText } from "../text.ts";
import { fedCells } from "../told.ts";
import { Keys, moveWindow } from "./keys.tsx";
import { Numbers } from "./numbers.tsx";
import { cellFor, Images, large, otherCell, Pane, small, Thumbs } from "./pane.tsx";

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
          cell={cellFor(Math.max(ow, oh * 0.9), large, otherCell(lab.value))}
          window={[at.value]}
          marked={fedCells.value}
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
            cell={cellFor(Math.max(ow, oh), small, 10)}
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
