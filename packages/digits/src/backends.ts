/** The backends that digits may be read on. A new backend is one line here. */
import { cpu } from "@tatamijs/backend-cpu";
import { wasm } from "@tatamijs/backend-wasm";
import { webgpu } from "@tatamijs/backend-webgpu";
import { TatamiError, show } from "@tatamijs/core";
import type { Backend } from "@tatamijs/core/backend";

export interface BackendChoice {
  readonly name: string;
  /** `asked`: by name, so that a GPU that a processor plays will do. */
  open(asked: boolean): Promise<Backend>;
  /** Not every machine has it. */
  readonly mayLack?: true;
}

/** The one that the others are compared with comes first. */
export const backends: readonly BackendChoice[] = [
  { name: "cpu", open: async () => cpu() },
  { name: "wasm", open: () => wasm() },
  { name: "webgpu", open: (asked) => webgpu({ fallback: asked }), mayLack: true },
];

/** @throws TatamiError "argument" for a name that is none. */
export function backendNamed(name: string): BackendChoice {
  const found = backends.find((choice) => choice.name === name);
  if (found !== undefined) return found;
  const names = backends.map((choice) => choice.name).join(", ");
  throw new TatamiError("argument", `--backend is ${show(name)}; give one of ${names}`, { op: "backendNamed" });
}
