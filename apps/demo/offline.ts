// The service worker, written when the site is built: it knows every file of this build by name, and keeps them all.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vite";

/** Puts `sw.js` beside the built site. Files under `data/` are the host's own, and stay out of the cache. */
export function offline(): Plugin {
  let folder = "dist";
  return {
    name: "tatami-offline",
    apply: "build",
    configResolved(config) {
      folder = join(config.root, config.build.outDir);
    },
    closeBundle() {
      const files = readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && entry.name !== "sw.js")
        .map((entry) =>
          join(entry.parentPath, entry.name)
            .slice(folder.length + 1)
            .replaceAll("\\", "/"),
        )
        .filter((name) => !name.startsWith("data/"))
        .sort();
      const hash = createHash("sha256");
      for (const file of files) hash.update(file).update(readFileSync(join(folder, file)));
      const source = readFileSync(join(import.meta.dirname, "src/sw.js"), "utf8");
      writeFileSync(
        join(folder, "sw.js"),
        `const version = "${hash.digest("hex").slice(0, 16)}";\nconst files = ${JSON.stringify(files)};\n${source}`,
      );
    },
  };
}
