import { describe, expect, test } from "vitest";
import { bar, duration, progressLine } from "./progress.ts";
import type { Progress } from "./progress.ts";
import { terminalProgress } from "./terminal.ts";

const half: Progress = {
  epoch: 2,
  epochs: 12,
  done: 30_000,
  total: 60_000,
  loss: 0.08214,
  accuracy: 0.9751,
  seconds: 2.5,
};

describe("progressLine", () => {
  test("plain, without a bar", () => {
    expect(progressLine(half)).toBe("epoch 2/12  50 %  loss 0.0821  accuracy 97.5 %  12,000 images/s  ETA 0:53");
  });

  test("with a bar that fills what is left, up to 40", () => {
    expect(progressLine(half, 100)).toBe(
      "epoch 2/12  ████████████░░░░░░░░░░░░  50 %  loss 0.0821  accuracy 97.5 %  12,000 images/s  ETA 0:53",
    );
    expect(progressLine(half, 200)).toContain(`  ${"█".repeat(20)}${"░".repeat(20)}  `);
  });

  test("the bar goes first when there is no room, then the end is cut; never wider than asked", () => {
    expect(progressLine(half, 78)).toBe(progressLine(half));
    for (let columns = 1; columns < 140; columns++)
      expect(progressLine(half, columns).length).toBeLessThanOrEqual(columns);
  });

  test("the last line says how long it took", () => {
    expect(progressLine({ ...half, epoch: 12, done: 60_000, seconds: 75 })).toContain("100 %");
    expect(progressLine({ ...half, epoch: 12, done: 60_000, seconds: 75 })).toMatch(/took 1:15$/);
  });

  test("nothing yet, nothing at all, and NaN are not shown as numbers", () => {
    expect(progressLine({ ...half, done: 0, seconds: 0, loss: Number.NaN })).toBe(
      "epoch 2/12  0 %  loss –  accuracy 97.5 %  – images/s  ETA –:––",
    );
    for (const value of [0, Number.NaN, Infinity, -1]) {
      const line = progressLine(
        { epoch: 1, epochs: 1, done: value, total: value, loss: value, accuracy: value, seconds: value },
        80,
      );
      expect(line).not.toMatch(/NaN|Infinity|undefined/);
    }
  });

  test("without accuracy there is none", () => {
    const { accuracy: _, ...rest } = half;
    expect(progressLine(rest)).toBe("epoch 2/12  50 %  loss 0.0821  12,000 images/s  ETA 0:53");
  });
});

test("bar and duration", () => {
  expect([bar(0, 4), bar(0.5, 4), bar(2, 4), bar(Number.NaN, 2)]).toEqual(["░░░░", "██░░", "████", "░░"]);
  expect([duration(0), duration(59.6), duration(3599), duration(3723)]).toEqual(["0:00", "1:00", "59:59", "1:02:03"]);
});

describe("terminalProgress", () => {
  function recorder(isTTY: boolean): {
    stream: { isTTY: boolean; columns: number; write(text: string): void };
    text: string[];
  } {
    const text: string[] = [];
    return { stream: { isTTY, columns: 100, write: (part) => void text.push(part) }, text };
  }

  test("redraws at most ten times a second and ends the line with the epoch", () => {
    const { stream, text } = recorder(true);
    let time = 0;
    const progress = terminalProgress(stream, { now: () => time });
    for (let done = 0; done <= 100; done++) {
      time += 10;
      progress.update({ ...half, done, total: 100 });
    }
    progress.close();
    expect(text).toHaveLength(12);
    expect(text.slice(0, -1).every((part) => part.startsWith("\r") && part.endsWith("\u001b[K"))).toBe(true);
    expect(text.at(-1)).toBe("\n");
  });

  test("elsewhere: plain lines now and then, without escapes", () => {
    const { stream, text } = recorder(false);
    let time = 0;
    const progress = terminalProgress(stream, { now: () => time, seconds: 1 });
    for (let done = 0; done <= 100; done++) {
      time += 25;
      progress.update({ ...half, done, total: 100 });
    }
    progress.close();
    expect(text).toHaveLength(3);
    expect(text.join("")).not.toContain("\r");
    expect(text.join("")).not.toContain("\u001b");
    expect(text.every((part) => part.endsWith("\n"))).toBe(true);
  });
});
