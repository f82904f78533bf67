/** A system as a page gets it: bundled and minified by esbuild, with the files of its own that it fetches. */
import { existsSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { System } from "./systems.ts";

const here = fileURLToPath(new URL(".", import.meta.url));
const onnxruntime = new URL("../peers/node_modules/onnxruntime-web/dist/", import.meta.url);
const folders = {
  "ort-web": onnxruntime,
  "ort-webgpu": onnxruntime,
  "tfjs-wasm": new URL("../peers/node_modules/@tensorflow/tfjs-backend-wasm/dist/", import.meta.url),
};
/** Our binaries and workers, where the sources' `new URL("../binaries/…", import.meta.url)` looks for them from /NAME/main.js. */
const own = {
  binaries: new URL("../../../packages/backend-wasm/binaries/", import.meta.url),
  workers: new URL("../../../packages/backend-wasm/workers/", import.meta.url),
};

/** Packages of the workspace as they are written, or as they are published; these must have been built. */
type Form = "written" | "published";

/** `source` is a module; from it `../peers` and the workspace are found. → file name → contents. */
export async function bundle(source: string, form: Form = "written"): Promise<Map<string, Uint8Array>> {
  const { outputFiles } = await build({
    stdin: { contents: source, resolveDir: here, loader: "ts", sourcefile: "main.ts" },
    bundle: true,
    minify: true,
    splitting: true,
    format: "esm",
    platform: "browser",
    mainFields: ["browser", "module", "main"],
    target: "es2023",
    conditions: ["onnxruntime-web-use-extern-wasm", ...(form === "written" ? ["@tatamijs/source"] : [])],
    outdir: "/out",
    entryNames: "main",
    write: false,
    logLevel: "error",
  });
  return new Map(outputFiles.map(({ path, contents }) => [basename(path), contents]));
}

/** The file of a system's own under `/files/NAME/`, or of ours under `/binaries/` and `/workers/`. */
export function ownFile(path: string): Uint8Array | undefined {
  const [, first, ...rest] = path.split("/");
  const folder = first === "files" ? folders[rest[0] as keyof typeof folders] : own[first as keyof typeof own];
  if (folder === undefined) return undefined;
  const name = rest.at(-1)!;
  const url = new URL(encodeURIComponent(name), folder);
  return existsSync(url) ? readFileSync(url) : undefined;
}

export const filesOf = (system: System): string => `/files/${system.name}/`;

export const moduleOf = (system: System): string => system.pageModule ?? system.module;
