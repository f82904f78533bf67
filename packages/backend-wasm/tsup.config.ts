import type { Options } from "tsup";
import { library } from "../../tsup.base.ts";

const config: Options = { ...library(["src/index.ts", "src/inline.ts"]), loader: { ".wasm": "base64" } };

export default config;
