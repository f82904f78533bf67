// docs/errors.md: every code with its meaning in both languages, and an example that throws what the page says.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { meaningsInEnglish, page, written } from "../scripts/errors/page.ts";
import { codes, thrown } from "../scripts/errors/run.ts";
import { root } from "../scripts/steps.ts";

test("every code has its meaning and its example", () => {
  expect(codes.length).toBeGreaterThan(20);
  expect([...meaningsInEnglish().keys()]).toEqual(codes);
});

test("every example throws its code, and the page says what it throws", () => {
  const all = thrown();
  for (const { code, en, ja } of all) {
    expect(en, code).not.toBe("");
    expect(ja, code).toMatch(/[\u3040-\u30ff]/);
    expect(ja, code).not.toMatch(/[a-z]{2,} [a-z]{2,} [a-z]{2,}/i);
  }
  expect(readFileSync(join(root, page), "utf8"), "run `pnpm errors` and look at what changed").toBe(written(all));
});
