/** A headless Chromium with a fresh profile, on one page; no driver. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findChromium } from "../../../scripts/chromium.ts";

const flags: readonly string[] = [
  "--headless",
  "--no-sandbox",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** What a Chromium computes on: nothing but its processor, SwiftShader as a GPU, or the machine's GPU. */
export type Gpu = "none" | "swiftshader" | "real";

const gpuFlags: Readonly<Record<Gpu, readonly string[]>> = {
  none: ["--disable-gpu"],
  // Peers have dispatches of seconds there; the watchdog would take the GPU's process down for it.
  swiftshader: ["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader", "--disable-gpu-watchdog"],
  real: ["--enable-unsafe-webgpu", "--enable-features=Vulkan", "--ignore-gpu-blocklist", "--disable-gpu-watchdog"],
};

export interface Browser {
  /** Resolves when it has ended, by itself or not. */
  readonly ended: Promise<void>;
  close(): Promise<void>;
}

/** @throws where there is no Chromium. */
export function openBrowser(url: string, gpu: Gpu = "none"): Browser {
  const path = findChromium();
  if (path === undefined)
    throw new Error("no Chromium here: install one, or set TATAMI_CHROMIUM to the path of its binary");
  const profile = mkdtempSync(join(tmpdir(), "tatami-bench-"));
  const chromium = spawn(path, [...flags, ...gpuFlags[gpu], `--user-data-dir=${profile}`, url], { stdio: "ignore" });
  const ended = new Promise<void>((resolve) => {
    chromium.on("close", () => resolve());
    chromium.on("error", () => resolve());
  });
  return {
    ended,
    async close() {
      chromium.kill("SIGKILL");
      await ended;
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
