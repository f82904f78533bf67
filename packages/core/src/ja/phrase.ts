/** Phrases: a text with holes in English, and the same holes in Japanese. */

/** `["x has {n} axes", "x には軸が {n} 本あります"]` */
export type Phrase = readonly [english: string, japanese: string];

const patterns = new Map<Phrase, RegExp>();

function patternOf(phrase: Phrase): RegExp {
  let pattern = patterns.get(phrase);
  if (pattern === undefined) {
    const parts = phrase[0].split(/\{\w+\}/).map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    pattern = new RegExp(`^${parts.join("(.*?)")}$`, "s");
    patterns.set(phrase, pattern);
  }
  return pattern;
}

/** `text` by the first of the phrases that it is an instance of; what stands in its holes as `part` says it. */
export function translated(
  phrases: readonly Phrase[],
  text: string,
  part: (value: string) => string,
): string | undefined {
  for (const phrase of phrases) {
    const values = patternOf(phrase).exec(text)?.slice(1);
    if (values === undefined) continue;
    const names = Array.from(phrase[0].matchAll(/\{(\w+)\}/g), ([, name]) => name!);
    return phrase[1].replaceAll(/\{(\w+)\}/g, (_, name: string) => part(values[names.indexOf(name)]!));
  }
  return undefined;
}
