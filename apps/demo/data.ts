/**
 * `data/` of the site belongs to whoever hosts it. `data/index.json` says what is there: MNIST's four files, packed or not,
 * if they lay in `apps/demo/public/data` when the site was built. So the page never asks for a file that is not there.
 */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vite";

function index(folder: string): string {
  const names = existsSync(folder) ? readdirSync(folder).sort() : [];
  return JSON.stringify({
    mnist: names.filter((name) => /^(train|t10k)-(images|labels)-idx\d-ubyte(\.gz)?$/.test(name)),
  });
}

/** Writes `data/index.json` beside the built site, and serves it in development. */
export function data(): Plugin {
  let [source, built] = ["", ""];
  return {
    name: "tatami-data",
    configResolved({ root, publicDir, build }) {
      source = join(publicDir, "data");
      built = join(root, build.outDir, "data");
    },
    configureServer({ middlewares }) {
      middlewares.use("/data/index.json", (_, response) => {
        response.setHeader("content-type", "application/json").end(index(source));
      });
    },
    writeBundle() {
      mkdirSync(built, { recursive: true });
      writeFileSync(join(built, "index.json"), index(built));
    },
  };
}
