/** The kit in a page: results stream into a table, and the report stands on `window` for whoever drives the browser. */
import { conformance as run, opened, type Open, type Options } from "./conformance.ts";
import { report, type Report } from "./report.ts";
import { showResult, type Result, type Status } from "./result.ts";

declare global {
  interface Window {
    /** The finished report: a test that drives the page waits for it. */
    tatamiConformance?: Report;
  }
}

const statuses: readonly Status[] = ["pass", "fail", "declined", "not-run"];

/** Runs the kit and shows it in `into` (default: the body). Every failure is listed; the counts are kept up as it runs. */
export async function conformance(
  open: Open,
  options: Options = {},
  into: HTMLElement = document.body,
): Promise<Report> {
  const counts = document.createElement("p");
  const list = document.createElement("pre");
  into.append(counts, list);
  const got = await opened(open);
  const results: Result[] = "failure" in got ? [got.failure] : [];
  const show = (): void => {
    counts.textContent = statuses
      .map((status) => `${results.filter((one) => one.status === status).length} ${status}`)
      .join(", ");
  };
  const note = (result: Result): void => {
    if (result.status !== "pass") list.append(`${showResult(result)}\n`);
  };
  results.forEach(note);
  if ("backend" in got) {
    let breath = performance.now();
    for await (const result of run(() => got.backend, options)) {
      results.push(result);
      note(result);
      // A page must be let draw now and then.
      if (performance.now() - breath > 100) {
        show();
        await new Promise((resolve) => setTimeout(resolve, 0));
        breath = performance.now();
      }
    }
  }
  show();
  const made = report(
    "backend" in got ? got.backend : { name: "backend", traits: { variant: "did not open" } },
    results,
  );
  window.tatamiConformance = made;
  return made;
}
