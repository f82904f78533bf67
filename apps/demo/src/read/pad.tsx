/** The pad: strokes by finger, pen, mouse or arrow keys. */
import { useSignal } from "@preact/signals";
import { SIDE } from "@tatamijs/digits";
import type { VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { said } from "../preferences.ts";
import { colors } from "../ui/colors.ts";
import { answer } from "./answer.ts";
import { add, clear, lines, sample, showSample, undo } from "./store.ts";
import { readText } from "./text.ts";

const size = 280;
const steps: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-0.04, 0],
  ArrowRight: [0.04, 0],
  ArrowUp: [0, -0.04],
  ArrowDown: [0, 0.04],
};

export function Pad(): VNode {
  const t = said(readText);
  const canvas = useRef<HTMLCanvasElement>(null);
  const pen = useSignal({ x: 0.5, y: 0.3 });
  const down = useSignal(false);
  const keyboard = useSignal(false);
  const hues = colors();
  const [strokes, picture] = [lines.value, sample.value];
  useEffect(() => {
    const element = canvas.current!;
    const ratio = devicePixelRatio;
    element.width = element.height = size * ratio;
    const at = element.getContext("2d")!;
    at.scale(ratio, ratio);
    if (picture !== undefined) {
      const cell = size / SIDE;
      picture.forEach((value, i) => {
        if (value === 0) return;
        at.globalAlpha = value / 255;
        at.fillStyle = hues.ink;
        at.fillRect((i % SIDE) * cell, Math.floor(i / SIDE) * cell, cell + 0.5, cell + 0.5);
      });
      at.globalAlpha = 1;
    }
    at.strokeStyle = hues.ink;
    at.lineWidth = size * 0.07;
    at.lineCap = at.lineJoin = "round";
    for (const line of strokes) {
      at.beginPath();
      line.forEach(({ x, y }, i) => (i === 0 ? at.moveTo(x * size, y * size) : at.lineTo(x * size, y * size)));
      if (line.length === 1) at.lineTo(line[0]!.x * size + 0.1, line[0]!.y * size);
      at.stroke();
    }
    if (keyboard.value) {
      at.strokeStyle = hues.mark;
      at.lineWidth = down.value ? 5 : 2;
      at.beginPath();
      at.arc(pen.value.x * size, pen.value.y * size, 9, 0, Math.PI * 2);
      at.stroke();
    }
  });
  const point = (event: PointerEvent): { x: number; y: number } => {
    const box = canvas.current!.getBoundingClientRect();
    return { x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height };
  };
  return (
    <section class="mat writing" aria-label={t.pad}>
      <div
        class="keys"
        tabIndex={0}
        role="application"
        aria-label={`${t.pad}. ${t.padKeys}`}
        onFocus={(event) => (keyboard.value = event.currentTarget.matches(":focus-visible"))}
        onBlur={() => (keyboard.value = down.value = false)}
        onKeyDown={(event) => {
          const step = steps[event.key];
          keyboard.value = true;
          if (event.key === " ") {
            down.value = !down.value;
            if (down.value) add(pen.value, true);
          } else if (step !== undefined) {
            const inside = (v: number): number => Math.max(0.05, Math.min(0.95, v));
            pen.value = { x: inside(pen.value.x + step[0]), y: inside(pen.value.y + step[1]) };
            if (down.value) add(pen.value, false);
          } else return;
          event.preventDefault();
        }}
      >
        <canvas
          ref={canvas}
          class="pad"
          aria-hidden="true"
          onPointerDown={(event) => {
            event.currentTarget.setPointerCapture(event.pointerId);
            keyboard.value = down.value = false;
            add(point(event), true);
          }}
          onPointerMove={(event) => {
            if (event.buttons !== 0) add(point(event), false);
          }}
        />
      </div>
      <div class="tools">
        <button type="button" disabled={strokes.length === 0} onClick={undo}>
          {t.undo}
        </button>
        <button type="button" disabled={strokes.length === 0 && picture === undefined} onClick={clear}>
          {t.clear}
        </button>
        {answer.value === undefined ? null : (
          // Where the answer is out of sight below the pad.
          <p class="at-hand" aria-hidden="true">
            <b>{answer.value.digit}</b> {(answer.value.share * 100).toFixed(1)} %
          </p>
        )}
      </div>
      <div class="samples" role="group" aria-label={t.samples}>
        <span>{t.samples}</span>
        {Array.from({ length: 10 }, (_, digit) => (
          <button type="button" onClick={() => showSample(digit)}>
            {digit}
          </button>
        ))}
      </div>
    </section>
  );
}
