import { build, type Plugin } from "esbuild";
import type { Options } from "tsup";
import { library } from "../../tsup.base.ts";

/**
 * `rest` stands alone, with its own copies of what it has in common with `here`. As parts of one build they would share a third
 * file, which a page hears of only once it has `here`, and waits for before its first answer; `rest` is seldom asked for.
 * But `values` they share, as all do: bundlers put it with core then, and else make a file of it.
 */
const beside = (name: string): Plugin => ({
  name: `${name} beside`,
  setup({ onResolve }) {
    onResolve({ filter: new RegExp(`/${name}\\.ts$`) }, ({ kind }) =>
      kind === "entry-point" ? undefined : { path: `./${name}.js`, external: true },
    );
  },
});

const config: Options = {
  ...library(["src/index.ts", "src/inline.ts", "src/values.ts"]),
  loader: { ".wasm": "base64" },
  esbuildPlugins: [beside("rest")],
  async onSuccess() {
    await build({
      absWorkingDir: import.meta.dirname,
      entryPoints: ["src/rest.ts"],
      outdir: "dist",
      bundle: true,
      packages: "external",
      plugins: [beside("values")],
      format: "esm",
      target: "es2023",
      sourcemap: true,
    });
  },
};

export default config;
