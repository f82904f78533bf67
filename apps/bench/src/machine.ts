/** Where a run was made. */
import { spawnSync } from "node:child_process";
import { cpus } from "node:os";
import { findChromium } from "../../../scripts/chromium.ts";
import type { Machine } from "./results.ts";

export function machineOf(): Machine {
  const chromium = findChromium();
  const version = chromium === undefined ? undefined : spawnSync(chromium, ["--version"], { encoding: "utf8" }).stdout;
  const name = version === undefined ? undefined : /Chrom\w+ [\d.]+/.exec(version)?.[0];
  return {
    date: new Date().toISOString().slice(0, 10),
    processor: cpus()[0]?.model ?? "unknown processor",
    cores: cpus().length,
    node: process.versions.node,
    v8: process.versions.v8,
    ...(name === undefined ? {} : { chromium: name }),
  };
}
