/** Products of two matrices, either read turned. Batches are declined. */
import type { Call, Declined } from "@tatamijs/core";
import { decline } from "@tatamijs/core/backend";
import type { Run } from "../kernel.ts";
import { viewOf } from "../memory.ts";

export function matmul({ attrs: { ta, tb }, inputs: [a, b], output }: Call<"matmul">): Run | Declined {
  if (output.shape.length !== 2) return decline("batches of matrices are not here yet");
  if (output.dtype !== "f32") return decline("matmul takes f32 only");
  const [m, n] = output.shape as readonly [number, number];
  const inner = a!.shape[ta ? 0 : 1]!;
  // How far it is to the next row and column of the operand as it is read.
  const [aRow, aColumn] = ta ? [1, a!.shape[1]!] : [a!.shape[1]!, 1];
  const [bRow, bColumn] = tb ? [1, b!.shape[1]!] : [b!.shape[1]!, 1];
  return {
    name: `loops of ${m} × ${inner} × ${n}`,
    run({ inputs: [left, right], output: to }) {
      const [p, q, y] = [viewOf(left!), viewOf(right!), viewOf(to)];
      for (let i = 0; i < m; i++)
        for (let j = 0; j < n; j++) {
          let sum = 0;
          for (let k = 0; k < inner; k++) sum += p[i * aRow + k * aColumn]! * q[k * bRow + j * bColumn]!;
          y[i * n + j] = sum;
        }
    },
  };
}
