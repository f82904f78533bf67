// Installs a Debian package, having said how large it is.
import { existsSync } from "node:fs";
import { run } from "./steps.ts";

const aptOptions = ["-y", "--no-install-recommends", "-o", "Acquire::Retries=0", "-o", "Acquire::http::Timeout=20"];

/** Where apt is, for those who may install. */
export function findApt(root: boolean = process.getuid?.() === 0): string | undefined {
  return root ? ["/usr/bin/apt-get", "/bin/apt-get"].find(existsSync) : undefined;
}

/** What apt would fetch and take, in its own words, or why it cannot. */
async function aptSize(apt: string, name: string): Promise<string | undefined> {
  const { output } = await run(apt, ["install", "--assume-no", ...aptOptions.slice(1), name], {
    ...process.env,
    LC_ALL: "C",
  });
  const fetch = /Need to get (.+?)(?:\/.+?)? of archives/.exec(output)?.[1];
  const disk = /([\d.,]+ \w+) of additional disk space/.exec(output)?.[1];
  return fetch === undefined ? undefined : `${fetch} to fetch, ${disk ?? "?"} on disk`;
}

/** Whether it worked, the caller sees by what is there now. */
export async function installWithApt(apt: string, name: string): Promise<void> {
  let size = await aptSize(apt, name);
  if (size === undefined) {
    await run(apt, ["update", ...aptOptions.slice(2)]);
    size = await aptSize(apt, name);
  }
  if (size === undefined) return;
  process.stdout.write(`installing Debian's ${name} (${size})\n${"".padEnd(14)}`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const first = await run(apt, ["install", ...aptOptions, name], env);
  if (first.code === 0) return;
  await run(apt, ["update", ...aptOptions.slice(2)]);
  await run(apt, ["install", ...aptOptions, name], env);
}
