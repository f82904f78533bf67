// WebGPU in Node (Dawn) on a machine without a GPU: Debian's chromium brings SwiftShader, a Vulkan driver that is a processor,
// and a Vulkan loader of its own. Both are found by environment variables, which a process must be started with.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

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
