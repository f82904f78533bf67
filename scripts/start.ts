// `npm start` after set-up: builds what the main job loads, then runs it.
import { run, step } from "./steps.ts";

const built = await step("build", async () => {
  const { code, output } = await run(process.execPath, ["packages/backend-wasm/scripts/build.ts"]);
  const count = { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 };
  return code === 0 ? { ...count, detail: "the WebAssembly binaries" } : { ...count, text: output };
});
if (built.failed > 0) process.exitCode = 1;
else await import("../packages/digits/src/start.ts");
