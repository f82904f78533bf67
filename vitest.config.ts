import { defaultServerConditions } from "vite";
import { defineConfig, type ViteUserConfig } from "vitest/config";
import { withVulkan } from "./scripts/vulkan.ts";

// Packages are tested from their sources, in the tests and in the processes and workers that tests start.
const source = "@tatamijs/source";
// The processes that run tests inherit it.
Object.assign(process.env, withVulkan());

const all = process.env["TATAMI_ALL"] === "1";
const slow = all ? [] : ["**/*.slow.test.ts"];
const conditions = {
  resolve: { conditions: [source] },
  ssr: { resolve: { conditions: [source, ...defaultServerConditions], externalConditions: [source, "node"] } },
};

const config: ViteUserConfig = defineConfig({
  test: {
    projects: [
      {
        ...conditions,
        test: {
          name: "unit",
          include: ["{packages,apps}/*/src/**/*.test.ts", "template/**/*.test.ts"],
          exclude: ["**/node_modules/**", "**/dist/**", ...slow],
          execArgv: [`--conditions=${source}`],
          testTimeout: all ? 600_000 : 60_000,
        },
      },
      {
        // The house as a whole: what is packed, what a consumer gets, the two commands, the diagram. Needs a build.
        ...conditions,
        test: {
          name: "house",
          include: ["tests/**/*.test.ts"],
          exclude: ["**/node_modules/**", "tests/types/**", ...slow],
          execArgv: [`--conditions=${source}`],
          testTimeout: 240_000,
          hookTimeout: 240_000,
        },
      },
      {
        // Shapes in types: a table that is run, and checked by the compilers.
        ...conditions,
        test: {
          name: "types",
          include: ["tests/types/**/*.test.ts"],
          execArgv: [`--conditions=${source}`],
          testTimeout: 120_000,
        },
      },
    ],
  },
});

export default config;
