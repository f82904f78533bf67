import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "tatami-node-test-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs a file of node:test with this backend expression, and gives its counts. */
function counts(backend: string): Readonly<Record<string, number>> {
  const here = (file: string): string => JSON.stringify(join(import.meta.dirname, file));
  const file = join(folder, "backend.test.ts");
  writeFileSync(
    file,
    `import { conformance } from ${here("node-test.ts")};
import { reference } from ${here("testing/reference.ts")};
import { brokenBackends } from ${here("testing/broken.ts")};
conformance(() => (${backend}), { ops: ["detach"] });`,
  );
  // A test process of vitest's says so in its environment, and node's runner would then report to nobody.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const args = ["--conditions=@tatamijs/source", "--test", "--test-reporter=tap", file];
  const { stdout } = spawnSync(process.execPath, args, { encoding: "utf8", env });
  return Object.fromEntries(
    [...stdout.matchAll(/^# (pass|fail|skipped|tests) (\d+)$/gm)].map(([, name, n]) => [name!, Number(n)]),
  );
}

test("each case is a test, a failure fails, a declined one is skipped", () => {
  const good = counts("reference()");
  expect(good["tests"]).toBeGreaterThan(15);
  expect(good).toMatchObject({ pass: good["tests"], fail: 0, skipped: 0 });
  expect(counts(`brokenBackends.find(({ name }) => name === "prepare throws").open()`)).toMatchObject({
    pass: 0,
    fail: good["tests"],
  });
  const declining = `{ ...reference(), kernels: { ...reference().kernels, detach: () => ({ declined: "not here" }) } }`;
  expect(counts(declining)["skipped"]).toBeGreaterThan(15);
  expect(counts(`(() => { throw new Error("no device"); })()`)["fail"]).toBeGreaterThan(0);
});
