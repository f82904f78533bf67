// What the packed packages are tried with, besides what this repository has: an install of its own, made once per lockfile.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { environment } from "./project.ts";

const folder = join(import.meta.dirname, "..", "fixtures", "packaging", "tools");

export interface Tools {
  readonly folder: string;
  /** The programs that run JavaScript, by name; those that are not published for this machine are missing. */
  readonly runtimes: ReadonlyMap<string, string>;
}

/** Installs (some 600 MB, no script of theirs runs), or says why it cannot: there may be no network. */
export function installTools(): Tools | string {
  const hash = createHash("sha256")
    .update(readFileSync(join(folder, "package-lock.json")))
    .digest("hex");
  const stamp = join(folder, "node_modules", ".tatami-lock");
  if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== hash) {
    const { status, stderr } = spawnSync(
      "npm",
      ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
      {
        cwd: folder,
        env: environment(),
        encoding: "utf8",
      },
    );
    if (status !== 0) return `npm ci in ${folder} failed: ${stderr.trim()}`;
    writeFileSync(stamp, hash);
  }
  // The programs themselves: what would link them runs at an install.
  const patterns = {
    "Node 22": "node-22-*/bin/node",
    "Node 26": "node-26-*/bin/node",
    Deno: "@deno/*/deno",
    Bun: "@oven/*/bin/bun",
  };
  const found = Object.entries(patterns).flatMap(([name, pattern]) => {
    const [path] = globSync(pattern, { cwd: join(folder, "node_modules") });
    return path === undefined ? [] : [[name, join(folder, "node_modules", path)] as const];
  });
  return { folder, runtimes: new Map(found) };
}
