// Draws the notebook's figures into docs/figures, and writes under each block of its code what it prints: `pnpm notebook`.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { figures } from "./notebook/figures.ts";
import { blocksOf, notebooks, printedBy, withPrinted } from "./notebook/run.ts";
import { root } from "./steps.ts";

for (const [name, drawing] of Object.entries(figures())) writeFileSync(join(root, "docs", "figures", name), drawing);
for (const page of notebooks) {
  const text = readFileSync(join(root, page), "utf8");
  writeFileSync(join(root, page), withPrinted(text, printedBy(blocksOf(text))));
}
