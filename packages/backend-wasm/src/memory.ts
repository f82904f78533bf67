/** The memory that a backend lives in. */
import { TatamiError } from "@tatamijs/core/backend";

/**
 * 4 GiB at the most, which is what addresses reach; shared memory is reserved ahead, and some machines refuse that much.
 * @throws TatamiError `backend`.
 */
export function memoryFor(shared: boolean): WebAssembly.Memory {
  for (let maximum = 65536; ; maximum /= 4) {
    try {
      return new WebAssembly.Memory({ initial: 16, maximum, shared });
    } catch (cause) {
      if (maximum > 4096) continue;
      throw new TatamiError("backend", "the machine gives no memory to WebAssembly; close other pages", {
        op: "wasm",
        cause,
      });
    }
  }
}

/** Whether this thread may sleep on memory: not a page's own. */
export function maySleep(): boolean {
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1, 0);
    return true;
  } catch {
    return false;
  }
}
