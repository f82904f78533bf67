import { conformance } from "@tatamijs/conformance/vitest";
import { wasm } from "./wasm.ts";

conformance({
  "relaxed, 2 threads": () => wasm({ build: "relaxed", threads: 2 }),
  "simd, 1 thread": () => wasm({ build: "simd", threads: 1 }),
});
