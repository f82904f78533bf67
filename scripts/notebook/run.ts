// The notebook as a program: its blocks of code, run in order as one module, and what each prints.
import { spawnSync } from "node:child_process";
import { root } from "../steps.ts";

/** The pages, one for each language. */
export const notebooks: readonly string[] = ["docs/notebook.en.md", "docs/notebook.ja.md"];

export interface Block {
  readonly code: string;
  /** What the page says that it prints. */
  readonly printed: string;
}

const fenced = /^```ts\n([\s\S]*?)^```\n\n```text\n([\s\S]*?)^```\n/gm;

/** The blocks of a page's text: code, and under it what it prints. */
export function blocksOf(text: string): Block[] {
  return Array.from(text.matchAll(fenced), ([, code, printed]) => ({ code: code!, printed: printed! }));
}

/** The page with other text under its blocks. */
export function withPrinted(text: string, printed: readonly string[]): string {
  let at = 0;
  return text.replaceAll(
    fenced,
    (_, code: string) => `\`\`\`ts\n${code}\`\`\`\n\n\`\`\`text\n${printed[at++]}\`\`\`\n`,
  );
}

const between = "\u241E";

/** What each block prints, in a process of its own. Throws what the program throws. */
export function printedBy(blocks: readonly Block[]): string[] {
  const program = blocks.map(({ code }) => code).join(`\nconsole.log("${between}");\n`);
  const { FORCE_COLOR: _, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--conditions=@tatamijs/source", "--input-type=module-typescript"],
    { cwd: root, input: program, encoding: "utf8", env: { ...env, NO_COLOR: "1" } },
  );
  if (status !== 0) throw new Error(`the notebook's code failed:\n${stderr}`);
  return stdout.split(`${between}\n`);
}
