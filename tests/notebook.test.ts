// docs/notebook.*.md: its code prints what the page says, both languages have the same code and figures, and every figure is
// what the script draws.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { colours, deep, edge, stroke } from "../scripts/notebook/example.ts";
import { figures } from "../scripts/notebook/figures.ts";
import { blocksOf, notebooks, printedBy } from "../scripts/notebook/run.ts";
import { root } from "../scripts/steps.ts";

const pages = notebooks.map((page) => ({ page, text: readFileSync(join(root, page), "utf8") }));
const again = "run `pnpm notebook` and look at what changed";

const figuresOf = (text: string): string[] =>
  Array.from(text.matchAll(/!\[[^\]]+\]\(figures\/([^)]+)\)/g), ([, name]) => name!);
const headings = (text: string): string[] => Array.from(text.matchAll(/^#+ /gm), ([mark]) => mark);
/** Formulas stand alone, indented. */
const formulas = (text: string): string[] => Array.from(text.matchAll(/^ {4}\S.*$/gm), ([line]) => line);

describe("the notebook", () => {
  test("every block prints what the page says", () => {
    const blocks = blocksOf(pages[0]!.text);
    expect(blocks.length).toBeGreaterThan(15);
    const printed = printedBy(blocks);
    for (const [i, block] of blocks.entries()) expect(printed[i], `${block.code}\n${again}`).toBe(block.printed);
  });

  test.each(pages)("$page shows code only with what it prints", ({ text }) => {
    expect(text.match(/^```ts$/gm)).toHaveLength(blocksOf(text).length);
    expect(text.match(/^```text$/gm)).toHaveLength(blocksOf(text).length);
  });

  test("both languages have the same sections, code, results, formulas and figures", () => {
    const [first, ...others] = pages.map(({ text }) => ({
      headings: headings(text),
      blocks: blocksOf(text),
      formulas: formulas(text.replaceAll(/^```[\s\S]*?^```$/gm, "")),
      figures: figuresOf(text),
    }));
    for (const other of others) expect(other).toEqual(first);
  });

  test("the drawings are of the code's own numbers", () => {
    const code = blocksOf(pages[0]!.text)
      .map((block) => block.code.replaceAll(/\s/g, ""))
      .join("")
      .replaceAll(",]", "]");
    for (const values of [stroke, colours]) expect(code).toContain(`constant(${JSON.stringify(values)})`);
    for (const { data, shape } of [edge, deep]) {
      const numbers = Array.from(
        code.matchAll(/constant\((\[\[\[\[.*?\]\]\]\])\)/g),
        ([, list]) => JSON.parse(list!) as number[][][][],
      );
      const same = numbers.filter(
        (list) => list.flat(3).join() === Array.from(data!).join() && list[0]!.length === shape[1],
      );
      expect(same).toHaveLength(1);
    }
  });

  test("every figure is what the script draws, and is shown", () => {
    const drawn = figures();
    const stored = readdirSync(join(root, "docs", "figures")).toSorted();
    expect(stored).toEqual(Object.keys(drawn).toSorted());
    expect(figuresOf(pages[0]!.text).toSorted()).toEqual(stored);
    for (const [name, svg] of Object.entries(drawn)) {
      expect(readFileSync(join(root, "docs", "figures", name), "utf8"), `${name}: ${again}`).toBe(svg);
      expect(svg, name).toContain("prefers-color-scheme:dark");
    }
  });
});
