import { webgpu } from "@tatamijs/backend-webgpu";
import type { Opening, Runner } from "../runner.ts";
import { runnerOf } from "./runner.ts";

/** tatami on its WebGPU backend. */
export const create = async ({ precision, profile }: Opening): Promise<Runner> => ({
  ...runnerOf(() => webgpu({ precision, profile })),
  async gpu() {
    const { device, info } = await webgpu();
    const name = [info.adapter, device.adapterInfo.description].filter((text) => text !== "").join(" / ");
    return { device, adapter: `${name}${info.fallback ? " (a processor)" : ""}` };
  },
});
