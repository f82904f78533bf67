/** Names of options. */
import { checkOptions, show, TatamiError } from "@tatamijs/core";

/**
 * The options, none of which has a name that nobody reads: the editor does not see those in plain JavaScript, or in a variable.
 * @throws TatamiError `argument`, also for what is no record of options.
 */
export function checkNames<T extends object>(
  options: T,
  names: { readonly [K in keyof Required<T>]: true },
  op: string,
): T {
  const odd = Object.keys(checkOptions(options, op)).find((name) => !Object.hasOwn(names, name));
  if (odd === undefined) return options;
  throw new TatamiError("argument", `${show(odd)} is no option; those are ${Object.keys(names).join(", ")}`, {
    op,
    details: { name: odd },
  });
}
