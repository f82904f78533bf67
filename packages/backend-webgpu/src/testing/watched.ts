/** A door to WebGPU whose devices are watched: each call of the API is told before it is made, and buffers are counted. */
import { create } from "webgpu";

export interface Watch {
  /** Before each call, `createBuffer`, `queue.submit`, `dispatchWorkgroups`, … of the devices that came from here. */
  call?: ((name: string, device: GPUDevice) => void) | undefined;
  /** True refuses the buffer: what a full GPU does. */
  refuse?: ((label: string | undefined) => boolean) | undefined;
  /** Made and not destroyed, in bytes and in number. */
  readonly buffers: Map<GPUBuffer, number>;
  calls: number;
}

export interface Watched {
  readonly gpu: GPU;
  readonly watch: Watch;
}

// Devices live no longer than their door.
const doors: GPU[] = [];
let real: GPU | undefined;

class GPUOutOfMemoryError {
  readonly message = "refused by the test";
}

export function watchedGpu(): Watched {
  real ??= create([]);
  doors.push(real);
  const watch: Watch = { buffers: new Map(), calls: 0 };
  const gpu = {
    async requestAdapter(options?: GPURequestAdapterOptions) {
      const adapter = await real!.requestAdapter(options);
      if (adapter === null) return null;
      const requestDevice = adapter.requestDevice.bind(adapter);
      adapter.requestDevice = async (wanted) => observed(await requestDevice(wanted), watch);
      return adapter;
    },
  };
  return { gpu: gpu as unknown as GPU, watch };
}

type Method = (...args: unknown[]) => unknown;

function observed(device: GPUDevice, watch: Watch): GPUDevice {
  /** The object tells of its calls from now on; `after` sees what they give. */
  const tell = (object: object, prefix: string, after: Readonly<Record<string, (made: never) => void>> = {}): void => {
    for (const name of methodsOf(object)) {
      const method = ((object as Record<string, Method>)[name] as Method).bind(object);
      Object.defineProperty(object, name, {
        configurable: true,
        writable: true,
        value: (...args: unknown[]) => {
          watch.calls++;
          watch.call?.(prefix + name, device);
          const made = method(...args);
          after[name]?.(made as never);
          return made;
        },
      });
    }
  };
  tell(device.queue, "queue.");
  const destroy = device.destroy.bind(device);
  tell(device, "", {
    createCommandEncoder: (encoder: GPUCommandEncoder) =>
      tell(encoder, "encoder.", { beginComputePass: (pass: GPUComputePassEncoder) => tell(pass, "pass.") }),
  });
  // A test destroys a device without telling itself.
  device.destroy = destroy;
  refusing(device, watch, tell);
  return device;
}

/** Counts buffers, and refuses them as the API does: by an error in the scope around, and a buffer that is no good. */
function refusing(device: GPUDevice, watch: Watch, tell: (object: object, prefix: string) => void): void {
  const scopes: { readonly filter: string; refused: boolean }[] = [];
  const [push, pop, createBuffer] = [
    device.pushErrorScope.bind(device),
    device.popErrorScope.bind(device),
    device.createBuffer.bind(device),
  ];
  device.pushErrorScope = (filter) => {
    scopes.push({ filter, refused: false });
    push(filter);
  };
  device.popErrorScope = async () => {
    const scope = scopes.pop();
    const error = await pop();
    return scope?.refused === true ? new GPUOutOfMemoryError() : error;
  };
  device.createBuffer = (descriptor) => {
    const refused = watch.refuse?.(descriptor.label) === true;
    const buffer = createBuffer(descriptor);
    watch.buffers.set(buffer, descriptor.size);
    tell(buffer, "buffer.");
    const destroy = buffer.destroy.bind(buffer);
    buffer.destroy = () => {
      watch.buffers.delete(buffer);
      destroy();
    };
    if (refused) {
      const scope = scopes.findLast(({ filter }) => filter === "out-of-memory");
      if (scope === undefined) throw new Error("a buffer was made outside of any error scope");
      scope.refused = true;
    }
    return buffer;
  };
}

function methodsOf(object: object): string[] {
  const names: string[] = [];
  for (let on: object | null = Object.getPrototypeOf(object) as object; on !== null && on !== Object.prototype;) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(on)))
      if (typeof value === "function" && name !== "constructor" && !/EventListener|dispatchEvent/.test(name))
        names.push(name);
    on = Object.getPrototypeOf(on) as object | null;
  }
  return [...new Set(names)];
}
