import { conformance } from "@tatamijs/conformance/vitest";
import { cpu } from "./cpu.ts";

conformance(() => cpu());
