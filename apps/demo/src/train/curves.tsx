/** Loss and share of digits read, step by step. */
import type { VNode } from "preact";
import { useMemo } from "preact/hooks";
import type { AlignedData } from "uplot";
import { said } from "../preferences.ts";
import { Behind } from "../ui/behind.tsx";
import { Chart, type Series } from "./chart.tsx";
import { smoothed, type Curve } from "./curve.ts";
import type { Test } from "./messages.ts";
import { figure, losses, step, tests } from "./store.ts";
import { trainText } from "./text.ts";

/** Losses and tests on one row of steps. */
function lossData(curve: Curve, all: readonly Pick<Test, "step" | "loss">[]): AlignedData {
  const mean = smoothed(curve.losses);
  const at = new Map<number, [number | null, number | null, number | null]>();
  curve.steps.forEach((x, i) => at.set(x, [curve.losses[i]!, mean[i]!, null]));
  for (const { step: x, loss } of all) at.set(x, [at.get(x)?.[0] ?? null, at.get(x)?.[1] ?? null, loss]);
  const steps = [...at.keys()].sort((a, b) => a - b);
  return [steps, ...[0, 1, 2].map((k) => steps.map((x) => at.get(x)![k]!))] as AlignedData;
}

export function Curves(): VNode {
  const t = said(trainText);
  const [curve, all] = [losses.value, tests.value];
  const loss = useMemo(() => lossData(curve, all), [curve, all]);
  const read = useMemo(
    (): AlignedData => [all.map((test) => test.step), all.map((test) => test.accuracy * 100)],
    [all],
  );
  const series: readonly Series[] = [
    { label: t.perStep, color: (hues) => hues.line, width: 1 },
    { label: t.ofTraining, color: (hues) => hues.of(1), width: 2 },
    { label: t.ofTesting, color: (hues) => hues.accent, width: 2, dash: [6, 4], points: true },
  ];
  const last = all.at(-1);
  const now = last === undefined ? "" : `: ${t.progress(figure(step.value), last.loss.toFixed(3), percent(last))}`;
  return (
    <section class="mat curves" aria-label={t.curves}>
      <div class="pairs">
        <figure>
          <figcaption>{t.lossCurve}</figcaption>
          <Chart
            label={`${t.lossCurve}${now}`}
            along={t.steps}
            series={series}
            data={loss}
            after={1}
            range={(_, most) => [0, Math.max(0.5, most * 1.04)]}
            value={(y) => `${y}`}
          />
        </figure>
        <figure>
          <figcaption>{t.readCurve}</figcaption>
          <Chart
            label={`${t.readCurve}${now}`}
            along={t.steps}
            series={[{ label: t.ofTesting, color: (hues) => hues.accent, width: 2, dash: [6, 4], points: true }]}
            data={read}
            after={2}
            range={() => [0, 100]}
            value={(y) => `${y} %`}
          />
        </figure>
      </div>
      <Behind name={t.curves}>
        {all.length === 0 ? (
          <p class="note">{t.nothingYet}</p>
        ) : (
          <div class="scroll" tabIndex={0} role="region" aria-label={t.curves}>
            <table>
              <thead>
                <tr>
                  <th scope="col">{t.steps}</th>
                  <th scope="col">
                    {t.loss}, {t.ofTraining}
                  </th>
                  <th scope="col">
                    {t.loss}, {t.ofTesting}
                  </th>
                  <th scope="col">{t.read}</th>
                </tr>
              </thead>
              <tbody>
                {all.map((test) => (
                  <tr>
                    <th scope="row">{figure(test.step)}</th>
                    <td>{meanBefore(curve, test.step)}</td>
                    <td>{test.loss.toFixed(3)}</td>
                    <td>{percent(test)} %</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Behind>
    </section>
  );
}

export const percent = ({ accuracy }: Pick<Test, "accuracy">): string => (accuracy * 100).toFixed(1);

/** Of the up to 20 points before a test. */
function meanBefore({ steps, losses: values }: Curve, at: number): string {
  const end = steps.findLastIndex((one) => one <= at) + 1;
  const some = values.slice(Math.max(0, end - 20), end);
  return some.length === 0 ? "–" : (some.reduce((sum, loss) => sum + loss, 0) / some.length).toFixed(3);
}
