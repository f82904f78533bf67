/** A map of numbers on a canvas: colours, numbers where there is room, padding, windows and marks; a pointer's cells. */
import type { VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { colors, short } from "./colors.ts";

export interface Spot {
  readonly y: number;
  readonly x: number;
}

export interface GridProps {
  readonly rows: number;
  readonly columns: number;
  at(y: number, x: number): number;
  /** The value of full colour. */
  readonly limit: number;
  /** Pixels of a cell's side. */
  readonly cell: number;
  /** Cells around it that are padding: top, left, bottom, right. */
  readonly padding?: readonly [number, number, number, number] | undefined;
  /** Cells with a frame: what the window reads. Coordinates may lie in the padding. */
  readonly window?: readonly Spot[] | undefined;
  /** The frame around all of them. */
  readonly marked?: readonly Spot[] | undefined;
  readonly cursor?: Spot | undefined;
  /** Hatched: read by no window. */
  readonly unreadRows?: readonly number[] | undefined;
  readonly unreadColumns?: readonly number[] | undefined;
  /** Not to be had as long as there is an error. */
  readonly ghost?: boolean | undefined;
  readonly label: string;
  /** `pressed`: a click or a drag; otherwise a pointer that hovers. */
  onCell?: ((spot: Spot, pressed: boolean, first: boolean) => void) | undefined;
}

export function Grid(props: GridProps): VNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { rows, columns, cell, padding: [top, left, bottom, right] = [0, 0, 0, 0], label, onCell } = props;
  const width = (columns + left + right) * cell + 2;
  const height = (rows + top + bottom) * cell + 2;
  const hues = colors();
  useEffect(() => draw(canvas.current!, props, hues));
  const heard = (event: PointerEvent, pressed: boolean, first: boolean): void => {
    const box = canvas.current!.getBoundingClientRect();
    const scale = width / box.width;
    const y = Math.floor(((event.clientY - box.top) * scale - 1) / cell) - top;
    const x = Math.floor(((event.clientX - box.left) * scale - 1) / cell) - left;
    onCell?.({ y, x }, pressed, first);
  };
  return (
    <canvas
      ref={canvas}
      class={onCell === undefined ? "grid" : "grid live"}
      style={{ width: `${width}px`, aspectRatio: `${width} / ${height}` }}
      // Without a label it is a picture in something that has one.
      role={label === "" ? undefined : "img"}
      aria-label={label === "" ? undefined : label}
      aria-hidden={label === ""}
      onPointerDown={
        onCell &&
        ((event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          heard(event, true, true);
        })
      }
      onPointerMove={onCell && ((event) => heard(event, event.buttons !== 0, false))}
    />
  );
}

function draw(canvas: HTMLCanvasElement, props: GridProps, hues: ReturnType<typeof colors>): void {
  const { rows, columns, cell, padding: [top, left, bottom, right] = [0, 0, 0, 0], limit } = props;
  const width = (columns + left + right) * cell + 2;
  const height = (rows + top + bottom) * cell + 2;
  const ratio = devicePixelRatio;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const pen = canvas.getContext("2d")!;
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  const place = ({ y, x }: Spot): [number, number] => [(x + left) * cell + 1, (y + top) * cell + 1];
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < columns; x++) {
      pen.fillStyle = hues.of(props.at(y, x) / limit);
      pen.fillRect(...place({ y, x }), cell, cell);
    }
  // Lines between cells, fainter where the cells are small; where they are tiny, lines would be all there is to see.
  pen.strokeStyle = hues.line;
  pen.globalAlpha = cell >= 12 ? 1 : 0.4;
  pen.lineWidth = 1;
  pen.beginPath();
  const [down, across] = cell >= 5 ? [1, 1] : [rows, columns];
  for (let y = 0; y <= rows; y += down) line(pen, place({ y, x: 0 }), place({ y, x: columns }));
  for (let x = 0; x <= columns; x += across) line(pen, place({ y: 0, x }), place({ y: rows, x }));
  pen.stroke();
  pen.globalAlpha = 1;
  if (top + left + bottom + right > 0) {
    pen.setLineDash([3, 3]);
    pen.strokeStyle = hues.soft;
    pen.strokeRect(1, 1, width - 2, height - 2);
    pen.setLineDash([]);
  }
  hatch(pen, props, hues.mark, place);
  if (cell >= 20) numbers(pen, props, hues, place);
  for (const spot of props.marked ?? []) frame(pen, place(spot), cell, cell, hues.accent, 3);
  const window = props.window ?? [];
  if (window.length > 0) {
    pen.globalAlpha = 0.9;
    for (const spot of window) frame(pen, place(spot), cell, cell, hues.ink, 1.2);
    pen.globalAlpha = 1;
    const [y0, x0] = [Math.min(...window.map(({ y }) => y)), Math.min(...window.map(({ x }) => x))];
    const [y1, x1] = [Math.max(...window.map(({ y }) => y)), Math.max(...window.map(({ x }) => x))];
    frame(pen, place({ y: y0, x: x0 }), (x1 - x0 + 1) * cell, (y1 - y0 + 1) * cell, hues.ink, 3);
  }
  if (props.cursor !== undefined) frame(pen, place(props.cursor), cell, cell, hues.mark, 3);
  if (props.ghost === true) {
    pen.globalAlpha = 0.62;
    pen.fillStyle = hues.paper;
    pen.fillRect(0, 0, width, height);
    pen.globalAlpha = 1;
  }
}

