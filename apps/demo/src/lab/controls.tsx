/** Sizes and settings: every one at hand, each with effect at once. */
import type { VNode } from "preact";
import { said } from "../preferences.ts";
import { Choice, NumberField } from "../ui/fields.tsx";
import { changed, most, type Lab, type LabOp, type Sides, type Two } from "./state.ts";
import { lab, show } from "./store.ts";
import { labText } from "./text.ts";

const set = (change: Partial<Omit<Lab, "x" | "k" | "b">>): void => show(changed(lab.value, change));

/** What divides channels and filters both. */
const divisors = ({ c, fn }: Lab): number[] =>
  Array.from({ length: c }, (_, i) => i + 1).filter((g) => c % g === 0 && fn % g === 0);

export function Controls(): VNode {
  const t = said(labText);
  const now = lab.value;
  const conv = now.op === "conv2d";
  const along =
    (name: "kernel" | "stride" | "dilation") =>
    (axis: 0 | 1, value: number): void =>
      set({ [name]: now[name].with(axis, value) as unknown as Two });
  return (
    <section class="mat controls" aria-label={t.settings}>
      <h2>{t.settings}</h2>
      <Choice<LabOp>
        name={t.op}
        value={now.op}
        options={[
          ["conv2d", t.ops.conv2d],
          ["maxPool2d", t.ops.maxPool2d],
          ["avgPool2d", t.ops.avgPool2d],
        ]}
        onChange={(op) => set({ op })}
      />
      <dl>
        <Axes
          name={t.input}
          symbol="H × W"
          letters={["H", "W"]}
          value={[now.h, now.w]}
          most={most.size}
          onChange={(axis, v) => set(axis === 0 ? { h: v } : { w: v })}
        />
        <Axes name={t.kernel} symbol="FH × FW" value={now.kernel} most={most.kernel} onChange={along("kernel")} />
        <Axes name={t.stride} symbol="S" value={now.stride} most={most.stride} onChange={along("stride")} />
        <Row name={t.padding} symbol="P">
          {t.sides.map((side, i) => (
            <NumberField
              name={`${t.padding}: ${side}`}
              short={side}
              value={now.padding[i]!}
              least={0}
              most={most.padding}
              onChange={(value) => set({ padding: now.padding.with(i, value) as unknown as Sides })}
            />
          ))}
        </Row>
        <Axes name={t.dilation} symbol="D" value={now.dilation} most={most.dilation} onChange={along("dilation")} />
        <Row name={t.channels} symbol="C">
          <NumberField name={t.channels} short="" value={now.c} least={1} most={most.c} onChange={(c) => set({ c })} />
        </Row>
        {conv ? (
          <Row name={t.filters} symbol="FN">
            <NumberField
              name={t.filters}
              short=""
              value={now.fn}
              least={1}
              most={most.fn}
              onChange={(fn) => set({ fn })}
            />
          </Row>
        ) : null}
        <Row name={t.batch} symbol="N">
          <NumberField name={t.batch} short="" value={now.n} least={1} most={most.n} onChange={(n) => set({ n })} />
        </Row>
        {conv ? (
          <Row name={t.groups} symbol="G">
            <Choice
              name={t.groups}
              value={now.groups}
              options={divisors(now).map((g) => [g, g] as const)}
              onChange={(groups) => set({ groups })}
            />
          </Row>
        ) : null}
        {conv ? (
          <Row name={t.bias} symbol="b">
            <label class="switch">
              <input
                type="checkbox"
                checked={now.bias}
                onChange={(event) => set({ bias: event.currentTarget.checked })}
              />
              <span class="unseen">{t.bias}</span>
            </label>
          </Row>
        ) : null}
        <Row name={t.rounding} symbol="">
          <Choice
            name={t.rounding}
            value={now.rounding}
            options={[
              ["exact", "exact"],
              ["floor", "floor"],
            ]}
            onChange={(rounding) => set({ rounding })}
          />
        </Row>
      </dl>
    </section>
  );
}

function Row(props: {
  readonly name: string;
  readonly symbol: string;
  readonly children: VNode | readonly (VNode | null)[];
}): VNode {
  return (
    <div class="row">
      <dt>
        {props.name} <var>{props.symbol}</var>
      </dt>
      <dd>{props.children as VNode[]}</dd>
    </div>
  );
}

/** A row with a number from 1 for each of the two axes; before it stand their names, or letters for them. */
function Axes(props: {
  readonly name: string;
  readonly symbol: string;
  readonly letters?: readonly [string, string];
  readonly value: Two;
  readonly most: number;
  onChange(axis: 0 | 1, value: number): void;
}): VNode {
  const t = said(labText);
  const names = [t.height, t.width] as const;
  const { name, symbol, letters = names, value, most: high, onChange } = props;
  return (
    <Row name={name} symbol={symbol}>
      {([0, 1] as const).map((axis) => (
        <NumberField
          name={`${name}: ${names[axis]}`}
          short={letters[axis]}
          value={value[axis]}
          least={1}
          most={high}
          onChange={(v) => onChange(axis, v)}
        />
      ))}
    </Row>
  );
}
