/** The same convolution as one product of matrices: windows as rows, filters as columns. Pointing at one finds it in the others. */
import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { said } from "../preferences.ts";
import { Grid } from "../ui/grid.tsx";
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
  const { matrix, weights, product, filters, columns } = tells.im2col(group);
  const [oh, ow] = geometry.output;
  const rows = oh * ow;
  const first = image.value * rows;
  const width = columns.length;
  const row = at.value.y * ow + at.value.x;
  const f = filters.indexOf(filter.value);
  // Numbers are shown from 20 pixels on; what is larger than the page scrolls.
  const cell = Math.max(rows > 128 ? 6 : 9, Math.min(26, Math.floor(620 / (width + 2 * filters.length))));
  const limit = (grid: readonly (readonly number[])[]): number => Math.max(1, ...grid.flat().map(Math.abs));
  const across = (y: number, length: number): { y: number; x: number }[] =>
    Array.from({ length }, (_, x) => ({ y, x }));
  const down = (x: number, length: number): { y: number; x: number }[] =>
    x < 0 ? [] : Array.from({ length }, (_, y) => ({ y, x }));
  const point = (y: number, x: number): void => {
    if (y < 0 || x < 0 || y >= rows || x >= width) return;
    column.value = x;
    look(Math.floor(y / ow), y % ow);
    const { c, i, j } = columns[x]!;
    channel.value = c;
    const [iy, ix] = [
      at.value.y * geometry.stride[0] + i * geometry.dilation[0] - geometry.padding[0],
      at.value.x * geometry.stride[1] + j * geometry.dilation[1] - geometry.padding[1],
    ];
    picked.value = iy >= 0 && ix >= 0 && iy < lab.value.h && ix < lab.value.w ? { y: iy, x: ix } : undefined;
  };
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
            <Grid
              rows={rows}
              columns={width}
              at={(y, x) => matrix[first + y]?.[x] ?? 0}
              limit={limit(matrix)}
              cell={cell}
              window={across(row, width)}
              marked={column.value < 0 ? [] : down(column.value, rows)}
              label={t.matrixWindows}
              onCell={({ y, x }) => point(y, x)}
            />
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
              limit={limit(weights)}
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
              limit={limit(product)}
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
    </div>
  );
}
