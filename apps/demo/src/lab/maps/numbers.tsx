/** The numbers of a map as a table: what a canvas cannot say, and where each can be changed. */
import { signal, type Signal } from "@preact/signals";
import type { VNode } from "preact";
import { useRef } from "preact/hooks";
import { said } from "../../preferences.ts";
import { short } from "../../ui/colors.ts";
import { labText } from "../text.ts";

/** Tables that stand open, by name: they stay so when their map is another. */
const opened: Signal<ReadonlySet<string>> = signal(new Set());

/** The table behind a canvas; with `onNumber` its numbers can be changed. */
export function Numbers(props: {
  readonly name: string;
  readonly rows: number;
  readonly columns: number;
  at(y: number, x: number): number;
  onNumber?: (y: number, x: number, value: number) => void;
}): VNode {
  const t = said(labText);
  const details = useRef<HTMLDetailsElement>(null);
  const { rows, columns, at: value, onNumber } = props;
  const open = opened.value.has(props.name);
  return (
    <details
      ref={details}
      class="numbers"
      onToggle={() => {
        const next = new Set(opened.value);
        if (details.current!.open) next.add(props.name);
        else next.delete(props.name);
        opened.value = next;
      }}
    >
      <summary>{t.numbers}</summary>
      {open ? (
        <div class="scroll" tabIndex={0} role="region" aria-label={props.name}>
          <table>
            <caption class="unseen">{props.name}</caption>
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
                    <td>
                      {onNumber === undefined ? (
                        short(value(y, x))
                      ) : (
                        <input
                          type="number"
                          aria-label={t.at(y, x)}
                          value={value(y, x)}
                          onInput={(event) => {
                            const next = event.currentTarget.valueAsNumber;
                            if (!Number.isNaN(next)) onNumber(y, x, next);
                          }}
                        />
                      )}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : null}
    </details>
  );
}
