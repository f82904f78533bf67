import { conformance } from "@tatamijs/conformance/vitest";
import { webgpu } from "./webgpu.ts";

// In Node, on Dawn. Without a GPU that is SwiftShader, which comes with Chromium.
conformance({
  direct: () => webgpu({ profile: "direct" }),
  gpu: () => webgpu({ profile: "gpu" }),
});
