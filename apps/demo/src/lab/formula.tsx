/** The size formula with its numbers; where it is no whole number, the library's own words, and its fixes as buttons. */
import { extent, type Fix } from "@tatamijs/core";
import type { VNode } from "preact";
import { said } from "../preferences.ts";
import { short } from "../ui/colors.ts";
import { wordsOf } from "../ui/words.ts";
import { changed, type Lab, type Sides, type Two } from "./state.ts";
import { lab, result, show } from "./store.ts";
import { labText } from "./text.ts";

export function Formula(): VNode {
  const t = said(labText);
  return (
    <section class="mat formula" aria-label={t.size}>
      <h2>{t.size}</h2>
      <Axis axis={0} lab={lab.value} />
      <Axis axis={1} lab={lab.value} />
    </section>
  );
}

export function Refusal(): VNode | null {
  const t = said(labText);
  const { error } = result.value;
  if (error === undefined) return null;
  return (
    <div class="refused" role="alert">
      <h3>{t.error}</h3>
      <p class="words">{wordsOf(error)}</p>
      <Fixes />
    </div>
  );
}

function Axis({ axis, lab }: { readonly axis: 0 | 1; readonly lab: Lab }): VNode {
  const side = axis === 0 ? "H" : "W";
  const size = axis === 0 ? lab.h : lab.w;
  const [before, after] = [lab.padding[axis], lab.padding[axis + 2]!];
  const dilation = lab.dilation[axis];
  const span = extent(lab.kernel[axis], dilation);
  const exact = (size + before + after - span) / lab.stride[axis] + 1;
  const value = lab.rounding === "floor" ? Math.floor(exact) : exact;
  const whole = Number.isInteger(value) && value >= 1;
  const kernel = dilation === 1 ? `F${side}` : `(D·(F${side} − 1) + 1)`;
  const digits = dilation === 1 ? `${span}` : `(${dilation}·(${lab.kernel[axis]} − 1) + 1)`;
  const floor = lab.rounding === "floor";
  return (
    <div class={whole ? "axis" : "axis wrong"}>
      <var>O{side}</var>
      <i>=</i>
      <Fraction above={`${side} + P₀ + P₁ − ${kernel}`} below="S" floor={floor} />
      <i class="value">=</i>
      <span class="figures">
        <Fraction above={`${size} + ${before} + ${after} − ${digits}`} below={`${lab.stride[axis]}`} floor={floor} />
        <span class="term">
          <i>=</i>
          <output>
            {whole ? value : `${short(Math.trunc(value * 100) / 100)}${Number.isInteger(value * 100) ? "" : "…"}`}
          </output>
        </span>
      </span>
    </div>
  );
}

function Fraction(props: { readonly above: string; readonly below: string; readonly floor: boolean }): VNode {
  return (
    <span class="term">
      {props.floor ? <i class="bracket">⌊</i> : null}
      <span class="fraction">
        <span>{props.above}</span>
        <span class="unseen"> / </span>
        <span>{props.below}</span>
      </span>
      {props.floor ? <i class="bracket">⌋</i> : null}
      <span> + 1</span>
    </span>
  );
}

/** The lab with a fix of the library's applied along the axis that complained. */
export function fixed(lab: Lab, fix: Fix, axis: 0 | 1): Lab {
  const along = (pair: Two, value: number): Two => (axis === 0 ? [value, pair[1]] : [pair[0], value]);
  if (fix.option === "crop")
    return changed(lab, axis === 0 ? { h: lab.h - Number(fix.value) } : { w: lab.w - Number(fix.value) });
  if (fix.option === "rounding") return changed(lab, { rounding: "floor" });
  if (fix.option === "padding") {
    const [before, after] = typeof fix.value === "number" ? [fix.value, fix.value] : (fix.value as Two);
    const [top, left, bottom, right] = lab.padding;
    const padding: Sides = axis === 0 ? [before, left, after, right] : [top, before, bottom, after];
    return changed(lab, { padding });
  }
  const value = fix.value as number;
  return changed(lab, { [fix.option]: along(lab[fix.option], value) });
}

/** Where both axes have the same trouble, one button mends both. */
function Fixes(): VNode | null {
  const t = said(labText);
  const { fixes = [], inputs } = result.value.error!;
  if (inputs === undefined) return null;
  const axis = inputs.side === "H" ? 0 : 1;
  const now = lab.value;
  const alike =
    now.h === now.w &&
    [now.kernel, now.stride, now.dilation].every(([a, b]) => a === b) &&
    now.padding.every((p) => p === now.padding[0]);
  return (
    <div class="fixes" role="group" aria-label={t.fixes}>
      {fixes
        .filter(({ value }) => value !== "ceil")
        .map((fix) => (
          <button
            type="button"
            onClick={() => show(alike ? fixed(fixed(now, fix, 0), fix, 1) : fixed(now, fix, axis), true)}
          >
            <b>
              {fix.option === "crop"
                ? `${inputs.side} = ${inputs.size - Number(fix.value)}`
                : `${fix.option} ${typeof fix.value === "object" ? `[${fix.value.join(", ")}]` : fix.value}`}
            </b>
            <small>
              → O{inputs.side} = {fix.output}
            </small>
          </button>
        ))}
    </div>
  );
}
