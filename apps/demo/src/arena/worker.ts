/** The arena's work, off the page's thread. */
import { device, opened } from "./opening.ts";
import type { Asked, Told } from "./protocol.ts";

const page = globalThis as unknown as Worker;
const tell = (told: Told): void => page.postMessage(told, []);

async function work(asked: Asked): Promise<void> {
  if (asked.job === "kit") {
    const { kit } = await import("./kit.ts");
    const report = await kit(asked.name, asked.ops, (results, done, all) =>
      tell({ what: "results", results, done, all }),
    );
    tell({ what: "reported", report });
    return;
  }
  if (asked.job === "open") tell({ what: "device", device: device() });
  for (const name of asked.names) tell({ what: "opened", opened: await opened(name) });
  if (asked.job === "open") return;
  const { race } = await import("./race.ts");
  await race(asked.names, asked.ids, asked.budget, (timed) => tell({ what: "timed", timed }));
}

page.addEventListener("message", ({ data }: MessageEvent<Asked>) => {
  work(data).then(
    () => tell({ what: "ended" }),
    (error: unknown) => tell({ what: "failed", why: error instanceof Error ? error.message : String(error) }),
  );
});
