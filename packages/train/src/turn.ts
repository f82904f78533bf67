/** Giving the thread back now and then: training must not freeze a page, nor keep a timer or an abort from being heard. */
import { TatamiError } from "@tatamijs/core";

/** Waits for a turn of the event loop, at most once in `milliseconds`. */
export function breather(milliseconds: number = 20): () => Promise<void> | undefined {
  let last = performance.now();
  return () => {
    if (performance.now() - last < milliseconds) return undefined;
    return nextTurn().then(() => {
      last = performance.now();
    });
  };
}

/** A promise alone would not do: it goes on before timers and messages are looked at. */
function nextTurn(): Promise<void> {
  const { setImmediate } = globalThis as { setImmediate?: (f: () => void) => unknown };
  if (setImmediate !== undefined) return new Promise((resolve) => setImmediate(resolve));
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener("message", () => {
      port1.close();
      resolve();
    });
    port1.start();
    port2.postMessage(0);
  });
}

/** `work`, or a rejection with `reason()` as soon as the signal fires. What `work` gives later is dropped. */
export function orAborted<T>(work: Promise<T>, signal: AbortSignal | undefined, reason: () => unknown): Promise<T> {
  if (signal === undefined) return work;
  return new Promise<T>((resolve, reject) => {
    // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- the reason is the caller's error
    const stop = (): void => reject(reason());
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}

export function isCode(error: unknown, code: TatamiError["code"]): error is TatamiError {
  return error instanceof TatamiError && error.code === code;
}
