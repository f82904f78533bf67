// Runs vitest on one of the two projects and reads its JSON report: what was counted, and the failures in full.
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type Outcome, root, run } from "./steps.ts";

interface Assertion {
  readonly fullName: string;
  readonly status: string;
  readonly failureMessages?: readonly string[];
  /** The kit says here why it skipped a case. */
  readonly meta?: { readonly skipped?: string };
}

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly success: boolean;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly Assertion[];
  }[];
}

const shown = 20;

/** The failure's words and our own stack frames, indented. */
function own(messages: readonly string[]): string {
  const lines = messages.join("\n").split("\n");
  return lines
    .filter((line) => !/^ +at .*(node_modules|node:)/.test(line))
    .join("\n")
    .replace(/^/gm, "    ");
}

function failures(report: Report): string {
  const lines: string[] = [];
  for (const file of report.testResults) {
    const name = file.name.startsWith(root) ? file.name.slice(root.length + 1) : file.name;
    const failed = file.assertionResults.filter((test) => test.status === "failed");
    for (const test of failed) lines.push(`${name}: ${test.fullName}\n${own(test.failureMessages ?? [])}`);
    if (file.status === "failed" && failed.length === 0) lines.push(`${name}: ${file.message}`);
  }
  const rest = lines.length - shown;
  return [...lines.slice(0, shown), ...(rest > 0 ? [`… and ${rest} more`] : [])].join("\n");
}

/** How many tests were skipped for which reason. */
function skips(report: Report): string | undefined {
  const counts = new Map<string, number>();
  for (const { assertionResults } of report.testResults) {
    for (const { status, meta } of assertionResults) {
      if (status !== "skipped" && status !== "pending") continue;
      const reason = meta?.skipped ?? "no reason was given";
      counts.set(reason, (counts.get(reason) ?? 0) + 1);
    }
  }
  return counts.size === 0 ? undefined : [...counts].map(([reason, n]) => `${n} skipped: ${reason}`).join("\n");
}

/** Files that failed before any of their tests ran count as one failed test each. */
export async function vitest(project: string, filters: readonly string[]): Promise<Outcome> {
  const folder = join(root, "node_modules", ".cache", "tatami");
  const file = join(folder, `vitest-${project}-${process.pid}.json`);
  mkdirSync(folder, { recursive: true });
  const args = [
    "run",
    "--project",
    project,
    "--passWithNoTests",
    "--reporter=json",
    `--outputFile=${file}`,
    ...filters,
  ];
  const { code, output } = await run("vitest", args);
  let report: Report;
  try {
    report = JSON.parse(readFileSync(file, "utf8")) as Report;
  } catch {
    return { passed: 0, failed: 1, skipped: 0, text: `vitest wrote no report\n${output}` };
  } finally {
    rmSync(file, { force: true });
  }
  const broken = report.testResults.filter(
    (one) => one.status === "failed" && !one.assertionResults.some((test) => test.status === "failed"),
  );
  const counted = report.numFailedTests + broken.length;
  // vitest also fails for errors outside any test (an unhandled rejection): then its own words are the evidence.
  const failed = code !== 0 && counted === 0 ? 1 : counted;
  const wrong = failed === 0 ? undefined : counted === 0 ? output : failures(report);
  const text = [wrong, filters.length === 0 ? skips(report) : undefined]
    .filter((part) => part !== undefined)
    .join("\n");
  const skipped = report.numPendingTests + report.numTodoTests;
  return {
    passed: report.numPassedTests,
    failed,
    skipped,
    detail: `${report.numPassedTests} passed${skipped > 0 ? `, ${skipped} skipped` : ""}`,
    ...(text === "" ? {} : { text }),
  };
}
