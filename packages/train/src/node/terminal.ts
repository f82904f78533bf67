/** The writer of progress: one line that redraws itself on a terminal, plain lines now and then elsewhere. */
import { progressLine } from "./progress.ts";
import type { Progress } from "./progress.ts";

/** What it needs of `process.stdout` or `process.stderr`. */
export interface ProgressStream {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

export interface TerminalProgress {
  /** Shows the numbers; cheap enough to call after every batch. */
  update(progress: Progress): void;
  /** Ends the line that is being redrawn. Call it before writing anything else, and at the end. */
  close(): void;
}

/**
 * A progress bar on `stream` (default stderr, so that output can be piped). On a terminal it redraws at most ten times
 * a second and leaves the last line of each epoch; elsewhere it writes one plain line per epoch, and one every
 * `seconds` in between. `now` is a clock in milliseconds, for tests.
 */
export function terminalProgress(
  stream: ProgressStream = process.stderr,
  options: { readonly seconds?: number; readonly now?: () => number } = {},
): TerminalProgress {
  const { seconds = 10, now = () => performance.now() } = options;
  const live = stream.isTTY === true;
  const pause = live ? 100 : seconds * 1000;
  let last = live ? Number.NEGATIVE_INFINITY : now();
  let open = false;

  function close(): void {
    if (open) stream.write("\n");
    open = false;
  }

  return {
    close,
    update(progress) {
      const finished = progress.done >= progress.total;
      const time = now();
      if (!finished && time - last < pause) return;
      last = time;
      if (!live) {
        stream.write(`${progressLine(progress)}\n`);
        return;
      }
      // One column stays free: a full last column makes some terminals wrap. ESC [K clears what a longer line left.
      stream.write(`\r${progressLine(progress, Math.max(20, (stream.columns ?? 80) - 1))}\u001b[K`);
      open = true;
      if (finished) close();
    },
  };
}
