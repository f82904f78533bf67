/** The magnifier: the pixels under the window, the kernel on them, the sum, and the number that the library gave. */
import { useSignalEffect } from "@preact/signals";
import type { VNode } from "preact";
import { said } from "../preferences.ts";
import { announce } from "../ui/announcer.tsx";
import { colors, limitOf, short } from "../ui/colors.ts";
import { applied, looked, running } from "./store.ts";
import type { Looked } from "./protocol.ts";
import { filterText } from "./text.ts";

export function Magnifier(): VNode {
  const t = said(filterText);
  const now = looked.value;
  useSignalEffect(() => {
    const told = looked.value;
    if (told === undefined) return;
    const { y, x } = told.spot;
    // While pictures come one after the other, a number is told every few seconds.
    announce(said(filterText).cell(y, x, short(told.value)), running.value ? 4000 : 400);
  });
  return (
    <section class="mat magnifier" aria-label={t.magnifier}>
      <h2>
        {t.magnifier}{" "}
        {now === undefined ? null : (
          <code>
            {applied.value === "network" ? `${t.map(now.spot.map)}, ` : ""}
            {t.at(now.spot.y, now.spot.x)}
          </code>
        )}
      </h2>
      {now === undefined ? <p class="note">{t.ask}</p> : <Told told={now} />}
    </section>
  );
}

function Told({ told }: { readonly told: Looked }): VNode {
  const t = said(filterText);
  const { size, window, weights, sums, divisor, offset, value } = told;
  const network = applied.value === "network";
  const shown = applied.value === "network" ? undefined : applied.value.shown;
  return (
    <>
      <div class="sum">
        <Table name={t.windowName} size={size} values={window} grey={network ? 0 : 255} />
        <Table name={`× ${t.weights}`} size={size} values={weights} />
      </div>
      <p class="total">
        {sums.map((sum, k) => (
          <>
            {k > 0 ? <i>, </i> : null}
            <span class="part" title={k > 0 ? t.turned : undefined}>
              {k > 0 ? "Σᵀ" : "Σ"} {short(sum)}
            </span>
          </>
        ))}
        {sums.length > 1 ? (
          <>
            <i> → </i>
            <span class="part">√(Σ² + Σᵀ²)</span>
          </>
        ) : null}
        {divisor === 1 ? null : (
          <>
            <i> ÷ </i>
            <span class="part">{divisor}</span>
          </>
        )}
        {offset === 0 ? null : (
          <>
            <i> {offset < 0 ? "−" : "+"} </i>
            <span class="part">{short(Math.abs(offset))}</span>
          </>
        )}
        {network ? (
          <>
            <i> → </i>
            <span class="part">relu</span>
          </>
        ) : null}
        <i> = </i>
        <span class="unseen">{t.library}: </span>
        <output>{short(value)}</output>
      </p>
      {shown === "colour" ? <p class="note">{t.green}</p> : network ? <p class="note">{t.dark}</p> : null}
    </>
  );
}

/** `grey`: pixels, of which this is white; 0 for darkness, of which 1 is black; left out: numbers around zero. */
function Table(props: {
  readonly name: string;
  readonly size: number;
  readonly values: readonly number[];
  readonly grey?: number;
}): VNode {
  const { name, size, values, grey } = props;
  const hues = colors();
  const limit = limitOf(values);
  const look = (value: number): { background: string; color: string } => {
    if (grey === undefined) return { background: hues.of(value / limit), color: hues.on(value / limit) };
    const bright = Math.round(grey === 0 ? 255 * (1 - value) : value);
    return { background: `rgb(${bright} ${bright} ${bright})`, color: bright > 140 ? "#15191d" : "#ffffff" };
  };
  return (
    <table class="small-numbers">
      <caption>{name}</caption>
      <tbody>
        {Array.from({ length: size }, (_, y) => (
          <tr>
            {values.slice(y * size, (y + 1) * size).map((value) => (
              <td style={look(value)}>{short(Math.abs(value) >= 10 ? Math.round(value) : value)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
