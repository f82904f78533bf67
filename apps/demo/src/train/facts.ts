/** What the page needs to know of an error to say it in its reader's language: plain data, from a worker. */
import { TatamiError, type ErrorFacts } from "@tatamijs/core";

export function factsOf(error: unknown): ErrorFacts {
  if (!(error instanceof TatamiError)) return plainly(error instanceof Error ? error.message : String(error));
  const { code, op, text, layers, details } = error;
  // Sizes are said anew from their numbers; details of others may hold anything.
  return { code, op, text, layers, details: code.startsWith("size-") ? details : {} };
}

/** Words that are nobody's of the library. */
export const plainly = (text: string): ErrorFacts => ({
  code: "internal",
  op: undefined,
  text,
  layers: [],
  details: {},
});
