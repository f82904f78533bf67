import { mix, sizeOf, type Prepare } from "@tatamijs/core/backend";
import { idle, type GpuKernel } from "../kernel.ts";
import { perThread } from "../shader.ts";

/** The counter hash of core's `mix` (a 32-bit finaliser), bit for bit. */
const hash = `fn mixed(x: u32) -> u32 {
  var h = x;
  h = (h ^ (h >> 16u)) * 0x21f0aaadu;
  h = (h ^ (h >> 15u)) * 0x735a2d97u;
  return h ^ (h >> 15u);
}`;

export const random: Prepare<"random", GpuKernel> = ({ attrs: { seed, stream }, output }) => {
  const threads = sizeOf(output.shape);
  if (threads === 0) return idle;
  const start = mix((mix((seed + 0x9e3779b9) | 0) + stream) | 0);
  return {
    variant: "a thread each",
    dispatches: ({ inputs: [counter], output: to }) => [
      perThread({
        label: "random",
        threads,
        uniforms: { start },
        bindings: [
          { name: "counter", of: "u32", part: counter! },
          { name: "y", of: "f32", part: to, write: true },
        ],
        before: hash,
        body: `  let key = mixed(u.start + counter[0]);
  y[i] = f32(mixed(key ^ mixed(i + 0x9e3779b9u)) >> 8u) * 5.9604644775390625e-8;`,
      }),
    ],
  };
};
