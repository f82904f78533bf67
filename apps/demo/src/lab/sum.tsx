/** How one cell comes to be: values under the window times the filter, channel by channel, the bias, the sum. */
import type { VNode } from "preact";
import { said } from "../preferences.ts";
import { colors, limitOf, short } from "../ui/colors.ts";
import { channel, lab } from "./store.ts";
import { labText } from "./text.ts";
import { told } from "./told.ts";

export function Sum(): VNode | null {
  const t = said(labText);
  const cell = told.value;
  if (cell === undefined) return null;
  const conv = cell.op === "conv2d";
  const shown = cell.channels.find((one) => one.channel === channel.value) ?? cell.channels[0]!;
  const many = cell.channels.length > 1;
  const products = shown.products.flat();
  // What is added up: a channel's products as long as they go on a line, else every channel's sum; then the bias.
  const parts: readonly { readonly value: number; readonly sub?: string; readonly now?: boolean }[] = [
    ...(!conv
      ? []
      : many
        ? cell.channels.map(({ sum, channel }) => ({ value: sum, sub: `${channel}`, now: channel === shown.channel }))
        : products.length <= 9
          ? products.map((value) => ({ value }))
          : [{ value: shown.sum }]),
    ...(cell.bias === undefined ? [] : [{ value: cell.bias, sub: "b" }]),
  ];
  // Padding takes no part in a maximum.
  const largest =
    cell.op === "maxPool2d" && products.length <= 9
      ? shown.values.flatMap((row, r) => row.filter((_, c) => cell.window.padding[r]?.[c] !== true))
      : undefined;
  const name = conv ? t.sum : t.ops[lab.value.op];
  return (
    <section class="mat sum" aria-label={name}>
      <h2>
        {name} <code>y[{[cell.cell.n, cell.cell.f, cell.cell.y, cell.cell.x].join(", ")}]</code>
      </h2>
      {conv ? (
        <div class="terms">
          <Small name={many ? t.channel(shown.channel) : t.input} grid={shown.values} padding={cell.window.padding} />
          <i>×</i>
          <Small name={t.filter} grid={shown.weights} />
          <i>=</i>
          <Small name={t.products} grid={shown.products} />
        </div>
      ) : (
        <div class="terms">
          <Small
            name={t.input}
            grid={shown.values}
            padding={cell.window.padding}
            best={cell.op === "maxPool2d" ? shown.weights : undefined}
          />
          <i>→ {cell.op === "maxPool2d" ? t.maximum : t.mean}</i>
        </div>
      )}
      <p class="total">
        {parts.map(({ value, sub, now }, i) => (
          <>
            {i > 0 ? <i> {value < 0 ? "−" : "+"} </i> : null}
            <span class={now === true ? "part now" : "part"}>
              {short(i > 0 ? Math.abs(value) : value)}
              {sub === undefined ? null : <sub>{sub}</sub>}
            </span>
          </>
        ))}
        {largest === undefined ? null : <span class="part">max({largest.map(short).join(", ")})</span>}
        {conv || largest !== undefined ? <i> = </i> : null}
        <output>{short(cell.value)}</output>
      </p>
    </section>
  );
}

function Small(props: {
  readonly name: string;
  readonly grid: readonly (readonly number[])[];
  readonly padding?: readonly (readonly boolean[])[] | undefined;
  readonly best?: readonly (readonly number[])[] | undefined;
}): VNode {
  const hues = colors();
  const limit = limitOf(props.grid.flat());
  return (
    <figure class="small">
      <table>
        <caption>{props.name}</caption>
        <tbody>
          {props.grid.map((row, r) => (
            <tr>
              {row.map((value, c) => {
                const outside = props.padding?.[r]?.[c] === true;
                const share = value / limit;
                return (
                  <td
                    class={outside ? "outside" : props.best?.[r]?.[c] === 1 ? "best" : undefined}
                    style={outside ? {} : { background: hues.of(share), color: hues.on(share) }}
                  >
                    {short(value)}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  );
}
