/** The library's own words, in the reader's language. */
import { english, type ErrorFacts } from "@tatamijs/core";
import { japanese } from "@tatamijs/core/ja";
import { language } from "../preferences.ts";

export const wordsOf = (error: ErrorFacts): string => (language.value === "ja" ? japanese : english).message(error);
