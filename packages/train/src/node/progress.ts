/** Numbers → one line of progress. A pure function; who writes it, and how often, is terminal.ts's business. */

export interface Progress {
  /** Beginning with 1, of `epochs`. */
  readonly epoch: number;
  readonly epochs: number;
  /** Images done and in all, in this epoch. */
  readonly done: number;
  readonly total: number;
  /** Mean over the epoch so far. */
  readonly loss: number;
  /** Share of right answers so far, 0 to 1; left out for a loss without classes. */
  readonly accuracy?: number;
  /** Wall-clock seconds that this epoch has taken so far. */
  readonly seconds: number;
}

/**
 * `epoch 2/12  ████████░░░░  54 %  loss 0.0821  accuracy 97.5 %  12,340 images/s  ETA 0:41`
 *
 * The bar takes what `columns` leaves and goes first when there is no room; without `columns` there is none. ETA is the
 * time to the end of the last epoch at this epoch's speed. What is not a number is shown as `–`, never as NaN.
 */
export function progressLine(progress: Progress, columns?: number): string {
  const { epoch, epochs, done, total, loss, accuracy, seconds } = progress;
  const ratio = done / total;
  const share = ratio > 0 ? Math.min(1, ratio) : 0;
  const speed = seconds > 0 ? done / seconds : Number.NaN;
  const left = (Math.max(0, total - done) + Math.max(0, epochs - epoch) * total) / speed;
  const head = `epoch ${epoch}/${epochs}`;
  const tail = [
    `${Math.floor(share * 100)} %`.padStart(5),
    `loss ${Number.isFinite(loss) ? loss.toFixed(4) : "–"}`,
    ...(accuracy === undefined ? [] : [`accuracy ${Number.isFinite(accuracy) ? (accuracy * 100).toFixed(1) : "–"} %`]),
    `${Number.isFinite(speed) ? group(Math.round(speed)) : "–"} images/s`,
    done >= total && epoch >= epochs ? `took ${duration(seconds)}` : `ETA ${duration(left)}`,
  ].join("  ");
  if (columns === undefined) return `${head}  ${tail.trimStart()}`;
  const room = columns - head.length - tail.length - 4;
  const line = room >= 6 ? `${head}  ${bar(share, Math.min(room, 40))} ${tail}` : `${head}  ${tail.trimStart()}`;
  return line.length <= columns ? line : `${line.slice(0, Math.max(0, columns - 1))}…`;
}

/** A bar of `width` characters, of which `share` (0 to 1) is full. */
export function bar(share: number, width: number): string {
  const full = Math.round(Math.min(1, Math.max(0, Number.isFinite(share) ? share : 0)) * width);
  return "█".repeat(full) + "░".repeat(width - full);
}

/** Seconds as `0:07`, `12:34` or `1:02:03`; `–:––` when unknown. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) return "–:––";
  const whole = Math.round(seconds);
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (n: number): string => String(n).padStart(2, "0");
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** 12340 → "12,340", in every locale. */
function group(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ",");
}
