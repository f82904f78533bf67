// How long the tasks of a page were, as Chromium's own trace has it.
import type { Page } from "playwright-core";

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds. */
  readonly ts: number;
  /** Microseconds that the thread worked; what other programs did meanwhile is not in it. */
  readonly tdur?: number;
  readonly args: { readonly name?: string };
}

interface Traced {
  readonly events: readonly TraceEvent[];
  /** Of the page's own thread. */
  readonly tasks: readonly TraceEvent[];
}

async function traced(page: Page, categories: string[], during: () => Promise<void>): Promise<Traced> {
  const browser = page.context().browser()!;
  await browser.startTracing(page, { categories });
  await during();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as {
    readonly traceEvents: readonly TraceEvent[];
  };
  const pages = new Set(
    traceEvents
      .filter(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain")
      .map(({ pid, tid }) => `${pid}/${tid}`),
  );
  const tasks = traceEvents.filter(
    ({ name, ph, pid, tid }) => ph === "X" && name.endsWith("RunTask") && pages.has(`${pid}/${tid}`),
  );
  if (tasks.length === 0) throw new Error("the trace has no task of the page");
  return { events: traceEvents, tasks };
}

/** Milliseconds of work in the longest task of the page's own thread while `during` goes on. */
export async function longestTask(page: Page, during: () => Promise<void>): Promise<number> {
  const { tasks } = await traced(page, ["toplevel"], during);
  return tasks.reduce((most, { tdur = 0 }) => Math.max(most, tdur), 0) / 1000;
}

/** Milliseconds from the beginning of a navigation until there is something to see, and of work of the page's thread in them. */
export async function firstPaint(
  page: Page,
  navigate: () => Promise<void>,
): Promise<{ readonly wall: number; readonly work: number }> {
  const { events, tasks } = await traced(page, ["toplevel", "loading", "blink.user_timing"], navigate);
  const paint = events.findLast(({ name }) => name === "firstContentfulPaint");
  if (paint === undefined) throw new Error("the trace has no first paint");
  const begin = events.findLast(
    ({ name, pid, ts }) => name === "navigationStart" && pid === paint.pid && ts < paint.ts,
  );
  if (begin === undefined) throw new Error("the trace has no navigation");
  const before = tasks.filter(({ pid, ts }) => pid === paint.pid && ts >= begin.ts && ts < paint.ts);
  const work = before.reduce((sum, { tdur = 0 }) => sum + tdur, 0);
  return { wall: (paint.ts - begin.ts) / 1000, work: work / 1000 };
}
