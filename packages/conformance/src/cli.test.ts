import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { parseFlags } from "./cli.ts";

const folder = mkdtempSync(join(tmpdir(), "tatami-conformance-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A backend in a file, one op of which is wrong. */
const broken = join(folder, "broken.ts");
writeFileSync(
  broken,
  `import { brokenBackends } from ${JSON.stringify(join(import.meta.dirname, "testing", "broken.ts"))};
export const backend = () => brokenBackends.find(({ name }) => name === "a tap dropped").open();`,
);

function cli(...args: string[]): { status: number | null; text: string } {
  const run = spawnSync(
    process.execPath,
    ["--conditions=@tatamijs/source", join(import.meta.dirname, "cli.ts"), "--out", folder, ...args],
    { encoding: "utf8" },
  );
  return { status: run.status, text: run.stdout + run.stderr };
}

test("a backend that passes", () => {
  const { status, text } = cli("--backend", "cpu", "--op", "select");
  expect(text).toMatch(/\d+ pass, 0 fail, 0 declined/);
  expect(status).toBe(0);
  expect(JSON.parse(readFileSync(join(folder, "report.json"), "utf8"))).toMatchObject({
    backend: "cpu",
    counts: { fail: 0 },
  });
  expect(readFileSync(join(folder, "report.md"), "utf8")).toContain("| select |");
});

test("a failure prints the line that runs it again, and that line shows its window", () => {
  const first = cli("--backend", broken, "--op", "conv2d");
  expect(first.status).toBe(1);
  const [, id] = /--case (\S+) --trace/.exec(first.text)!;
  const again = cli("--backend", broken, "--case", id!, "--trace");
  expect(again.status).toBe(1);
  expect(again.text).toMatch(/kernel: float64 conv2d/);
  expect(again.text).toMatch(/it is made of \d+ elements:\n {8}input 0 \[/);
});

test("a backend that never answers, and one that does nothing, are failures", () => {
  const made = (name: string, change: string): string => {
    const file = join(folder, `${name}.ts`);
    writeFileSync(
      file,
      `import { reference } from ${JSON.stringify(join(import.meta.dirname, "testing", "reference.ts"))};
export const backend = () => ({ ...reference(), ${change} });`,
    );
    return file;
  };
  const silent = cli("--backend", made("silent", "read: () => new Promise(() => {})"), "--op", "unary");
  expect(silent.text).toMatch(/fail {5}unary\/\S+: the backend never answered/);
  expect(silent.status).toBe(1);
  const idle = cli("--backend", made("idle", "kernels: { pad: () => ({ declined: 'not today' }) }"), "--op", "pad");
  expect(idle.text).toMatch(/the backend ran nothing/);
  expect(idle.status).toBe(1);
  const half = cli("--backend", made("half", "lost: undefined"), "--op", "pad");
  expect(half.text).toMatch(/what was opened is no backend: it has no lost/);
  expect(half.status).toBe(1);
});

test("random cases are found again by their id", () => {
  const { text } = cli("--backend", broken, "--op", "conv2d", "--random", "20", "--seed", "3", "--keep-going");
  const ids = [...text.matchAll(/--case (random\/3\/\d+\/conv2d)/g)].map(([, id]) => id!);
  expect(new Set(ids).size).toBeGreaterThan(5);
  expect(cli("--backend", broken, "--case", ids[0]!).status).toBe(1);
  expect(cli("--backend", "cpu", "--case", ids[0]!).status).toBe(0);
});

test("--time prints a time for each case", () => {
  expect(cli("--backend", "cpu", "--op", "detach", "--time").text).toMatch(/\d\.\d{4} ms {2}detach\/n1\n/);
});

test("what is not there is said", () => {
  expect(cli("--backend", "abacus").text).toMatch(/did not open: .*backend-abacus/);
  expect(cli("--backend", "abacus").status).toBe(1);
  expect(cli("--op", "conv3d").text).toMatch(/there is no such op/);
  expect(cli("--case", "conv2d/none").text).toMatch(/there is no case conv2d\/none/);
  expect(cli("--case", "conv2d/none").status).toBe(2);
  expect(() => parseFlags(["--random", "many"])).toThrow("whole number");
});
