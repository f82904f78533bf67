/** The window by keyboard: a map that takes the focus, and what its keys do. */
import type { ComponentChildren, VNode } from "preact";
import { at, look, picked, playing, result } from "../store.ts";

/** Rows and columns that an arrow key goes. */
export const arrows: Readonly<Record<string, readonly [number, number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/** Arrow keys move the window, Home and End go to its first and last place, Space plays. */
export function moveWindow(event: KeyboardEvent): void {
  const { geometry } = result.value;
  if (geometry === undefined) return;
  const step = arrows[event.key];
  if (step !== undefined) look(at.value.y + step[0], at.value.x + step[1]);
  else if (event.key === "Home") look(0, 0);
  else if (event.key === "End") look(geometry.output[0], geometry.output[1]);
  else if (event.key === " ") playing.value = !playing.value;
  else if (event.key === "Escape") picked.value = undefined;
  else return;
  if (event.key !== " ") playing.value = false;
  event.preventDefault();
}

export function Keys(props: {
  readonly label: string;
  onKey(event: KeyboardEvent): void;
  readonly children: ComponentChildren;
}): VNode {
  return (
    <div class="keys" tabIndex={0} role="application" aria-label={props.label} onKeyDown={props.onKey}>
      {props.children}
    </div>
  );
}
