// One table: what the run gives, the types give; what the run throws is red, with its text.
import { TatamiError } from "tatamijs";
import { describe, expect, test } from "vitest";
import { type Case, drawn, written } from "./cases.ts";
import { check, shapeOf } from "./check.ts";

/** A text of the run as types have it: without the value, and what comes after it. */
const short = (message: string): string =>
  message
    .replace(/ = -?[\d.]+…? is not an integer.*/su, " is not an integer")
    .replace(/^.*?: (O[HW] = )/su, "conv2d: $1");

const random = drawn(120).map((code): Case => {
  try {
    return { code, shape: shapeOf(code) };
  } catch (error) {
    if (!(error instanceof TatamiError)) throw error;
    return { code, error: short(error.message).replace(/ is below 1.*/su, " is below 1") };
  }
});
const cases = [...written, ...random];

/**
 * The part of a type's text that the run's text begins with too; where a size is none the run says more before the formula, and
 * its value after it.
 */
const shared = (text: string): { readonly start: string; readonly formula: string } => {
  const [, start = "", formula = ""] = /^(.*?)(O[HW] = .*?)(?: is (?:not|below).*)?$/u.exec(text) ?? [];
  return formula === "" ? { start: text, formula: text } : { start, formula };
};

describe("the run", () => {
  test.each(written.filter((one) => one.error === undefined))("$code", ({ code, shape }) => {
    expect(shapeOf(code)).toEqual(shape);
  });

  test.each(written.filter((one) => one.error !== undefined))("$code is an error", ({ code, error = "" }) => {
    let thrown: unknown;
    try {
      shapeOf(code);
    } catch (e) {
      thrown = e;
    }
    expect(thrown).toBeInstanceOf(TatamiError);
    const { message } = thrown as TatamiError;
    const { start, formula } = shared(error);
    expect(message.startsWith(start), message).toBe(true);
    expect(message).toContain(formula);
  });
});

describe("types", () => {
  const texts = check(cases, "tsc");
  test("there are enough cases", () => {
    expect(cases.filter((one) => one.error === undefined).length).toBeGreaterThanOrEqual(150);
    expect(cases.filter((one) => one.error !== undefined).length).toBeGreaterThanOrEqual(60);
  });

  test.each(cases.map((one, i) => ({ ...one, text: texts[i]! })))("$code", ({ error, text }) => {
    if (error === undefined) expect(text).toBe("");
    else expect(text).toContain(error);
  });
});
