// The WebGPU backend in Deno, whose WebGPU is wgpu: a second implementation of the API and of WGSL. The kit is run on it there.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../../scripts/steps.ts";
import { withVulkan } from "../../scripts/vulkan.ts";
import { bundle } from "./page.ts";
import type { Got } from "./webgpu-page.ts";

/** Undefined where none is published for this machine. */
export function findDeno(): string | undefined {
  const path = join(root, `node_modules/@deno/${process.platform}-${process.arch}-glibc/deno`);
  return existsSync(path) ? path : undefined;
}

export interface DenoRun {
  readonly f16?: boolean;
  /** The whole kit, or a few ops of it. */
  readonly whole?: boolean;
  readonly profile?: "direct" | "gpu";
  /** The Vulkan driver's manifest; without it, what Dawn takes. */
  readonly driver?: string | undefined;
}

/** @throws Error where Deno ends with an error: no adapter is one. */
export async function webgpuInDeno({ f16 = false, whole = false, profile, driver }: DenoRun): Promise<Got> {
  const contents = `
    import { webgpu } from "@tatamijs/backend-webgpu";
    import { conformance } from "@tatamijs/conformance";
    const backend = await webgpu(${JSON.stringify({ f16, profile })});
    const results = [];
    for await (const result of conformance(() => backend, ${whole ? "{}" : '{ ops: ["pad", "softmax"] }'})) results.push(result);
    const failures = results.filter(({ status }) => status === "fail").slice(0, 5);
    const passed = results.filter(({ status }) => status === "pass").length;
    console.log(JSON.stringify({ info: backend.info, passed, failures }));
    Deno.exit(0);`;
  const folder = mkdtempSync(join(tmpdir(), "tatami-deno-"));
  try {
    const outfile = join(folder, "kit.mjs");
    writeFileSync(outfile, await bundle(contents));
    const env = { ...withVulkan(), DENO_DIR: folder, DENO_NO_UPDATE_CHECK: "1" };
    return await ran([outfile], driver === undefined ? env : { ...env, VK_DRIVER_FILES: driver });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function ran(args: readonly string[], env: NodeJS.ProcessEnv): Promise<Got> {
  const child = spawn(findDeno()!, ["run", "--allow-all", "--unstable-webgpu", ...args], {
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [out, err] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status) => {
      if (status === 0) resolve(JSON.parse(out) as Got);
      else reject(new Error(`Deno ended with ${status}: ${err.slice(-2000)}`));
    });
  });
}
