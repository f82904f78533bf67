/** One pipeline per WGSL text, made once per device. */
import { TatamiError } from "@tatamijs/core/backend";
import type { Shader } from "./kernel.ts";

/** GPUShaderStage.COMPUTE; not every runtime has the name as a global. */
const compute = 4;

export class Pipelines {
  readonly #device: GPUDevice;
  readonly #made = new Map<string, Promise<GPUComputePipeline>>();
  readonly #layouts = new Map<string, GPUBindGroupLayout>();
  /** What compilers said of our texts; none is expected. */
  readonly messages: string[] = [];

  constructor(device: GPUDevice) {
    this.#device = device;
  }

  get size(): number {
    return this.#made.size;
  }

  layout(writes: readonly boolean[]): GPUBindGroupLayout {
    const key = writes.map((write) => (write ? "w" : "r")).join("");
    let layout = this.#layouts.get(key);
    if (layout === undefined) {
      layout = this.#device.createBindGroupLayout({
        entries: [
          { binding: 0, visibility: compute, buffer: { type: "uniform" } },
          ...writes.map((write, k): GPUBindGroupLayoutEntry => ({
            binding: k + 1,
            visibility: compute,
            buffer: { type: write ? "storage" : "read-only-storage" },
          })),
        ],
      });
      this.#layouts.set(key, layout);
    }
    return layout;
  }

  /** @throws TatamiError `internal` for a text that the device's compiler refuses (rejects). */
  pipeline(shader: Shader): Promise<GPUComputePipeline> {
    const known = this.#made.get(shader.code);
    if (known !== undefined) return known;
    const made = this.#make(shader);
    this.#made.set(shader.code, made);
    // What failed once (memory, a lost device) may be tried again.
    made.catch(() => this.#made.delete(shader.code));
    return made;
  }

  async #make({ label, code, writes }: Shader): Promise<GPUComputePipeline> {
    const module = this.#device.createShaderModule({ label, code });
    const info = module.getCompilationInfo();
    try {
      const pipeline = await this.#device.createComputePipelineAsync({
        label,
        layout: this.#device.createPipelineLayout({ bindGroupLayouts: [this.layout(writes)] }),
        compute: { module, entryPoint: "main" },
      });
      this.#note(label, await info);
      return pipeline;
    } catch (cause) {
      this.#note(label, await info.catch(() => undefined));
      throw new TatamiError(
        "internal",
        `the shader ${label} was refused: ${cause instanceof Error ? cause.message : String(cause)}`,
        { op: "webgpu", cause, details: { code } },
      );
    }
  }

  #note(label: string, info: GPUCompilationInfo | undefined): void {
    for (const { type, message, lineNum } of info?.messages ?? [])
      this.messages.push(`${label}:${lineNum} ${type}: ${message}`);
  }
}
