// Every text of an error that the library's sources hold has words in Japanese; a text that is put together elsewhere, or
// handed on, is left as it is and led in by what its code means.
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { japanese } from "@tatamijs/core/ja";
import ts from "@typescript/typescript6";
import { TatamiError, type ErrorCode } from "tatamijs";
import { expect, test } from "vitest";
import { root } from "../scripts/steps.ts";

/** Stands for what a text is filled with. */
const hole = "◦";

/** What a text may be, by its source. */
function texts(node: ts.Expression): string[] {
  if (ts.isParenthesizedExpression(node)) return texts(node.expression);
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isTemplateExpression(node))
    return [node.head.text + node.templateSpans.map(({ literal }) => hole + literal.text).join("")];
  if (ts.isConditionalExpression(node)) return [...texts(node.whenTrue), ...texts(node.whenFalse)];
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken)
    return texts(node.left).flatMap((left) => texts(node.right).map((right) => left + right));
  return [hole];
}

/** Two words of English, one after the other. */
const words = /[a-z]{2,} [a-z]{2,} /i;

const found: { readonly code: ErrorCode; readonly text: string }[] = [];
for (const path of globSync("packages/{core,nn,engine,train,tatami,backend-*}/src/**/*.ts", { cwd: root })) {
  if (/\.test\.ts$|\/(?:testing|template)\//.test(path)) continue;
  const visit = (node: ts.Node): void => {
    if (ts.isNewExpression(node) && node.expression.getText() === "TatamiError") {
      const [code, text] = node.arguments!;
      for (const one of texts(text!))
        if (ts.isStringLiteral(code!)) found.push({ code: code.text as ErrorCode, text: one });
    }
    if (ts.isCallExpression(node) && node.expression.getText() === "wrongArgument") {
      for (const one of texts(node.arguments[3]!))
        found.push({ code: "argument", text: `${hole} is ${hole}; give ${one}` });
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, readFileSync(join(root, path), "utf8"), ts.ScriptTarget.Latest, true));
}

/** Bugs of tatami are for those who read its sources; sizes are said from their numbers. */
const said = found.filter(
  ({ code, text }) => code !== "internal" && !code.startsWith("size-") && text.replaceAll(hole, "").trim() !== "",
);

test("there are texts", () => {
  expect(said.length).toBeGreaterThan(200);
});

test("every text has Japanese words", () => {
  const messages = said.map(({ code, text }) => japanese.message(new TatamiError(code, text)));
  expect(messages.filter((message) => words.test(message))).toEqual([]);
});
