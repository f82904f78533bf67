/** Finds an adapter and asks it for a device with all that it has. */
import { TatamiError } from "@tatamijs/core/backend";

export interface Wanted {
  readonly gpu: GPU | undefined;
  readonly powerPreference: GPUPowerPreference | undefined;
  /** Whether a processor that plays a GPU will do. */
  readonly fallback: boolean;
  readonly f16: boolean;
  readonly subgroups: boolean;
}

export interface Found {
  readonly device: GPUDevice;
  /** As the adapter calls itself: `nvidia / ada`. */
  readonly adapter: string;
  /** A processor that plays a GPU: right, and slow. */
  readonly fallback: boolean;
  /** Threads of the least and of the largest subgroup; 1 where they are not to be used. */
  readonly subgroup: readonly [least: number, most: number];
  /** The door that it came from; the device lives no longer than it. */
  readonly gpu: GPU;
}

/** @throws TatamiError `backend` where there is no WebGPU, no adapter, or no device. */
export async function findDevice({ gpu, powerPreference, fallback, f16, subgroups }: Wanted): Promise<Found> {
  const door = gpu ?? globalThis.navigator?.gpu ?? (await dawn());
  const adapter = await door.requestAdapter(powerPreference === undefined ? {} : { powerPreference });
  if (adapter === null) {
    throw new TatamiError(
      "backend",
      "WebGPU is here, but it finds no adapter (no GPU, a blocked driver, or a device that was lost too often); use wasm()",
      { op: "webgpu" },
    );
  }
  if (adapter.info.isFallbackAdapter && !fallback) {
    throw new TatamiError(
      "backend",
      `the only adapter is ${nameOf(adapter)}, a processor that plays a GPU, where wasm() is many times faster; ask for webgpu by name to have it all the same`,
      { op: "webgpu" },
    );
  }
  if (f16 && !adapter.features.has("shader-f16")) {
    throw new TatamiError("backend", "f16 was asked for, and this adapter has no shader-f16; leave f16 out", {
      op: "webgpu",
    });
  }
  const { limits, info } = adapter;
  const shares = subgroups && adapter.features.has("subgroups");
  // Without it tiles are measured by the host's clock.
  const clock = adapter.features.has("timestamp-query");
  try {
    const device = await adapter.requestDevice({
      label: "tatami",
      requiredFeatures: [
        ...(f16 ? ["shader-f16" as const] : []),
        ...(shares ? ["subgroups" as const] : []),
        ...(clock ? ["timestamp-query" as const] : []),
      ],
      requiredLimits: {
        maxBufferSize: limits.maxBufferSize,
        maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
        maxStorageBuffersPerShaderStage: limits.maxStorageBuffersPerShaderStage,
        maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
        maxComputeInvocationsPerWorkgroup: limits.maxComputeInvocationsPerWorkgroup,
      },
    });
    return {
      device,
      adapter: nameOf(adapter),
      fallback: info.isFallbackAdapter,
      subgroup: shares ? [info.subgroupMinSize, info.subgroupMaxSize] : [1, 1],
      gpu: door,
    };
  } catch (cause) {
    throw new TatamiError(
      "backend",
      `the adapter gives no device: ${cause instanceof Error ? cause.message : String(cause)}`,
      { op: "webgpu", cause },
    );
  }
}

/** wgpu has a number for the vendor and says the rest in its description. */
function nameOf({ info }: GPUAdapter): string {
  if (/^\d+$/.test(info.vendor) && info.description !== "") return info.description;
  return [info.vendor, info.architecture].filter((text) => text !== "").join(" / ") || "an unnamed adapter";
}

/** Node has no WebGPU of its own; the npm package `webgpu` brings Dawn. A bundler is not to look for it. */
async function dawn(): Promise<GPU> {
  if (!("process" in globalThis))
    throw new TatamiError("backend", "this browser has no WebGPU (navigator.gpu); use wasm()", { op: "webgpu" });
  const name = "webgpu";
  try {
    const { create } = (await import(/* @vite-ignore */ /* webpackIgnore: true */ name)) as {
      create(flags: readonly string[]): GPU;
    };
    return create([]);
  } catch (cause) {
    throw new TatamiError(
      "backend",
      "Node has no WebGPU of its own; install the npm package webgpu (Dawn), or use wasm()",
      { op: "webgpu", cause },
    );
  }
}
