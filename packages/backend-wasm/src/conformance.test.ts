import { conformance } from "@tatamijs/conformance/vitest";
import { wasm } from "./wasm.ts";

conformance({ relaxed: () => wasm({ build: "relaxed" }), simd: () => wasm({ build: "simd" }) });
