// The WebGPU backend in Deno: some hundred cases of the kit, without a GPU on the SwiftShader that comes with Chromium.
import { expect, test } from "vitest";
import { findDeno, webgpuInDeno } from "./support/deno.ts";

test.skipIf(findDeno() === undefined)("in Deno, where there is one for this machine", async () => {
  const { info, passed, failures } = await webgpuInDeno({});
  expect(failures).toEqual([]);
  expect(passed).toBeGreaterThan(100);
  expect(info.messages).toEqual([]);
});
