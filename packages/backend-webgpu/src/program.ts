/** From steps with addresses to commands: pipelines, bind groups and uniforms are made here, so that a run makes nothing. */
import { TatamiError, type Linked, type Slice, type Step } from "@tatamijs/core/backend";
import { usage } from "./flags.ts";
import { ceilTo, type Dispatch, type GpuKernel, type Io, type Operand, type Part } from "./kernel.ts";
import type { Pipelines } from "./pipelines.ts";
import type { Command } from "./queue.ts";

/** A buffer that holds values. */
export interface Memory {
  readonly buffer: GPUBuffer;
  readonly bytes: number;
}

/** What the linker needs of the backend. */
export interface Machine {
  readonly device: GPUDevice;
  readonly pipelines: Pipelines;
  run(commands: readonly Command[]): void;
  /** Makes a buffer, filled. */
  filled(words: Uint32Array<ArrayBuffer>, use: number, label: string): GPUBuffer;
  /** When nothing that was encoded needs it any more. */
  destroy(buffer: GPUBuffer): void;
  /** `work` in error scopes. @throws TatamiError `out-of-memory`, `internal`, `device-lost`. */
  guarded<T>(what: string, work: () => T | Promise<T>): Promise<T>;
}

/** Offsets of uniform bindings are multiples of it. */
const uniformAlignment = 256;

export async function linkProgram(steps: readonly Step<GpuKernel, Memory>[], machine: Machine): Promise<Linked> {
  const { commands, drop } = await commandsOf(machine, "link", (table) => dispatchesOf(steps, table));
  return { run: () => machine.run(commands), close: drop };
}

/** Commands, and what ends the buffers that they hold. */
export interface Commands {
  readonly commands: readonly Command[];
  drop(): void;
}

/** `make` is given the tables of kernels, which live as long as the commands. Nothing is left where it rejects. */
export async function commandsOf(
  machine: Machine,
  what: string,
  make: (table: Io["table"]) => readonly Dispatch[],
): Promise<Commands> {
  const held: GPUBuffer[] = [];
  const drop = (): void => {
    for (const buffer of held.splice(0)) machine.destroy(buffer);
  };
  const tables = new Map<string, Part>();
  const table: Io["table"] = (key, words) => {
    let known = tables.get(key);
    if (known === undefined) {
      const made = words();
      const buffer = machine.filled(made, usage.storage | usage.copyTarget, "table");
      held.push(buffer);
      known = { buffer, offset: 0, bytes: Math.max(16, made.byteLength) };
      tables.set(key, known);
    }
    return known;
  };
  try {
    const { dispatches, uniforms, offsets, pipelines } = await machine.guarded(what, async () => {
      const made = make(table);
      const { words, offsets: places } = packed(made.map((dispatch) => dispatch.uniforms));
      const buffer = machine.filled(words, usage.uniform | usage.copyTarget, "uniforms");
      held.push(buffer);
      const ready = await Promise.all(made.map(({ shader }) => machine.pipelines.pipeline(shader)));
      return { dispatches: made, uniforms: buffer, offsets: places, pipelines: ready };
    });
    // Scopes end with the turn. By now all buffers are good ones, or this is not reached.
    const commands = await machine.guarded(what, () =>
      dispatches.map(({ shader, parts, uniforms: own, groups }, k): Command => ({
        pipeline: pipelines[k]!,
        group: machine.device.createBindGroup({
          layout: machine.pipelines.layout(shader.writes),
          entries: [
            { binding: 0, resource: { buffer: uniforms, offset: offsets[k]!, size: ceilTo(own.byteLength, 16) } },
            ...parts.map(({ buffer, offset, bytes }, b) => ({
              binding: b + 1,
              resource: { buffer, offset, size: ceilTo(bytes, 4) },
            })),
          ],
        }),
        groups,
      })),
    );
    return { commands, drop };
  } catch (error) {
    drop();
    throw error;
  }
}

function dispatchesOf(steps: readonly Step<GpuKernel, Memory>[], table: Io["table"]): Dispatch[] {
  return steps.flatMap(({ kernel, inputs, output, scratch: whole }) =>
    kernel.dispatches({
      inputs: inputs.map(operandOf),
      output: operandOf(output),
      scratch(at, bytes) {
        if (whole === undefined || at + bytes > whole.bytes)
          throw new TatamiError("internal", `${kernel.variant} asks for more scratch than it announced`, {
            op: "webgpu",
          });
        return { buffer: whole.memory.buffer, offset: whole.offset + at, bytes };
      },
      table,
    }),
  );
}

function operandOf({ memory, offset, bytes, spec }: Slice<Memory>): Operand {
  return { buffer: memory.buffer, offset, bytes, spec };
}

/** Uniforms one behind the other, equal ones once. */
function packed(all: readonly Uint32Array[]): { words: Uint32Array<ArrayBuffer>; offsets: number[] } {
  const places = new Map<string, number>();
  const offsets: number[] = [];
  let size = 0;
  for (const own of all) {
    const key = own.join();
    let at = places.get(key);
    if (at === undefined) {
      at = size;
      places.set(key, at);
      size += ceilTo(Math.max(own.byteLength, 16), uniformAlignment);
    }
    offsets.push(at);
  }
  const words = new Uint32Array(size / 4);
  all.forEach((own, k) => words.set(own, offsets[k]! / 4));
  return { words, offsets };
}
