// `pnpm conformance`: the kit's own command, started where a WebGPU backend finds an adapter.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { root } from "./steps.ts";
import { withVulkan } from "./vulkan.ts";

const cli = join(root, "packages/conformance/src/cli.ts");
const { status } = spawnSync(process.execPath, ["--conditions=@tatamijs/source", cli, ...process.argv.slice(2)], {
  stdio: "inherit",
  env: withVulkan(),
});
process.exitCode = status ?? 1;
