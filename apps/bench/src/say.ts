/** What the bench tells on the terminal. */
export const say = (line: string = ""): void => console.log(line);

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** What is being done, on a terminal, in the line where the result will stand. */
export function progress(text: string): void {
  if (process.stdout.isTTY) process.stdout.write(`\r\u001b[2K${text}`);
}
