/** tatami on any backend. */
import type { Backend, Kernel } from "@tatamijs/core/backend";
import type { Runner } from "../runner.ts";
import { prepareNetwork } from "./network.ts";
import { prepareOp } from "./op.ts";
import { prepareTraining } from "./training.ts";

/** A backend of any kernels and memory: the bench looks into neither. */
export type AnyBackend = Backend<Kernel, unknown>;

export function runnerOf(openBackend: () => unknown): Runner {
  const open = async (): Promise<AnyBackend> => (await openBackend()) as AnyBackend;
  const prepare = { op: prepareOp, network: prepareNetwork, train: prepareTraining };
  return {
    version: "source",
    async prepare(task) {
      const backend = await open();
      try {
        return await prepare[task.kind](task, backend);
      } catch (error) {
        await backend.close();
        throw error;
      }
    },
  };
}
