/**
 * A backend to copy: the smallest one that the conformance kit passes. It computes with plain loops over ArrayBuffers and
 * has three kernels; everything else it declines, in one place, with a reason that users read.
 *
 * Order of work: rename it; make `memory.ts` and `index.ts` speak of your device; then add kernels one by one, each in a
 * file named after its op, and look at `npx vitest template` after each.
 */
import type { Backend, Loss } from "@tatamijs/core";
import { kernelTable, typedArray } from "@tatamijs/core/backend";
import type { Run } from "./kernel.ts";
import { binary } from "./kernels/binary.ts";
import { matmul } from "./kernels/matmul.ts";
import { unary } from "./kernels/unary.ts";
import { bytesOf, elementsOf, viewOf } from "./memory.ts";

/** Opens the backend. One that asks a device for something returns a promise. */
export function template(): Backend<Run, ArrayBuffer> {
  return {
    name: "template",
    traits: {
      variant: "plain loops",
      dtypes: ["f32", "i32", "u8", "bool"],
      alignment: 4,
      sharesBlock: true,
      maxBytes: 2 ** 30,
      inFlight: 1,
    },
    // What is not named here is declined: "no kernel for conv2d".
    kernels: kernelTable<Run>({ unary, binary, matmul }),
    bytes: bytesOf,
    // Values lie row-major without padding, so any reshape of the same elements may keep its address.
    aliases: () => true,
    alloc: (bytes) => new ArrayBuffer(bytes),
    free: () => undefined,
    write: (to, data) => viewOf(to).set(data),
    async read(from, into) {
      const seen = viewOf(from);
      const values = into ?? typedArray(from.spec.dtype, elementsOf(from.spec));
      values.set(seen);
      return values;
    },
    // A device would make its command lists here; a run must allocate nothing.
    link: (steps) => ({
      run() {
        for (const step of steps) step.kernel.run(step);
      },
      close: () => undefined,
    }),
    settle: async () => undefined,
    lost: new Promise<Loss>(() => undefined),
    close: async () => undefined,
  };
}

/** What `pnpm conformance --backend template/src/index.ts` looks for. */
export { template as backend };
