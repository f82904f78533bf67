import { isFloat, type Prepare } from "@tatamijs/core/backend";
import { idle, type GpuKernel } from "../kernel.ts";
import { bits, perThread } from "../shader.ts";
import { storageOf } from "../values.ts";

export const crossEntropy: Prepare<"crossEntropy", GpuKernel> = ({
  attrs: { smoothing },
  inputs: [logits, targets],
  output,
}) => {
  const [rows, classes] = logits!.shape as unknown as readonly [number, number];
  if (rows === 0) return idle;
  const choice = !isFloat(targets!.dtype);
  const of = storageOf(output.dtype);
  const total = `  let start = i * u.classes;
  var most = f32(x[start]);
  for (var k = 1u; k < u.classes; k++) { most = larger(most, f32(x[start + k])); }
  var sum = 0.0;
  for (var k = 0u; k < u.classes; k++) { sum += exponential(f32(x[start + k]) - most); }
  let total = most + logarithm(sum);
  let spread = bitcast<f32>(u.spread);
  var loss = 0.0;`;
  const one = `  let own = u32(t[i]);
  if (own >= u.classes) { y[i] = ${of}(0.0); return; }
${total}
  loss = (f32(x[start + own]) - total) * bitcast<f32>(u.certain);
  if (spread != 0.0) { for (var k = 0u; k < u.classes; k++) { loss += (f32(x[start + k]) - total) * spread; } }`;
  const all = `${total}
  for (var k = 0u; k < u.classes; k++) {
    loss += (f32(t[start + k]) * bitcast<f32>(u.certain) + spread) * (f32(x[start + k]) - total);
  }`;
  return {
    variant: "a thread for each row",
    dispatches: ({ inputs: [x, t], output: to }) => [
      perThread({
        label: "crossEntropy",
        threads: rows,
        uniforms: { classes, certain: bits(1 - smoothing), spread: bits(smoothing / classes) },
        bindings: [
          { name: "x", of: storageOf(logits!.dtype), part: x! },
          { name: "t", of: storageOf(targets!.dtype), part: t! },
          { name: "y", of, part: to, write: true },
        ],
        uses: ["larger", "exponential", "logarithm"],
        body: `${choice ? one : all}
  y[i] = ${of}(-loss);`,
      }),
    ],
  };
};
