/** What the two commands, `npm start` and `pnpm train:digits`, share: their flags, their errors and their end. */
import { TatamiError, show } from "@tatamijs/core";

/** The words after the command's name; without the `--` that pnpm hands on in `pnpm train:digits -- --epochs 3`. */
export function flags(): string[] {
  const words = process.argv.slice(2);
  return words[0] === "--" ? words.slice(1) : words;
}

/** A flag's value as a whole number from `least` to `most`. @throws TatamiError "argument", naming the flag. */
export function wholeNumber(flag: string, text: string, least: number, most: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new TatamiError("argument", `${flag} is ${show(text)}; give a whole number from ${least} to ${most}`);
}

/**
 * Runs a command and ends the process with the status that it gives. A TatamiError, or a flag that `parseArgs` does not
 * know, is told in its own words; any other error is a bug of ours and shown whole.
 */
export function leave(main: () => Promise<number>): void {
  const end = (status: number): void => {
    // What was written to a pipe is on its way: the process ends when it has arrived.
    process.stdout.write("", () => process.exit(status));
  };
  // `npm start | head`: nobody reads any more, which is no error.
  process.stdout.on("error", () => process.exit(0));
  main().then(end, (error: unknown) => {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    const told = error instanceof TatamiError || code.startsWith("ERR_PARSE_ARGS");
    console.error(told ? `error: ${(error as Error).message}` : error);
    end(1);
  });
}
