import { defineConfig } from "vitest/config";

const source = "@tatamijs/source";

export default defineConfig({
  resolve: { conditions: [source] },
  ssr: { resolve: { conditions: [source], externalConditions: [source] } },
  test: {
    include: ["packages/*/src/**/*.test.ts", "apps/*/src/**/*.test.ts", "template/**/*.test.ts", "tests/**/*.test.ts"],
    environment: "node",
  },
});
