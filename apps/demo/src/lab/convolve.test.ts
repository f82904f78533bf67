// The room's own loops against the library's backend, and the code that visitors copy.
import { execFileSync } from "node:child_process";
import { evaluate } from "tatamijs";
import { expect, test } from "vitest";
import { codeOf } from "./code.ts";
import { layerOf, mapOf, outcome } from "./convolve.ts";
import { kernels } from "./fills.ts";
import { fromText, toText } from "./link.ts";
import { changed, withNumber, type Lab } from "./state.ts";
import { tour } from "./tour.ts";

const wide = changed(tour[6]!.lab, {
  n: 2,
  c: 4,
  fn: 4,
  groups: 2,
  kernel: [2, 3],
  stride: [2, 1],
  padding: [1, 0, 2, 3],
  dilation: [2, 1],
  rounding: "floor",
});
const whole = tour.map(({ lab }) => lab).filter((lab) => outcome(lab).error === undefined);
const labs: readonly Lab[] = [
  ...whole,
  wide,
  changed(wide, { op: "avgPool2d", padding: [1, 0, 1, 1] }),
  kernels(wide, 1, "blur"),
];

test("every output of the room is what the CPU backend computes", async () => {
  for (const lab of labs) {
    const { data, shape } = await evaluate(layerOf(lab)(mapOf(lab)), { backend: "cpu" });
    const { output, geometry, filters } = outcome(lab);
    expect(shape).toEqual([lab.n, filters, ...geometry!.output]);
    output.forEach((value, i) => expect(data[i]).toBeCloseTo(value, 4));
  }
});

test("the fractional stop of the tour is the library's error, with the rows that nobody reads", () => {
  const { error, unread, geometry } = outcome(tour[4]!.lab);
  expect(error?.code).toBe("size-fractional");
  expect(error?.message).toContain("OH = (7 + 2·0 − 3)/3 + 1 = 2.33… is not an integer");
  expect(unread).toEqual({ rows: [6], columns: [6] });
  expect(geometry?.output).toEqual([2, 2]);
});

test("a kernel larger than its input is an error without an output", () => {
  const { error, geometry, output } = outcome(changed(tour[0]!.lab, { kernel: [5, 5] }));
  expect(error?.code).toBe("size-negative");
  expect(geometry).toBeUndefined();
  expect(output).toEqual([]);
});

test("a lab comes back from its link, and a broken link is no lab", async () => {
  for (const lab of labs) expect(await fromText(await toText(lab))).toEqual(lab);
  const text = await toText(wide);
  for (const broken of ["", "!", text.slice(0, -6), `${text.slice(0, 4)}AAAA${text.slice(8)}`, "AAAA"])
    expect(await fromText(broken)).toBeUndefined();
});

test("an input of 16 × 16 × 3 fits into an address of 2,000 characters", async () => {
  let seed = 1;
  const noise = (): number => ((seed = (seed * 48_271) % 2_147_483_647) % 256) - 128;
  const lab = changed(tour[5]!.lab, { h: 16, w: 16 });
  expect((await toText({ ...lab, x: lab.x.map(noise) })).length).toBeLessThan(1300);
});

test("numbers stay within what a link can hold", () => {
  const { lab } = tour[0]!;
  expect(withNumber(lab, "x", 0, 1000).x[0]).toBe(127);
  expect(withNumber(lab, "k", 0, 0.123).k[0]).toBe(0.12);
  expect(withNumber(lab, "k", 0, Number.NaN)).toBe(lab);
});

test("the copied programs give what the room shows", () => {
  const bodies = labs.map((lab) => {
    const [, ...lines] = codeOf(lab).split("\n");
    return `{${lines.join("\n").replace("console.log(shape, data)", "console.log(JSON.stringify([shape, [...data]]))")}}`;
  });
  const head = 'import { avgPool2d, constant, conv2d, evaluate, maxPool2d } from "tatamijs";';
  const program = [head, ...bodies].join("\n");
  const args = ["--conditions=@tatamijs/source", "--input-type=module", "-e", program];
  const said = execFileSync(process.execPath, args, { cwd: import.meta.dirname, encoding: "utf8" });
  const answers = said
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as [number[], number[]]);
  labs.forEach((lab, k) => {
    const { output, filters, geometry } = outcome(lab);
    const [shape, data] = answers[k]!;
    expect(shape).toEqual([lab.n, filters, ...geometry!.output]);
    output.forEach((value, i) => expect(data[i]).toBeCloseTo(value, 4));
  });
});
