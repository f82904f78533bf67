/**
 * An agent in a page's worker (whose thread may wait, as threads of wasm want): it fetches a request, posts the reply, and so on.
 * The bundle of each system calls this with its own `create`.
 */
import { agent, type Reply, type Request } from "./agent.ts";
import type { Create } from "./runner.ts";

export async function serve(create: Create, agentUrl: string): Promise<void> {
  const answer = agent(() => Promise.resolve({ create }));
  const post = (kind: "value" | "numbers" | "error", body: BodyInit): Promise<Response> =>
    fetch(`${agentUrl}?${kind}`, { method: "POST", body });
  const tell = (value: Reply): Promise<Response> =>
    value instanceof Float32Array
      ? post("numbers", value.slice().buffer)
      : post("value", JSON.stringify(value === undefined ? {} : { value }));
  for (;;) {
    const response = await fetch(agentUrl);
    if (response.status === 204) continue;
    if (!response.ok) return;
    try {
      await tell(await answer((await response.json()) as Request));
    } catch (error) {
      await post("error", error instanceof Error ? error.message : String(error));
    }
  }
}
