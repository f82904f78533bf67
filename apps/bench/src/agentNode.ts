/** An agent as a child process: requests and replies are its messages. */
import { agent, type Request } from "./agent.ts";
import type { Create } from "./runner.ts";

const answer = agent(async (module) => (await import(new URL(module, import.meta.url).href)) as { create: Create });

process.on("message", (request: Request) => {
  answer(request).then(
    (value) => process.send!({ value }),
    (error: unknown) => process.send!({ error: error instanceof Error ? error.message : String(error) }),
  );
});
process.on("disconnect", () => process.exit());
