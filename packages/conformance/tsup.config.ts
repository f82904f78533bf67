import type { Options } from "tsup";
import { library } from "../../tsup.base.ts";

const config: Options = library(["src/index.ts", "src/vitest.ts", "src/node-test.ts", "src/page.ts"]);

export default config;
