import { decline, type Prepare } from "@tatamijs/core/backend";
import { chainKernel } from "../elementwise/kernel.ts";
import { tooLong } from "../elementwise/chain.ts";
import type { WasmKernel } from "../kernel.ts";

export const map: Prepare<"map", WasmKernel> = ({ attrs: { steps }, inputs, output }) => {
  const reason = tooLong({ inputs, steps });
  return reason === undefined ? chainKernel({ inputs, steps, output }) : decline(reason);
};
