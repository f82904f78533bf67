// A drawing goes into an address and comes back, as far as the eye can tell.
import { expect, test } from "vitest";
import { inkFrom, inkText, sampleFrom } from "./link.ts";

const seven = [
  [
    { x: 0.25, y: 0.2 },
    { x: 0.75, y: 0.2 },
    ...Array.from({ length: 300 }, (_, i) => ({ x: 0.75 - i * 0.001, y: 0.2 + i * 0.002 })),
  ],
  [{ x: 0.1, y: 0.9 }],
];

test("a drawing comes back: no point of it is farther than 5/255 from where it was", () => {
  const text = inkText(seven)!;
  expect(text).toMatch(/^[\w-]{10,400}$/);
  const back = inkFrom(text)!;
  expect(back).toHaveLength(2);
  expect(back[1]).toHaveLength(1);
  seven.forEach((line, k) => {
    for (const { x, y } of line) {
      const nearest = Math.min(...back[k]!.map((other) => Math.hypot(other.x - x, other.y - y)));
      expect(nearest).toBeLessThan(5 / 255);
    }
    const [end, last] = [back[k]!.at(-1)!, line.at(-1)!];
    expect(Math.hypot(end.x - last.x, end.y - last.y)).toBeLessThan(1 / 255);
  });
});

test("a stroke of many points is cut, and goes on where it ended", () => {
  const spiral = Array.from({ length: 600 }, (_, i) => ({
    x: 0.5 + (i / 1300) * Math.cos(i / 9),
    y: 0.5 + (i / 1300) * Math.sin(i / 9),
  }));
  const back = inkFrom(inkText([spiral])!)!;
  expect(back.length).toBeGreaterThan(1);
  expect(back[1]![0]).toEqual(back[0]!.at(-1));
});

test("what is too long, or no drawing, is none", () => {
  const line = Array.from({ length: 2000 }, (_, i) => ({ x: (i % 40) / 40, y: (i % 37) / 37 }));
  expect(inkText([line])).toBeUndefined();
  const text = inkText(seven)!;
  for (const broken of ["", "!", "AAAA", text.slice(0, -8), "A".repeat(3000)]) expect(inkFrom(broken)).toBeUndefined();
  expect(sampleFrom("3.104")).toEqual({ digit: 3, seed: 104 });
  for (const broken of ["", "3", "13.1", "3.-1", "3.1234567"]) expect(sampleFrom(broken)).toBeUndefined();
});
