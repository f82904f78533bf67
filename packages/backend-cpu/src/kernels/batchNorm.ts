import type { Prepare } from "@tatamijs/core/backend";
import { instruction } from "../elementwise/functions.ts";
import { elementwise } from "../elementwise/machine.ts";
import { f32, f32Bytes, f32Part, type CpuKernel } from "../kernel.ts";
import { throughF32 } from "../throughF32.ts";

/** (x − mean)·scale + β, the scale γ/√(variance + ε) worked out once per channel. */
export const batchNorm: Prepare<"batchNorm", CpuKernel> = (call) =>
  throughF32(call, ({ attrs: { axis, epsilon }, inputs: [x], output }) => {
    const channels = x!.shape[axis]!;
    const vector = { shape: x!.shape.map((_, i) => (i === axis ? channels : 1)), dtype: "f32" } as const;
    const pass = elementwise(
      [x!, vector, vector, vector],
      output,
      [
        { run: instruction("sub", "f32"), to: 0, a: 0, b: 1 },
        { run: instruction("mul", "f32"), to: 0, a: 0, b: 2 },
        { run: instruction("add", "f32"), to: 0, a: 0, b: 3 },
      ],
      0,
    );
    return {
      scratch: f32Bytes(channels),
      inPlace: [0],
      bind({ inputs: [from, mean, variance, gamma, beta], output: out, scratch }) {
        const scale = f32Part(scratch, 0, channels);
        const run = pass.bind({ inputs: [from!, mean!, scale, beta!], output: out, scratch });
        const v = f32(variance!);
        const g = f32(gamma!);
        return () => {
          for (let c = 0; c < channels; c++) scale[c] = g[c]! / Math.sqrt(v[c]! + epsilon);
          run();
        };
      },
    };
  });
