import { webgpu } from "@tatamijs/backend-webgpu";
import type { Opening, Runner } from "../runner.ts";
import { runnerOf } from "./runner.ts";

/** tatami on its WebGPU backend. */
export const create = async ({ precision, profile }: Opening): Promise<Runner> =>
  runnerOf(() => webgpu({ precision, profile }));
