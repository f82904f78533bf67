/** `pnpm test:all`: the kit on every build, with 1, 2 and 3 threads, with and without Winograd, and from a worker. */
import { conformance as cases, type Result } from "@tatamijs/conformance";
import { conformance } from "@tatamijs/conformance/vitest";
import { describe, expect, test } from "vitest";
import type { WasmOptions } from "./open.ts";
import { wasm } from "./wasm.ts";

const builds = ["relaxed", "simd"] as const;
const columns: readonly WasmOptions[] = [
  ...builds.flatMap((build) =>
    [1, 2, 3].flatMap((threads) => (["fast", "strict"] as const).map((precision) => ({ build, threads, precision }))),
  ),
  ...builds.map((build) => ({ build, threads: 2, worker: true })),
];

conformance(Object.fromEntries(columns.map((options) => [JSON.stringify(options), () => wasm(options)])));

describe("random cases", () => {
  test.each(builds.flatMap((build) => [1, 2].map((threads) => ({ build, threads }))))("%o", async (options) => {
    const results: Result[] = [];
    const backend = await wasm(options);
    for await (const result of cases(() => backend, { random: 20_000, seed: 11 })) results.push(result);
    expect(results.filter(({ status }) => status === "fail")).toEqual([]);
    expect(results.length).toBeGreaterThan(20_000);
    await backend.close();
  });
});
