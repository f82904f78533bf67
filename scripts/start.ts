// `npm start` after set-up: builds what the main job loads, then runs it, in a process that finds the Vulkan there is.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { root, run, step } from "./steps.ts";
import { withVulkan } from "./vulkan.ts";

const built = await step("build", async () => {
  const { code, output } = await run(process.execPath, ["packages/backend-wasm/scripts/build.ts"]);
  const count = { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 };
  return code === 0 ? { ...count, detail: "the WebAssembly binaries" } : { ...count, text: output };
});
if (built.failed > 0) process.exitCode = 1;
else {
  const main = join(root, "packages/digits/src/start.ts");
  const { status } = spawnSync(process.execPath, ["--conditions=@tatamijs/source", main, ...process.argv.slice(2)], {
    stdio: "inherit",
    env: withVulkan(),
  });
  process.exitCode = status ?? 1;
}
