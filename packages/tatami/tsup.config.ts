import type { Options } from "tsup";
import { library } from "../../tsup.base.ts";

// `#files` stays an import: whoever loads the package chooses between Node's files and none, by package.json's "imports".
const config: Options = { ...library(["src/index.ts", "src/files-node.ts", "src/files-page.ts"]), external: [/^#/] };

export default config;
