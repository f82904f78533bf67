/** The same convolution as one product of matrices: windows as rows, filters as columns. Pointing at one finds it in the others. */
import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { said } from "../preferences.ts";
import { Behind, Numbers } from "../ui/behind.tsx";
import { limitOf } from "../ui/colors.ts";
import { Grid } from "../ui/grid.tsx";
import { arrows, Keys } from "./maps/keys.tsx";
import { channelsPerGroup } from "./state.ts";
import { at, channel, filter, image, lab, look, picked, result } from "./store.ts";
import { labText } from "./text.ts";

export function Matrix(): VNode {
  const t = said(labText);
  const column = useSignal(-1);
  const { tells, geometry } = result.value;
  if (tells === undefined || geometry === undefined) return <p class="note">{t.nothing}</p>;
  if (lab.value.op !== "conv2d") return <p class="note">{t.noMatrix}</p>;
  const group = Math.floor(filter.value / (lab.value.fn / lab.value.groups));
  const { matrix, weights, product, filters, columns, from } = tells.im2col(group);
  const [oh, ow] = geometry.output;
  const rows = oh * ow;
  const first = image.value * rows;
  const width = columns.length;
  const row = at.value.y * ow + at.value.x;
  const f = filters.indexOf(filter.value);
  // Numbers are shown from 20 pixels on; what is larger than the page scrolls.
  const cell = Math.max(rows > 128 ? 6 : 9, Math.min(26, Math.floor(620 / (width + 2 * filters.length))));
  const across = (y: number, length: number): { y: number; x: number }[] =>
    Array.from({ length }, (_, x) => ({ y, x }));
  const down = (x: number, length: number): { y: number; x: number }[] =>
    x < 0 ? [] : Array.from({ length }, (_, y) => ({ y, x }));
  const point = (y: number, x: number): void => {
    if (y < 0 || x < 0 || y >= rows || x >= width) return;
    column.value = x;
    look(Math.floor(y / ow), y % ow);
    channel.value = columns[x]!.c;
    const address = from[first + y]![x]!;
    const { h, w } = lab.value;
    picked.value = address < 0 ? undefined : { y: Math.floor(address / w) % h, x: address % w };
  };
  const move = (event: KeyboardEvent): void => {
    const step = arrows[event.key];
    if (step === undefined) return;
    const inside = (v: number, size: number): number => Math.max(0, Math.min(size - 1, v));
    point(inside(row + step[0], rows), inside(Math.max(0, column.value) + step[1], width));
    event.preventDefault();
  };
  // Of a large matrix only the row that is looked at.
  const listed = rows * width > 4096 ? [row] : Array.from({ length: rows }, (_, y) => y);
  return (
    <div class="matrix">
      <p>{t.matrixLead}</p>
      <div class="scroll" tabIndex={0} role="region" aria-label={t.matrix}>
        <div class="product">
          <figure>
            <figcaption>
              {t.matrixWindows}
              <code>
                N·OH·OW × C·FH·FW = {rows * lab.value.n} ×{" "}
                {channelsPerGroup(lab.value) * lab.value.kernel[0] * lab.value.kernel[1]}
              </code>
            </figcaption>
            <Keys label={`${t.matrixWindows}. ${t.matrixKeys}`} onKey={move}>
              <Grid
                rows={rows}
                columns={width}
                at={(y, x) => matrix[first + y]?.[x] ?? 0}
                limit={limitOf(matrix.flat())}
                cell={cell}
                window={across(row, width)}
                marked={column.value < 0 ? [] : down(column.value, rows)}
                label={t.matrixWindows}
                onCell={({ y, x }) => point(y, x)}
              />
            </Keys>
          </figure>
          <i>·</i>
          <figure>
            <figcaption>
              {t.matrixFilters}
              <code>
                {width} × {filters.length}
              </code>
            </figcaption>
            <Grid
              rows={width}
              columns={filters.length}
              at={(y, x) => weights[y]?.[x] ?? 0}
              limit={limitOf(weights.flat())}
              cell={cell}
              window={down(f, width)}
              marked={column.value < 0 ? [] : across(column.value, filters.length)}
              label={t.matrixFilters}
              onCell={({ x }) => {
                if (filters[x] !== undefined) filter.value = filters[x];
              }}
            />
          </figure>
          <i>=</i>
          <figure>
            <figcaption>
              {t.matrixProduct}
              <code>
                {rows * lab.value.n} × {filters.length}
              </code>
            </figcaption>
            <Grid
              rows={rows}
              columns={filters.length}
              at={(y, x) => product[first + y]?.[x] ?? 0}
              limit={limitOf(product.flat())}
              cell={cell}
              window={[{ y: row, x: f }]}
              label={t.matrixProduct}
              onCell={({ y, x }) => {
                if (filters[x] !== undefined) filter.value = filters[x];
                look(Math.floor(y / ow), y % ow);
              }}
            />
          </figure>
        </div>
      </div>
      <Behind name={t.matrix}>
        <Numbers
          name={t.matrixWindows}
          rows={listed.length}
          columns={width}
          at={(y, x) => matrix[first + listed[y]!]?.[x] ?? 0}
        />
        <Numbers name={t.matrixFilters} rows={width} columns={filters.length} at={(y, x) => weights[y]?.[x] ?? 0} />
        <Numbers
          name={t.matrixProduct}
          rows={listed.length}
          columns={filters.length}
          at={(y, x) => product[first + listed[y]!]?.[x] ?? 0}
        />
      </Behind>
    </div>
  );
}
