/** Runs cases, and lets TypeScript check them: one file, a case on each line. */
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as tatami from "tatamijs";
import { root } from "../../scripts/steps.ts";
import type { Case } from "./cases.ts";

const names: readonly string[] = Object.keys(tatami);

/** The shape that a case has when it is run. Throws what it throws. */
export function shapeOf(code: string): readonly number[] {
  const plain = (shape: readonly number[]): tatami.Tensor => tatami.input(shape);
  // oxlint-disable-next-line typescript/no-implied-eval -- the table is this repository's own, and is checked as TypeScript beside
  const f = new Function(...names, "n", "plain", `return ${code};`) as (...values: unknown[]) => tatami.Tensor;
  return f(...names.map((name) => (tatami as Record<string, unknown>)[name]), 7, plain).shape;
}

const head = `import { ${names.join(", ")}, type Shape, type Tensor } from "tatamijs";
type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
declare function same<T extends true>(): T; declare const n: number; declare const plain: (shape: Shape) => Tensor;
`;

/** What a compiler says of each case: nothing, or its text. */
export function check(cases: readonly Case[], compiler: string): string[] {
  const lines = cases.map(({ code, shape, type = `readonly [${shape?.join(", ")}]`, error }, i) =>
    error === undefined ? `const c${i} = ${code}; same<Equal<typeof c${i}.shape, ${type}>>();` : `${code};`,
  );
  const { output } = compile(`${head}${lines.join("\n")}\n`, compiler, "cases.ts");
  const texts = cases.map(() => "");
  let at = -1;
  for (const line of output.split("\n")) {
    const found = /^(?:[^ ].*)?cases\.ts\((\d+),/.exec(line);
    if (found !== null) at = Number(found[1]) - head.split("\n").length;
    else if (/^[^ ]/.test(line)) at = -1;
    if (texts[at] !== undefined) texts[at] += `${line}\n`;
    else if (/error TS/.test(line)) throw new Error(line);
  }
  return texts;
}

/** Checks one file in a folder of its own inside the repository, from which its packages are found. */
export function compile(text: string, compiler: string, name: string, ...args: string[]): { output: string } {
  const folder = join(root, "node_modules", ".cache", "tatami-types", compiler);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), text);
  const options = {
    noUnusedLocals: false,
    isolatedDeclarations: false,
    declaration: false,
    typeRoots: [join(root, "node_modules", "@types")],
    noErrorTruncation: true,
  };
  writeFileSync(
    join(folder, `${name}.json`),
    JSON.stringify({ extends: join(root, "tsconfig.base.json"), compilerOptions: options, files: [name] }),
  );
  const program = join(root, "node_modules", ".bin", compiler);
  const { stdout, stderr, error } = spawnSync(
    program,
    ["-p", join(folder, `${name}.json`), "--pretty", "false", ...args],
    {
      cwd: folder,
      encoding: "utf8",
      maxBuffer: 1 << 26,
    },
  );
  return { output: `${stdout}${stderr}${error?.message ?? ""}` };
}
