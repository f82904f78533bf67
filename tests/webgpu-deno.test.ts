// The WebGPU backend in Deno: some hundred cases of the kit, without a GPU on the SwiftShader that comes with Chromium.
import { expect, test } from "vitest";
import { findDeno, webgpuInDeno } from "./support/deno.ts";

test("in Deno, where there is one for this machine", async ({ skip }) => {
  if (findDeno() === undefined) skip("no Deno is published for this machine");
  const { info, passed, failures } = await webgpuInDeno({});
  expect(failures).toEqual([]);
  expect(passed).toBeGreaterThan(100);
  expect(info.messages).toEqual([]);
});
