// `npm test` after set-up: every check of the house, one printed line each; the last line sums them all.
// `npm test -- NAME …` runs only the test files whose path holds a NAME; `--all` adds the slow ones (*.slow.test.ts).
import { parseArgs } from "node:util";
import { browserStep } from "./chromium.ts";
import { sizeStep } from "./size.ts";
import { check, checks, type Outcome, step, sum } from "./steps.ts";
import { vitest } from "./vitest.ts";
import { lavapipeStep } from "./vulkan.ts";

const { values, positionals } = parseArgs({
  options: { all: { type: "boolean", default: false } },
  allowPositionals: true,
});
if (values.all) process.env["TATAMI_ALL"] = "1";

const begin = performance.now();
const tests: Outcome[] = [];
const steps: [name: string, work: () => Promise<Outcome>, kind?: "tests"][] = [
  ["chromium", () => browserStep()],
  ...(values.all ? [["lavapipe", lavapipeStep] as [string, typeof lavapipeStep]] : []),
  ["typecheck", () => checks(["tsconfig.json", "tsconfig.web.json"].map((file) => ["tsc", "-p", file, "--noEmit"]))],
  ["lint", () => check("oxlint", ["--format=unix"])],
  ["format", () => check("oxfmt", ["--check"])],
  ["knip", () => check("knip", [])],
  ["build", () => check("turbo", ["run", "build", "--continue", "--output-logs=errors-only"])],
  ["size", sizeStep],
  ["tests", () => vitest("unit", positionals), "tests"],
  ["types", () => vitest("types", positionals), "tests"],
  ["house", () => vitest("house", positionals), "tests"],
];

const outcomes: Outcome[] = [];
for (const [name, work, kind] of steps) {
  const outcome = await step(name, work);
  outcomes.push(outcome);
  if (kind === "tests") tests.push(outcome);
}

const { passed, failed, skipped } = sum(outcomes);
const ran = sum(tests);
const none = ran.passed + ran.failed === 0;
if (none) console.log("no test ran");
console.log("all".padEnd(14) + `${((performance.now() - begin) / 1000).toFixed(1).padStart(6)} s`);
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exitCode = failed > 0 || none ? 1 : 0;
