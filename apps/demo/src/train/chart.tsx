/** A curve chart: uPlot in the site's colours. Dashes tell the series apart where colours do not. */
import type { VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";
import uPlot, { type AlignedData, type Options } from "uplot";
import "uplot/dist/uPlot.min.css";
import { palette } from "../preferences.ts";
import { colors, type Palette } from "../ui/colors.ts";

export interface Series {
  readonly label: string;
  readonly color: (hues: Palette) => string;
  readonly width: number;
  readonly dash?: readonly number[];
  readonly points?: boolean;
}

const height = 210;
/** Between two steps that are written below the chart. */
const wholes = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000];

export function Chart(props: {
  readonly label: string;
  /** What goes to the right. */
  readonly along: string;
  readonly series: readonly Series[];
  readonly data: AlignedData;
  /** Frames until it is drawn: those that change together are not drawn together. */
  readonly after: number;
  /** The least and the most that is shown of y, from the data's own. */
  range(least: number, most: number): readonly [number, number];
  value(y: number): string;
}): VNode {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | undefined>(undefined);
  const { series, data, label, along, after } = props;
  const theme = palette.value;
  const names = series.map((one) => one.label).join();
  useEffect(() => {
    const element = place.current!;
    const made = new uPlot(optionsOf(props, element.clientWidth), data, element);
    chart.current = made;
    const watcher = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }));
    watcher.observe(element);
    return () => {
      watcher.disconnect();
      made.destroy();
      chart.current = undefined;
    };
  }, [theme, names]);
  const waiting = useRef(false);
  const latest = useRef(data);
  latest.current = data;
  useEffect(() => {
    if (waiting.current) return;
    waiting.current = true;
    inFrames(after, () => {
      waiting.current = false;
      chart.current?.setData(latest.current);
    });
  }, [data]);
  const hues = colors();
  return (
    <>
      <ul class="legend" aria-hidden="true">
        {series.map(({ label: name, color, width, dash = [] }) => (
          <li>
            <svg width="26" height="10" viewBox="0 0 26 10">
              <path d="M0 5h26" stroke={color(hues)} stroke-width={width} stroke-dasharray={dash.join(" ")} />
            </svg>
            {name}
          </li>
        ))}
        <li class="along">{along} →</li>
      </ul>
      <div class="chart" ref={place} role="img" aria-label={label} />
    </>
  );
}

function inFrames(count: number, draw: () => void): void {
  requestAnimationFrame(() => (count > 1 ? inFrames(count - 1, draw) : draw()));
}

function optionsOf(
  { series, range, value }: Pick<Parameters<typeof Chart>[0], "series" | "range" | "value">,
  width: number,
): Options {
  const hues = colors();
  // As large as the page's text, whatever the visitor has chosen for it.
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
  const axis = {
    stroke: hues.soft,
    grid: { stroke: hues.line, width: 0.5 },
    ticks: { stroke: hues.line, width: 0.5, size: 4 },
    font: `${rem * 0.75}px ui-monospace, "SF Mono", Menlo, Consolas, monospace`,
    gap: 3,
  };
  return {
    width,
    height,
    legend: { show: false },
    cursor: { show: false },
    padding: [8, 10, 0, 0],
    scales: {
      x: { time: false, range: (_, least, most) => [Math.min(0, least || 0), Math.max(20, most || 0)] },
      y: { range: (_, least, most) => [...range(least ?? 0, most ?? 1)] },
    },
    axes: [
      { ...axis, size: rem * 1.6, incrs: wholes },
      { ...axis, size: rem * 2.75, values: (_, splits) => splits.map(value) },
    ],
    series: [
      {},
      ...series.map(({ label, color, width: thick, dash, points = false }) => ({
        label,
        stroke: color(hues),
        width: thick,
        spanGaps: true,
        ...(dash === undefined ? {} : { dash: [...dash] }),
        // Left out, they are there where there is room for them.
        points: { ...(points ? {} : { show: false }), size: 5, fill: color(hues) },
      })),
    ],
  };
}
