/** Opens the backends of the device that this worker runs on, and says what is known of each. */
import { open, type BackendName, type OpenedBackend } from "tatamijs";
import type { Device, Opened } from "./protocol.ts";
import { tickOf } from "./statistics.ts";

/** What the WASM and the WebGPU backend say of themselves. */
interface Info {
  readonly threads?: number;
  readonly notes?: readonly string[];
  readonly adapter?: string;
  readonly fallback?: boolean;
}

export function device(): Device {
  return { processors: navigator.hardwareConcurrency, isolated: crossOriginIsolated, tick: tickOf() };
}

/** Kept for as long as the worker lives. */
const kept = new Map<BackendName, OpenedBackend>();

/** Of a device that is lost. */
export const forget = (name: BackendName): void => void kept.delete(name);

export const known = (name: BackendName): OpenedBackend | undefined => kept.get(name);

/** `open` asks for known answers, and does not give a backend that gets one wrong. */
export async function opened(name: BackendName): Promise<Opened> {
  const begin = performance.now();
  try {
    const backend = await open(name);
    kept.set(name, backend);
    void backend.lost.then(() => forget(name));
    const { threads, notes = [], adapter, fallback = false } = (backend as { readonly info?: Info }).info ?? {};
    const ms = performance.now() - begin;
    return { name, here: true, variant: backend.traits.variant, ms, threads, adapter, fallback, notes };
  } catch (error) {
    return { name, here: false, why: reason(error) };
  }
}

/** The library's words for the one backend that was tried, without those around them. */
function reason(error: unknown): string {
  const rejected = (error as { readonly details?: { readonly rejected?: readonly { readonly why: string }[] } }).details
    ?.rejected;
  return rejected?.[0]?.why ?? (error instanceof Error ? error.message : String(error));
}
