import { library } from "../../tsup.base.ts";

export default library(["src/index.ts", "src/vitest.ts", "src/node-test.ts", "src/page.ts"]);
