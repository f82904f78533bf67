/** What the latest test found: which digits are taken for which, and the mistakes themselves. */
import { SIDE } from "@tatamijs/digits";
import type { VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { said } from "../preferences.ts";
import { colors } from "../ui/colors.ts";
import type { Mistake } from "./messages.ts";
import { figure, latest } from "./store.ts";
import { trainText } from "./text.ts";

const digits = Array.from({ length: 10 }, (_, digit) => digit);

export function Confusion(): VNode {
  const t = said(trainText);
  const test = latest.value;
  const hues = colors();
  const sums = digits.map((is) => digits.reduce((sum, read) => sum + (test?.confusion[is * 10 + read] ?? 0), 0));
  return (
    <section class="mat confusion" aria-label={t.confusion}>
      <h2>{t.confusion}</h2>
      <div class="scroll" tabIndex={0} role="region" aria-label={t.confusion}>
        <table>
          <caption class="note">{test === undefined ? "" : t.testOf(figure(test.count))}</caption>
          <thead>
            <tr>
              <td>
                <span>{t.shows} ↓</span> <span>{t.readAs} →</span>
              </td>
              {digits.map((read) => (
                <th scope="col">{read}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {digits.map((is) => (
              <tr>
                <th scope="row">{is}</th>
                {digits.map((read) => {
                  const count = test?.confusion[is * 10 + read] ?? 0;
                  // The root, so that a single mistake is seen beside a thousand.
                  const share = (is === read ? 1 : -1) * Math.sqrt(count / Math.max(1, sums[is]!));
                  return (
                    <td style={{ background: hues.of(share), color: hues.on(share) }}>{count === 0 ? "" : count}</td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

export function Mistakes(): VNode {
  const t = said(trainText);
  const test = latest.value;
  const wrong = test === undefined ? 0 : Math.round(test.count * (1 - test.accuracy));
  return (
    <section class="mat mistakes" aria-label={t.mistakes}>
      <h2>{t.mistakes}</h2>
      {test === undefined ? null : (
        <p class="note">{wrong === 0 ? t.noMistakes : t.misread(figure(wrong), figure(test.count))}</p>
      )}
      <ul>
        {test?.mistakes.map((one) => (
          <li>
            <Picture mistake={one} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Picture({ mistake }: { readonly mistake: Mistake }): VNode {
  const t = said(trainText);
  const canvas = useRef<HTMLCanvasElement>(null);
  const { ink } = colors();
  const { pixels, is, read, share } = mistake;
  useEffect(() => {
    const [r = 0, g = 0, b = 0] = ink.match(/\d+/g)!.map(Number);
    const image = new ImageData(SIDE, SIDE);
    const words = new Uint32Array(image.data.buffer);
    const color = (b << 16) | (g << 8) | r;
    pixels.forEach((value, i) => (words[i] = (value << 24) | color));
    canvas.current!.getContext("2d")!.putImageData(image, 0, 0);
  }, [pixels, ink]);
  return (
    <figure>
      <canvas
        ref={canvas}
        width={SIDE}
        height={SIDE}
        role="img"
        aria-label={t.mistake(is, read, Math.round(share * 100))}
      />
      <figcaption aria-hidden="true">
        {is} → <b>{read}</b>
      </figcaption>
    </figure>
  );
}
