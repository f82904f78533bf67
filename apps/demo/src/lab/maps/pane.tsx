/** What the three panes have alike: a heading with its shape, small maps to choose from, the images of the batch. */
import type { ComponentChildren, VNode } from "preact";
import { said } from "../../preferences.ts";
import { Choice } from "../../ui/fields.tsx";
import type { Lab } from "../state.ts";
import { image } from "../store.ts";
import { labText } from "../text.ts";

/** Pixels of a cell's side where `count` of them share `width`; at most `high`. */
export const cellFor = (count: number, width: number, high: number): number =>
  Math.max(2, Math.min(high, Math.floor(width / count)));

/** Pixels of a large map, and of a small one, all cells together. */
export const large = 344;
export const small = 44;

/** Pixels of a cell of the input. */
export function inputCell({ h, w, padding: [top, left, bottom, right] }: Lab): number {
  return cellFor(Math.max(w + left + right, (h + top + bottom) * 0.9), large, 72);
}

/** Filter and output have the input's cells, so that sizes can be compared by eye; and never cells too small for a number. */
export const otherCell = (lab: Lab): number => Math.max(44, inputCell(lab));

export function Pane(props: {
  readonly name: string;
  readonly symbol: string;
  readonly shape?: readonly number[];
  readonly children: ComponentChildren;
}): VNode {
  return (
    <section class="pane" aria-label={props.name}>
      <h2>
        {props.name} <var>{props.symbol}</var>
        {props.shape === undefined ? null : <code>({props.shape.join(", ")})</code>}
      </h2>
      {props.children}
    </section>
  );
}

/** Small maps in a row, where there are several. */
export function Thumbs(props: {
  readonly count: number;
  readonly value: number;
  readonly name: string;
  label(i: number): string;
  onChange(i: number): void;
  children(i: number): VNode;
}): VNode | null {
  if (props.count < 2) return null;
  return (
    <div class="thumbs" role="group" aria-label={props.name}>
      {Array.from({ length: props.count }, (_, i) => (
        <button
          type="button"
          aria-pressed={i === props.value}
          aria-label={props.label(i)}
          onClick={() => props.onChange(i)}
        >
          {props.children(i)}
        </button>
      ))}
    </div>
  );
}

export function Images({ count }: { readonly count: number }): VNode | null {
  const t = said(labText);
  if (count < 2) return null;
  return (
    <Choice
      name={t.batch}
      value={image.value}
      options={Array.from({ length: count }, (_, i) => [i, t.image(i)] as const)}
      onChange={(i) => (image.value = i)}
    />
  );
}
