import type { Options } from "tsup";
import { library } from "../../tsup.base.ts";

// Which of the two files stands behind #files is decided where the package is used, by package.json's "imports".
const config: Options = library(["src/index.ts", "src/files-node.ts", "src/files-page.ts"], ["#files"]);

export default config;
