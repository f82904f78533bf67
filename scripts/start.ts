// `npm start` after set-up: builds what the main job loads, runs it, and then serves the demo site for as long as somebody looks.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { serve } from "../apps/demo/serve.ts";
import { root, run, step, type Outcome } from "./steps.ts";
import { withVulkan } from "./vulkan.ts";

const words = process.argv.slice(2);
const has = (flag: string): boolean => words.includes(flag);
// A pipe wants the report and its end; a person wants to look.
const stays = !has("--once") && !has("--help") && (has("--serve") || process.stdout.isTTY);

async function built(command: string, args: readonly string[], detail: string): Promise<Outcome> {
  const { code, output } = await run(command, args);
  const count = { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 };
  return code === 0 ? { ...count, detail } : { ...count, text: output };
}

/** The report ends its own process, with its own status. */
function report(): Promise<number> {
  const entry = join(root, "packages/digits/src/start.ts");
  const child = spawn(process.execPath, [...process.execArgv, entry, ...words], {
    cwd: root,
    stdio: "inherit",
    // Where the WebGPU backend finds the Vulkan there is.
    env: withVulkan(),
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code) => resolve(code ?? 1));
  });
}

const binaries = await step("build", () =>
  built(process.execPath, ["packages/backend-wasm/scripts/build.ts"], "the WebAssembly binaries"),
);
process.exitCode = binaries.failed > 0 ? 1 : await report();
if (process.exitCode === 0 && stays) {
  const site = await step("site", () =>
    built("vite", ["build", "apps/demo", "--logLevel", "warn"], "the demo, as static files in apps/demo/dist"),
  );
  if (site.failed > 0) process.exitCode = 1;
  else console.log(`\n${(await serve({ port: 4173 })).url}   Ctrl-C ends it`);
}
