import type { Options } from "tsup";
import { library } from "../../tsup.base.ts";

const config: Options = library(["src/index.ts", "src/backend.ts", "src/explain.ts", "src/ja.ts"]);

export default config;
