// docs/errors.md: every code, its meaning as `ErrorCode` says it, an example with what it throws, and what to do.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { meanings } from "../../packages/core/src/ja/meanings.ts";
import { root } from "../steps.ts";
import { examples, imports } from "./examples.ts";
import { codes, type Thrown } from "./run.ts";

export const page = "docs/errors.md";

/** The comments of `ErrorCode`, by code. */
export function meaningsInEnglish(): ReadonlyMap<string, string> {
  const source = readFileSync(join(root, "packages/core/src/errors.ts"), "utf8");
  return new Map(
    Array.from(source.matchAll(/^ {2}\| "([^"]+)";? \/\/ (.+)$|^ {2}\| "([^"]+)"; \/\/ (.+)$/gm), (m) => [
      m[1] ?? m[3]!,
      m[2] ?? m[4]!,
    ]),
  );
}

const capital = (text: string): string => text[0]!.toUpperCase() + text.slice(1);

const fence = (language: string, text: string): string => `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``;

export function written(all: readonly Thrown[]): string {
  const english = meaningsInEnglish();
  const sections = codes.map((code, i) => {
    const { fix, code: source } = examples[code];
    const { en, ja } = all[i]!;
    return [
      `## ${code}`,
      `${capital(english.get(code)!)}.\n\n${meanings[code]}。`,
      fence("ts", source),
      fence("text", `${en}\n\n${ja}`),
      `${fix.en}\n\n${fix.ja}`,
    ].join("\n\n");
  });
  return (
    [
      "# Errors · エラー",
      `Every error that tatami throws on purpose is a \`TatamiError\`. Its \`code\` is for programs and does not change; \`message\` says what was given,
what was wanted and how to fix it; \`details\` has the numbers as data. A size that is none has its \`formula\`, \`inputs\`, \`value\` and \`fixes\` besides.
Messages are in English; after \`speak(japanese)\` from \`@tatamijs/core/ja\` they are in Japanese where the locale is, and
\`japanese.message(error)\` says any error in Japanese.`,
      `tatami が意図して投げるエラーはすべて \`TatamiError\` です。\`code\` はプログラムのためのもので、変わりません。\`message\` は、何が渡され、何が必要で、
どう直せばよいかを述べます。数値は \`details\` にあります。大きさのエラーには \`formula\`、\`inputs\`、\`value\`、\`fixes\` もあります。`,
      "This page is written by `pnpm errors`, which runs the examples; a test holds them to it. They begin with · 例はすべて次で始まります",
      fence("ts", imports),
      codes.map((code) => `[\`${code}\`](#${code})`).join(" · "),
      ...sections,
    ].join("\n\n") + "\n"
  );
}
