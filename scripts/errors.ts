// Writes docs/errors.md: `pnpm errors`.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { page, written } from "./errors/page.ts";
import { thrown } from "./errors/run.ts";
import { root } from "./steps.ts";

writeFileSync(join(root, page), written(thrown()));
