// WebGPU in Node (Dawn) on a machine without a GPU: Debian's chromium brings SwiftShader, a Vulkan driver that is a processor,
// and a Vulkan loader of its own. Both are found by environment variables, which a process must be started with.
import { existsSync, globSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { findApt, installWithApt } from "./apt.ts";
import type { Outcome } from "./steps.ts";

const chromium = "/usr/lib/chromium";
const manifest = join(chromium, "vk_swiftshader_icd.json");
const loaders = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib"];
/** Where the kernel shows a GPU. Drivers that are installed tell nothing: Mesa brings those of all GPUs, and a processor's. */
const gpus = ["/dev/dri/renderD128", "/dev/nvidiactl", "/dev/dxg"];

const holds = (folder: string, wanted: RegExp): boolean =>
  existsSync(folder) && readdirSync(folder).some((name) => wanted.test(name));

/** `environment`, and what leads to SwiftShader where there is no GPU. What is set already stays. */
export function withVulkan(environment: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  if (process.platform !== "linux" || !existsSync(manifest)) return environment;
  const made: NodeJS.ProcessEnv = { ...environment };
  const driver = environment["VK_DRIVER_FILES"] ?? environment["VK_ICD_FILENAMES"];
  if (driver === undefined && !gpus.some((path) => existsSync(path))) {
    made["VK_DRIVER_FILES"] = manifest;
    // Mesa's layer that chooses among GPUs has none to choose from, and complains where there is no desktop.
    made["NODEVICE_SELECT"] ??= "1";
  }
  if (!loaders.some((folder) => holds(folder, /^libvulkan\.so\.1$/)))
    made["LD_LIBRARY_PATH"] = [chromium, environment["LD_LIBRARY_PATH"]].filter(Boolean).join(":");
  return made;
}

/** Mesa's driver that is a processor, and has f16; Dawn refuses it, wgpu (Deno) does not. */
export function findLavapipe(): string | undefined {
  return globSync("/usr/share/vulkan/icd.d/lvp_icd.*.json")[0];
}

/** The step of `npm test -- --all`, whose f16 tests fail without it. */
export async function lavapipeStep(): Promise<Outcome> {
  const apt = findApt();
  if (findLavapipe() === undefined && apt !== undefined) await installWithApt(apt, "mesa-vulkan-drivers");
  const path = findLavapipe();
  if (path !== undefined) return { passed: 0, failed: 0, skipped: 0, detail: path };
  const text = "no lavapipe. To install it: apt-get install -y --no-install-recommends mesa-vulkan-drivers (as root)";
  return { passed: 0, failed: 0, skipped: 0, detail: "none", text };
}