function line(pen: CanvasRenderingContext2D, from: [number, number], to: [number, number]): void {
  pen.moveTo(...from);
  pen.lineTo(...to);
}

/** A frame inside of its box, with a paper-coloured seam so that it shows on any colour. */
function frame(
  pen: CanvasRenderingContext2D,
  [x, y]: [number, number],
  width: number,
  height: number,
  color: string,
  thick: number,
): void {
  pen.strokeStyle = color;
  pen.lineWidth = thick;
  pen.strokeRect(x + thick / 2 - 1, y + thick / 2 - 1, width - thick + 2, height - thick + 2);
}

/** The number of each cell, in padding too; on a hatched one with a seam of the cell's colour, so that it can be read. */
function numbers(
  pen: CanvasRenderingContext2D,
  props: GridProps,
  hues: ReturnType<typeof colors>,
  place: (spot: Spot) => [number, number],
): void {
  const { rows, columns, cell, padding: [top, left, bottom, right] = [0, 0, 0, 0], limit } = props;
  const { unreadRows = [], unreadColumns = [] } = props;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.lineJoin = "round";
  pen.lineWidth = 5;
  for (let y = -top; y < rows + bottom; y++)
    for (let x = -left; x < columns + right; x++) {
      const [px, py] = place({ y, x });
      const inside = y >= 0 && x >= 0 && y < rows && x < columns;
      const value = inside ? props.at(y, x) : 0;
      const text = short(value);
      const size = Math.min(cell * 0.44, (cell * 1.5) / Math.max(2, text.length));
      pen.font = `${size}px ui-monospace, "SF Mono", Menlo, Consolas, monospace`;
      const middle = [px + cell / 2, py + cell / 2 + 1] as const;
      if (inside && (unreadRows.includes(y) || unreadColumns.includes(x))) {
        pen.strokeStyle = hues.of(value / limit);
        pen.strokeText(text, ...middle);
      }
      pen.fillStyle = inside ? hues.on(value / limit) : hues.soft;
      pen.fillText(text, ...middle);
    }
  // Frames that come after have corners.
  pen.lineJoin = "miter";
}

/** Rows and columns that nobody reads: slanted lines, which need no colour to be seen. */
function hatch(
  pen: CanvasRenderingContext2D,
  { rows, columns, cell, unreadRows = [], unreadColumns = [] }: GridProps,
  color: string,
  place: (spot: Spot) => [number, number],
): void {
  const boxes = [
    ...unreadRows.map((y) => [...place({ y, x: 0 }), columns * cell, cell] as const),
    ...unreadColumns.map((x) => [...place({ y: 0, x }), cell, rows * cell] as const),
  ];
  for (const [x, y, width, height] of boxes) {
    pen.save();
    pen.beginPath();
    pen.rect(x, y, width, height);
    pen.clip();
    pen.strokeStyle = color;
    pen.lineWidth = 2;
    pen.beginPath();
    for (let d = -height; d < width; d += 9) line(pen, [x + d, y + height], [x + d + height, y]);
    pen.stroke();
    pen.restore();
  }
}
