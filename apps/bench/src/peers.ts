/** Peers live in a package of their own outside the workspace, with its own lockfile; it is installed when they are asked for. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import type { Runner } from "./runner.ts";

const folder = new URL("../peers/", import.meta.url);

export const peerNames: readonly string[] = ["tfjs-cpu"];

/** Installs once per lockfile. */
function install(): void {
  const hash = createHash("sha256")
    .update(readFileSync(new URL("package-lock.json", folder)))
    .digest("hex");
  const stamp = new URL("node_modules/.tatami-lock", folder);
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === hash) return;
  console.log("Installing the peers (apps/bench/peers) …");
  const done = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: folder,
    stdio: "inherit",
  });
  if (done.status !== 0)
    throw new Error(
      "the peers could not be installed; run `npm ci` in apps/bench/peers to see why, or leave out --peers",
    );
  writeFileSync(stamp, hash);
}

export async function loadPeers(): Promise<Runner[]> {
  install();
  const peers: Runner[] = [];
  for (const name of peerNames) {
    const { create } = (await import(new URL(`${name}.mjs`, folder).href)) as { create(): Promise<Runner> };
    peers.push(await create());
  }
  return peers;
}
