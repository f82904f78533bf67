/**
 * An error's message in Japanese. Of a size it is made from the error's numbers; of anything else by the phrase that its
 * English text is an instance of; and where there is none, the English text stays, led in by what its code means.
 */
import type { Language } from "../language.ts";
import { meanings } from "./meanings.ts";
import { translated } from "./phrase.ts";
import { phrases } from "./phrases.ts";
import { parts } from "./phrases/parts.ts";
import { sizeInJapanese } from "./sizes.ts";

/** What stands in a hole: mostly a number or a name, which stays as it is. */
const partInJapanese = (text: string): string =>
  (text.includes(" ") ? translated(parts, text, partInJapanese) : undefined) ?? text;

export const japanese: Language = {
  locale: "ja",
  message(error) {
    const { code, op, text, layers } = error;
    const said = sizeInJapanese(error) ?? translated(phrases, text, partInJapanese) ?? `${meanings[code]}(${text})`;
    return [...layers.map((name) => `sequential: 層 ${name}、`), op === undefined ? "" : `${op}: `, said].join("");
  },
};
