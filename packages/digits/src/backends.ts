/** The backends that digits may be read on. A new backend is one line here. */
import { cpu } from "@tatamijs/backend-cpu";
import { wasm } from "@tatamijs/backend-wasm";
import { webgpu, type WebGpuBackend } from "@tatamijs/backend-webgpu";
import { TatamiError, show } from "@tatamijs/core";
import type { Backend } from "@tatamijs/core/backend";

export interface BackendChoice {
  readonly name: string;
  /** `asked`: by name, so that a GPU that a processor plays will do. */
  open(asked: boolean): Promise<Backend>;
  /** Not every machine has it. */
  readonly mayLack?: true;
  /** Is it a processor that plays a GPU? Then a part of the pictures is enough. */
  played?(backend: Backend): boolean;
}

/** The one that the others are compared with comes first. */
export const backends: readonly BackendChoice[] = [
  { name: "cpu", open: async () => cpu() },
  { name: "wasm", open: () => wasm() },
  {
    name: "webgpu",
    open: (asked) => webgpu({ fallback: asked }),
    mayLack: true,
    played: (backend) => (backend as WebGpuBackend).info.fallback,
  },
];

/** @throws TatamiError "argument" for a name that is none. */
export function backendNamed(name: string): BackendChoice {
  const found = backends.find((choice) => choice.name === name);
  if (found !== undefined) return found;
  const names = backends.map((choice) => choice.name).join(", ");
  throw new TatamiError("argument", `--backend is ${show(name)}; give one of ${names}`, { op: "backendNamed" });
}
