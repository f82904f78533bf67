/** Many small pictures of numbers on one canvas, in rows: filters, and what stands beside them. */
import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { palette } from "../preferences.ts";
import { colors } from "../ui/colors.ts";

export interface TilesProps {
  /** Tiles one after the other, each height × width. */
  readonly values: ArrayLike<number>;
  readonly count: number;
  readonly height: number;
  readonly width: number;
  /** Tiles that stand in one row; left out, as many as there is room for. */
  readonly columns?: number | undefined;
  /** Pixels of a number's side, where there is room; up to half as much again fills a row. */
  readonly cell: number;
  readonly label: string;
  readonly chosen?: number | undefined;
  /** Which of the values' tiles stands where; left out, in order. */
  readonly order?: ((place: number) => number) | undefined;
  onTile?: ((tile: number) => void) | undefined;
}

const gap = 4;

export function Tiles(props: TilesProps): VNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const [room, setRoom] = useState(0);
  useEffect(() => {
    const watcher = new ResizeObserver(([entry]) => setRoom(Math.floor(entry!.contentRect.width)));
    watcher.observe(box.current!);
    return () => watcher.disconnect();
  }, []);
  const plan = planOf(props, room);
  // Read here, so that the theme is followed.
  const hues = lut(palette.value);
  useEffect(() => {
    if (room > 0) draw(canvas.current!, props, plan, hues);
  });
  return (
    <div class="tiles" ref={box}>
      <canvas
        ref={canvas}
        role="img"
        aria-label={props.label}
        class={props.onTile === undefined ? undefined : "live"}
        style={{ width: `${plan.width}px`, aspectRatio: `${plan.width} / ${plan.height}` }}
        onClick={
          props.onTile &&
          ((event) => {
            const { left, top } = canvas.current!.getBoundingClientRect();
            const x = Math.floor((event.clientX - left) / (plan.tileWidth + gap));
            const y = Math.floor((event.clientY - top) / (plan.tileHeight + gap));
            const place = y * plan.columns + x;
            if (x < plan.columns && place < props.count) props.onTile!(props.order?.(place) ?? place);
          })
        }
      />
    </div>
  );
}

interface Plan {
  readonly columns: number;
  readonly tileWidth: number;
  readonly tileHeight: number;
  readonly width: number;
  readonly height: number;
}

function planOf({ count, height, width, columns: fixed, cell }: TilesProps, room: number): Plan {
  const fit = Math.max(1, Math.min(count, Math.floor((room + gap) / (width * cell + gap))));
  // Rows of equal length.
  const columns = fixed ?? Math.ceil(count / Math.ceil(count / fit));
  const most = (room + gap) / columns - gap;
  const side = Math.min(cell * 1.5, most / width);
  const [tileWidth, tileHeight] = [side * width, Math.max(side * height, 1)];
  const rows = Math.ceil(count / columns);
  return {
    columns,
    tileWidth,
    tileHeight,
    width: Math.max(1, columns * (tileWidth + gap) - gap),
    height: Math.max(1, rows * (tileHeight + gap) - gap),
  };
}

let made: { readonly at: number; readonly bytes: Uint32Array; readonly line: string; readonly ink: string } | undefined;

/** 129 colours from −1 to 1, as a canvas keeps them. */
function lut(at: number): NonNullable<typeof made> {
  if (made?.at === at) return made;
  const hues = colors();
  const bytes = Uint32Array.from({ length: 129 }, (_, i) => {
    const [r = 0, g = 0, b = 0] = hues
      .of((i - 64) / 64)
      .match(/\d+/g)!
      .map(Number);
    return (255 << 24) | (b << 16) | (g << 8) | r;
  });
  return (made = { at, bytes, line: hues.line, ink: hues.ink });
}

const strip = document.createElement("canvas");

function draw(canvas: HTMLCanvasElement, props: TilesProps, plan: Plan, hues: NonNullable<typeof made>): void {
  const { values, count, height, width, chosen, order } = props;
  const ratio = devicePixelRatio;
  const [across, down] = [Math.round(plan.width * ratio), Math.round(plan.height * ratio)];
  if (canvas.width !== across || canvas.height !== down) [canvas.width, canvas.height] = [across, down];
  let limit = 1e-12;
  for (let i = 0; i < values.length; i++) limit = Math.max(limit, Math.abs(values[i]!));
  // All tiles below each other, a pixel a number; then each is drawn large where it belongs.
  const image = new ImageData(width, Math.max(1, height * count));
  const words = new Uint32Array(image.data.buffer);
  for (let i = 0; i < words.length; i++) {
    const share = (values[i] ?? 0) / limit;
    words[i] = hues.bytes[Math.round(Math.max(-1, Math.min(1, share)) * 64) + 64]!;
  }
  [strip.width, strip.height] = [width, image.height];
  strip.getContext("2d")!.putImageData(image, 0, 0);
  const pen = canvas.getContext("2d")!;
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, plan.width, plan.height);
  pen.imageSmoothingEnabled = plan.tileWidth < width;
  pen.lineWidth = 1;
  for (let place = 0; place < count; place++) {
    const tile = order?.(place) ?? place;
    const x = (place % plan.columns) * (plan.tileWidth + gap);
    const y = Math.floor(place / plan.columns) * (plan.tileHeight + gap);
    pen.drawImage(strip, 0, tile * height, width, height, x, y, plan.tileWidth, plan.tileHeight);
    pen.strokeStyle = tile === chosen ? hues.ink : hues.line;
    pen.lineWidth = tile === chosen ? 2 : 1;
    const inset = pen.lineWidth / 2;
    pen.strokeRect(x + inset, y + inset, plan.tileWidth - 2 * inset, plan.tileHeight - 2 * inset);
  }
}
