import { isFloat, type Prepare } from "@tatamijs/core/backend";
import { float, isEmpty, unitsOf, type WasmKernel } from "../kernel.ts";
import { claim } from "./softmax.ts";

export const crossEntropy: Prepare<"crossEntropy", WasmKernel> = ({
  attrs: { smoothing },
  inputs: [logits, targets],
}) => {
  const [rows, classes] = logits!.shape as unknown as readonly [number, number];
  const given = isFloat(targets!.dtype);
  return {
    variant: given ? "probabilities" : "classes",
    phases({ inputs: [x, t], output }) {
      if (isEmpty(logits!)) return [];
      const smooth = [float(1 - smoothing), float(smoothing / classes)];
      return [
        {
          code: "crossEntropy",
          units: rows,
          grain: unitsOf(claim, classes, claim),
          args: [x!.at, t!.at, output.at, classes, ...smooth, given ? 1 : 0],
        },
      ];
    },
  };
};
