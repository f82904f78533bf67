import { conformance } from "@tatamijs/conformance/vitest";
import { expect, test } from "vitest";
import { webgpu, type WebGpuBackend, type WebGpuOptions } from "./webgpu.ts";

const opened: WebGpuBackend[] = [];
const open = (options: WebGpuOptions) => async (): Promise<WebGpuBackend> => {
  const backend = await webgpu(options);
  opened.push(backend);
  return backend;
};

// In Node, on Dawn. Without a GPU that is SwiftShader, which comes with Chromium.
conformance({
  direct: open({ profile: "direct" }),
  gpu: open({ profile: "gpu" }),
});

test("no compiler had anything to remark on any of the shaders", () => {
  expect(opened.length).toBeGreaterThan(0);
  expect(opened.flatMap(({ info }) => info.messages)).toEqual([]);
});
