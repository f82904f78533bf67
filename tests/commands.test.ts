// The two commands of the README, run again where there is no network: no delay, no error, nothing fetched.
import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { root } from "../scripts/steps.ts";

const user = process.getuid?.() === 0 ? [] : ["-c"];
const canUnshare = spawnSync("unshare", [...user, "-n", "true"]).status === 0;

/** A network namespace of its own, with not even a loopback in it. */
function offline(...command: string[]): {
  status: number | null;
  output: string;
  last: string | undefined;
  seconds: number;
} {
  const begin = performance.now();
  const { status, stdout, stderr } = spawnSync("unshare", [...user, "-n", ...command], {
    cwd: root,
    encoding: "utf8",
    timeout: 200_000,
  });
  // npm's own warnings go to stderr, after us.
  const last = stdout.trimEnd().split("\n").at(-1);
  return { status, output: `${stdout}${stderr}`, last, seconds: (performance.now() - begin) / 1000 };
}

const setUpSeconds = (output: string): number =>
  Number(/set-up +([\d.]+) s {2}nothing to install/.exec(output)?.[1] ?? Number.NaN);

test.skipIf(!canUnshare)("npm start, a second time, without network", () => {
  const { status, output, seconds } = offline("npm", "start", "--", "--once");
  expect(output).toMatch(/^set-up +[\d.]+ s {2}nothing to install$/m);
  expect(status, output).toBe(0);
  expect(setUpSeconds(output)).toBeLessThan(5);
  expect(seconds).toBeLessThan(90);
});

test.skipIf(!canUnshare)("npm test, a second time, without network", () => {
  // The steps are all run; of the tests one file, or this one would start itself again.
  const { status, output, last, seconds } = offline("npm", "test", "--", "tests/tooling");
  expect(status, output).toBe(0);
  expect(setUpSeconds(output)).toBeLessThan(5);
  expect(last).toMatch(/^\d+ passed, 0 failed, \d+ skipped$/);
  expect(seconds).toBeLessThan(90);
});

test("npm test fails when no test ran", () => {
  const { status, stdout } = spawnSync("node", ["scripts/test.ts", "no-file-has-this-name"], {
    cwd: root,
    encoding: "utf8",
    timeout: 200_000,
  });
  expect(stdout).toMatch(/^no test ran$/m);
  expect(status).toBe(1);
});
