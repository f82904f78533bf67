// `pnpm test:all`: the whole kit in Deno, with both kinds of tiles, and with f16 on Mesa's processor driver.
import { expect, test } from "vitest";
import { findLavapipe } from "../scripts/vulkan.ts";
import { findDeno, webgpuInDeno, type DenoRun } from "./support/deno.ts";

const runs: readonly (DenoRun & { readonly on: string })[] = [
  { on: "SwiftShader, or a GPU", profile: "direct" },
  { on: "SwiftShader, or a GPU", profile: "gpu" },
  { on: "llvmpipe", profile: "direct", f16: true },
];

test.for(runs)(
  "the whole kit in Deno on $on, $profile tiles",
  { timeout: 1_800_000 },
  async ({ on, ...run }, { skip }) => {
    if (findDeno() === undefined) skip("no Deno is published for this machine");
    const driver = on === "llvmpipe" ? findLavapipe() : undefined;
    if (on === "llvmpipe" && driver === undefined) throw new Error("install Debian's mesa-vulkan-drivers");
    const { info, passed, failures } = await webgpuInDeno({ ...run, whole: true, driver });
    expect(failures).toEqual([]);
    expect(passed).toBeGreaterThan(3000);
    expect(info.messages).toEqual([]);
    if (on === "llvmpipe") expect(info.adapter).toContain("llvmpipe");
  },
);
