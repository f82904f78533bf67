/** `pnpm test:all`: the kit without what adapters may lack, with direct sums only, on each tile, and 20,000 random cases on both kinds of tiles. */
import { conformance as cases, type Result } from "@tatamijs/conformance";
import { conformance } from "@tatamijs/conformance/vitest";
import { describe, expect, test } from "vitest";
import { tiles, type TileName } from "./conv/tile.ts";
import { webgpu, type WebGpuOptions } from "./webgpu.ts";

const columns: readonly WebGpuOptions[] = [
  { profile: "direct", subgroups: false },
  { profile: "gpu", subgroups: false },
  { profile: "direct", precision: "strict" },
  { profile: "gpu", precision: "strict" },
  ...(Object.keys(tiles) as TileName[]).map((tile) => ({ profile: "gpu", tile }) as const),
];

conformance(Object.fromEntries(columns.map((options) => [JSON.stringify(options), () => webgpu(options)])));

describe("random cases", () => {
  test.each([{ profile: "direct" }, { profile: "gpu" }] as const)(
    "%o",
    async (options) => {
      const backend = await webgpu(options);
      const results: Result[] = [];
      for await (const result of cases(() => backend, { random: 20_000, seed: 11 })) results.push(result);
      expect(results.filter(({ status }) => status === "fail")).toEqual([]);
      expect(results.length).toBeGreaterThan(20_000);
      expect(backend.info.messages).toEqual([]);
      await backend.close();
    },
    3_600_000,
  );
});
