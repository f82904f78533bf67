/** What one worker does: it takes part in every call until it is terminated. */
import { instantiate } from "./instance.ts";
import { onPost } from "./spawn.ts";

/** Posted to it once. */
export interface Joining {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** From 1; 0 is the thread that runs programs. */
  readonly thread: number;
}

onPost((message, answer) => {
  const { module, memory, thread } = message as Joining;
  void instantiate(module, memory).then(
    ({ exports }) => {
      answer("ready");
      exports.work(thread);
    },
    (error: unknown) => answer(String(error)),
  );
});
