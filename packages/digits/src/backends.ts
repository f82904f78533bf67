/** The backends that digits may be read on. A new backend is one line here. */
import { cpu } from "@tatamijs/backend-cpu";
import { wasm } from "@tatamijs/backend-wasm";
import { TatamiError, show } from "@tatamijs/core";
import type { Backend } from "@tatamijs/core/backend";

export interface BackendChoice {
  readonly name: string;
  open(): Promise<Backend>;
}

/** The one that the others are compared with comes first. */
export const backends: readonly BackendChoice[] = [
  { name: "cpu", open: async () => cpu() },
  { name: "wasm", open: () => wasm() },
];

/** @throws TatamiError "argument" for a name that is none. */
export async function openBackend(name: string): Promise<Backend> {
  const found = backends.find((choice) => choice.name === name);
  if (found !== undefined) return found.open();
  const names = backends.map((choice) => choice.name).join(", ");
  throw new TatamiError("argument", `--backend is ${show(name)}; give one of ${names}`, { op: "openBackend" });
}
