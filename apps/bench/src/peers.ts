/** Peers live in a package of their own outside the workspace, with its own lockfile; it is installed when they are asked for. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";

const folder = new URL("../peers/", import.meta.url);

/** Installs once per lockfile. No script of theirs runs (onnxruntime-node would fetch a GPU's libraries). */
export function installPeers(): void {
  const hash = createHash("sha256")
    .update(readFileSync(new URL("package-lock.json", folder)))
    .digest("hex");
  const stamp = new URL("node_modules/.tatami-lock", folder);
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === hash) return;
  console.log("Installing the peers (apps/bench/peers, half a gigabyte) …");
  const done = spawnSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: folder,
    stdio: "inherit",
  });
  if (done.status !== 0)
    throw new Error(
      "the peers could not be installed; run `npm ci --ignore-scripts` in apps/bench/peers to see why, or leave out --peers",
    );
  writeFileSync(stamp, hash);
}
