/** The table behind a canvas: made when it is opened, and open until it is closed. */
import { signal, type Signal } from "@preact/signals";
import type { ComponentChildren, VNode } from "preact";
import { useRef } from "preact/hooks";
import { said, type Both } from "../preferences.ts";

const text: Both<string> = { en: "Numbers as a table", ja: "数を表で見る" };

const opened: Signal<ReadonlySet<string>> = signal(new Set());

export function Behind({ name, children }: { readonly name: string; readonly children: ComponentChildren }): VNode {
  const details = useRef<HTMLDetailsElement>(null);
  const open = opened.value.has(name);
  return (
    <details
      ref={details}
      class="numbers"
      open={open}
      onToggle={() => {
        const next = new Set(opened.value);
        if (details.current!.open) next.add(name);
        else next.delete(name);
        if (next.size !== opened.value.size) opened.value = next;
      }}
    >
      <summary>
        {said(text)}
        <span class="unseen">: {name}</span>
      </summary>
      {open ? children : null}
    </details>
  );
}

/** Whole numbers as they are, others with four digits that mean something; with a real minus sign. */
const written = (value: number): string =>
  (Number.isInteger(value)
    ? `${value}`
    : Math.abs(value) < 0.001
      ? value.toExponential(1)
      : value.toFixed(3)
  ).replaceAll("-", "−");

export function Numbers(props: {
  readonly name: string;
  readonly rows: number;
  readonly columns: number;
  at(y: number, x: number): number;
  /** What stands in a cell; default: the number. */
  readonly cell?: ((y: number, x: number) => VNode) | undefined;
}): VNode {
  const { name, rows, columns, at, cell } = props;
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={name}>
      <table>
        <caption>{name}</caption>
        <thead>
          <tr>
            <td />
            {Array.from({ length: columns }, (_, x) => (
              <th scope="col">{x}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {Array.from({ length: rows }, (_, y) => (
            <tr>
              <th scope="row">{y}</th>
              {Array.from({ length: columns }, (_, x) => (
                <td>{cell === undefined ? written(at(y, x)) : cell(y, x)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
