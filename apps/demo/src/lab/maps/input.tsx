/** The input: pointing at a cell moves the window there and picks the cell; with the pen its numbers are drawn. */
import type { VNode } from "preact";
import { said } from "../../preferences.ts";
import { announce } from "../../ui/announcer.tsx";
import { limitOf, short } from "../../ui/colors.ts";
import { Grid, type Spot } from "../../ui/grid.tsx";
import { withNumber } from "../state.ts";
import { channel, drawing, image, lab, look, picked, playing, result, show } from "../store.ts";
import { labText } from "../text.ts";
import { fedCells, windowCells } from "../told.ts";
import { DrawTools, movePencil, paint, pencil, remember } from "./draw.tsx";
import { Keys, moveWindow } from "./keys.tsx";
import { Numbers } from "./numbers.tsx";
import { cellFor, Images, inputCell, Pane, small, Thumbs } from "./pane.tsx";

export function InputMaps(): VNode {
  const t = said(labText);
  const { c, h, w, n, padding } = lab.value;
  const maps = (q: number) => (y: number, x: number) => lab.value.x[((image.value * c + q) * h + y) * w + x] ?? 0;
  const limit = limitOf(lab.value.x);
  const { unread, geometry } = result.value;
  const shown = Math.min(channel.value, c - 1);
  const touch = (spot: Spot, pressed: boolean, first: boolean): void => {
    if (drawing.value) {
      if (!pressed) return;
      if (first) remember();
      paint(spot);
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
  return (
    <Pane name={t.input} shape={[n, c, h, w]} symbol="x">
      <Keys
        label={drawing.value ? `${t.input}. ${t.drawKeys}` : `${t.input}. ${t.keys}`}
        onKey={drawing.value ? movePencil : moveWindow}
      >
        <Grid
          rows={h}
          columns={w}
          at={maps(shown)}
          limit={limit}
          cell={inputCell(lab.value)}
          padding={padding}
          window={drawing.value || geometry === undefined ? [] : windowCells.value}
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
          <Grid rows={h} columns={w} at={maps(q)} limit={limit} cell={cellFor(Math.max(w, h), small, 10)} label="" />
        )}
      </Thumbs>
      <Images count={n} />
      <DrawTools />
      <Numbers
        name={`${t.input}, ${t.channel(shown)}`}
        rows={h}
        columns={w}
        at={maps(shown)}
        onNumber={(y, x, value) => show(withNumber(lab.value, "x", ((image.value * c + shown) * h + y) * w + x, value))}
      />
      {lab.value.op === "conv2d" ? <Feeds /> : null}
    </Pane>
  );
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

/** How far a picked input cell reaches. It always has its place: nothing below may move away from under a pointer. */
function Feeds(): VNode {
  const t = said(labText);
  const spot = picked.value;
  return (
    <p class="note reach" role="status">
      {spot === undefined ? t.pick : t.feeds(spot.y, spot.x, fedCells.value.length)}
    </p>
  );
}
