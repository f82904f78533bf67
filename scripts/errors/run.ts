// The examples of docs/errors.md as a program, and what each throws.
import { spawnSync } from "node:child_process";
import type { ErrorCode } from "../../packages/core/src/errors.ts";
import { root } from "../steps.ts";
import { examples, imports } from "./examples.ts";

export interface Thrown {
  readonly code: ErrorCode;
  readonly en: string;
  readonly ja: string;
}

export const codes = Object.keys(examples) as readonly ErrorCode[];

/** Runs every example in one process. Throws where one does not, or throws another code. */
export function thrown(): Thrown[] {
  const program = [
    imports,
    `import { japanese } from "@tatamijs/core/ja";`,
    `const all = [];`,
    `const told = (error) => ({ code: error.code ?? String(error.stack), en: error.message, ja: error.code ? japanese.message(error) : "" });`,
    ...codes.map(
      (code) =>
        `await (async () => {\n${examples[code].code}\n})().then(() => all.push({ code: "nothing" }), (error) => all.push(told(error)));`,
    ),
    `console.log(JSON.stringify(all));`,
  ].join("\n");
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--conditions=@tatamijs/source", "--input-type=module-typescript"],
    { cwd: root, input: program, encoding: "utf8" },
  );
  if (status !== 0) throw new Error(`the examples failed:\n${stderr}`);
  const all = JSON.parse(stdout.replaceAll(root, "/home/you/app")) as Thrown[];
  const wrong = codes.flatMap((code, i) =>
    all[i]!.code === code ? [] : [`${code}: threw ${all[i]!.code} ${all[i]!.en}`],
  );
  if (wrong.length > 0) throw new Error(`examples of docs/errors.md throw something else:\n${wrong.join("\n")}`);
  return all;
}
