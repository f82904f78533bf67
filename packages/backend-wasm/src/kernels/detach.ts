import type { Prepare } from "@tatamijs/core/backend";
import type { WasmKernel } from "../kernel.ts";
import { moved } from "./reshape.ts";

export const detach: Prepare<"detach", WasmKernel> = () => moved;
