// A project of a user's own that has only the packed tarballs. Nothing is fetched: npm runs offline, with an empty cache.
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { packAll } from "../../scripts/pack.ts";

/** The Node that ran `npm test`: the user's own, which may be older than the pinned one. */
export const systemNode: string = process.env["TATAMI_SYSTEM_NODE"] ?? process.execPath;

/** As the user has it: nothing of what the tests run with. */
export const environment = (): NodeJS.ProcessEnv => ({
  ...process.env,
  PATH: `${dirname(systemNode)}:${process.env["PATH"]}`,
  NODE_OPTIONS: "",
});

export interface Ran {
  readonly status: number | null;
  readonly output: string;
}

export function runIn(folder: string, command: string, ...args: string[]): Ran {
  const env = { ...environment(), npm_config_cache: join(folder, "npm-cache") };
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd: folder, env, encoding: "utf8" });
  return { status, output: `${stdout ?? ""}${stderr ?? ""}${error?.message ?? ""}` };
}

/** Packs every public package and installs them all. Throws what npm says when it fails. */
export async function installPacked(folder: string): Promise<void> {
  writeFileSync(
    join(folder, "package.json"),
    '{ "name": "consumer", "version": "1.0.0", "private": true, "type": "module" }',
  );
  const packed = (await packAll(folder)).map((one) => `./${basename(one.tarball)}`);
  const installed = runIn(folder, "npm", "install", "--offline", "--no-audit", "--no-fund", ...packed);
  if (installed.status !== 0) throw new Error(installed.output);
}

/** The lines that a program prints. Throws all it says when it fails. */
export function linesOf(folder: string, command: string, ...args: string[]): string[] {
  const { status, output } = runIn(folder, command, ...args);
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${status}: ${output}`);
  return output.trimEnd().split("\n");
}
