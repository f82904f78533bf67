/**
 * What language errors speak. English is here; another is a module that who wants it imports, `@tatamijs/core/ja`. Codes,
 * numbers and `text` are the same in all.
 */
import { type ErrorCode, wrongArgument } from "./errors.ts";

/** What an error knows, without being one. */
export interface ErrorFacts {
  readonly code: ErrorCode;
  readonly op: string | undefined;
  readonly text: string;
  readonly details: Readonly<Record<string, unknown>>;
  readonly layers: readonly string[];
}

export interface Language {
  /** BCP 47: "ja". */
  readonly locale: string;
  /** An error's message, also that of one made long ago. */
  message(error: ErrorFacts): string;
}

export const english: Language = {
  locale: "en",
  message: ({ layers, op, text }) =>
    layers.map((name) => `sequential: layer ${name}, `).join("") + (op === undefined ? text : `${op}: ${text}`),
};

let spoken = english;

/**
 * Errors made from now on have their messages in `language`, where `locale` (left out: the machine's or the browser's)
 * is one of it; else, and with nothing given, in English. For the whole program: a library leaves this to who uses it.
 *
 *     speak(japanese)            where the reader's locale is Japanese
 *     speak(japanese, "ja")      everywhere
 *
 * @throws TatamiError `argument`.
 */
export function speak(
  language: Language = english,
  locale: string = new Intl.DateTimeFormat().resolvedOptions().locale,
): void {
  if (typeof language?.message !== "function")
    throw wrongArgument("speak", "language", language, "a language, such as japanese");
  if (typeof locale !== "string") throw wrongArgument("speak", "locale", locale, 'a text, such as "ja"');
  spoken = locale.split("-")[0] === language.locale ? language : english;
}

export function inWords(error: ErrorFacts): string {
  return spoken.message(error);
}
