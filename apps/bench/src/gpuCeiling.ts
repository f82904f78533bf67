/**
 * A GPU's ceiling: eight accumulators a thread in a bare loop of acc = acc · a + b, nothing loaded, one number stored. As many
 * turns as take 40 ms, so that handing it over and waiting for it do not count.
 */
import type { Ceiling } from "./f32x4.ts";

const accumulators = 8;
const unrolled = 16;
const groups = 4096;
const threads = 64;
const wanted = 40;

function text(): string {
  const each = (f: (k: number) => string): string => Array.from({ length: accumulators }, (_, k) => f(k)).join(" ");
  const step = each((k) => `c${k} = fma(c${k}, u.a, u.b);`);
  return `struct Given { a: f32, b: f32, turns: u32 }
@group(0) @binding(0) var<uniform> u: Given;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
@compute @workgroup_size(${threads})
fn main(@builtin(global_invocation_id) id: vec3u) {
  ${each((k) => `var c${k} = u.b * f32(id.x + ${k}u);`)}
  for (var turn = 0u; turn < u.turns; turn++) {
    ${Array.from({ length: unrolled }, () => step).join("\n    ")}
  }
  y[id.x] = ${Array.from({ length: accumulators }, (_, k) => `c${k}`).join(" + ")};
}`;
}

/** @param device - lives on: it is asked for the ceiling before and after each workload. */
export async function gpuCeiling(device: GPUDevice): Promise<Ceiling> {
  const [UNIFORM, STORAGE, COPY_DST] = [64, 128, 8];
  const given = device.createBuffer({ size: 16, usage: UNIFORM | COPY_DST });
  const y = device.createBuffer({ size: 4 * groups * threads, usage: STORAGE });
  const module = device.createShaderModule({ code: text() });
  const pipeline = await device.createComputePipelineAsync({ layout: "auto", compute: { module, entryPoint: "main" } });
  const group = device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: [given, y].map((buffer, binding) => ({ binding, resource: { buffer } })),
  });
  const run = (): Promise<unknown> => {
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    pass.dispatchWorkgroups(groups);
    pass.end();
    device.queue.submit([encoder.finish()]);
    return device.queue.onSubmittedWorkDone();
  };
  for (let turns = 1; ; turns *= 2) {
    device.queue.writeBuffer(given, 0, Float32Array.of(0.75, 0.5));
    device.queue.writeBuffer(given, 8, Uint32Array.of(turns));
    await run();
    const start = performance.now();
    await run();
    if (performance.now() - start > wanted)
      return { flops: 2 * accumulators * unrolled * turns * groups * threads, run };
  }
}
