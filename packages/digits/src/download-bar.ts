/** A download on the terminal: one line that redraws itself; elsewhere one plain line when a file begins. */
import { bar } from "@tatamijs/train/node";
import type { ProgressStream } from "@tatamijs/train/node";
import type { DownloadProgress } from "./download.ts";

export interface DownloadBar {
  update(progress: DownloadProgress): void;
  /** Takes the line away. Call it before writing anything else. */
  close(): void;
}

/** `now` is a clock in milliseconds, for tests. */
export function downloadBar(stream: ProgressStream, now: () => number = () => performance.now()): DownloadBar {
  const live = stream.isTTY === true;
  let url = "";
  let last = Number.NEGATIVE_INFINITY;
  let open = false;
  return {
    update(progress) {
      const begins = progress.url !== url;
      url = progress.url;
      if (!live) {
        if (begins)
          stream.write(`downloading ${url}${progress.total === undefined ? "" : ` (${size(progress.total)})`}\n`);
        return;
      }
      if (!begins && progress.bytes !== progress.total && now() - last < 100) return;
      last = now();
      stream.write(`\r${downloadLine(progress, Math.max(20, (stream.columns ?? 80) - 1))}\u001b[K`);
      open = true;
    },
    close() {
      if (open) stream.write("\r\u001b[K");
      open = false;
    },
  };
}

/** `t10k-images-idx3-ubyte.gz  ██████░░░░░░  0.8 of 1.6 MB`, in at most `columns`. */
export function downloadLine({ url, bytes, total }: DownloadProgress, columns: number): string {
  const file = url.slice(url.lastIndexOf("/") + 1);
  const amount = total === undefined ? size(bytes) : `${size(bytes, total).split(" ")[0]} of ${size(total)}`;
  const room = columns - file.length - amount.length - 4;
  const line =
    total === undefined || room < 6
      ? `${file}  ${amount}`
      : `${file}  ${bar(bytes / total, Math.min(room, 30))}  ${amount}`;
  return line.length <= columns ? line : `${line.slice(0, Math.max(0, columns - 1))}…`;
}

/** In the unit that fits `like`. */
function size(bytes: number, like = bytes): string {
  return like < 1e5 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
