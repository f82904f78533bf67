import { webgpu, type WebGpuBackend } from "@tatamijs/backend-webgpu";
import type { Opening, Runner } from "../runner.ts";
import { runnerOf } from "./runner.ts";

/** tatami on its WebGPU backend. Like the peers it has its first device before a task comes. */
export async function create({ precision, profile, tile }: Opening): Promise<Runner> {
  const open = (): Promise<WebGpuBackend> => webgpu({ precision, profile, tile });
  let early: WebGpuBackend | undefined = await open();
  return {
    ...runnerOf(() => {
      const backend = early ?? open();
      early = undefined;
      return backend;
    }),
    async gpu() {
      const { device, info } = await open();
      const name = [info.adapter, device.adapterInfo.description].filter((text) => text !== "").join(" / ");
      return { device, adapter: `${name}${info.fallback ? " (a processor)" : ""}` };
    },
  };
}
