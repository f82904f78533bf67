/** A snapshot for export: every state becomes a constant of the value that it has now. */
import { constant, type Tensor } from "@tatamijs/core";
import { checkGraphRecord, checkSession } from "./doors.ts";
import { regraph, rewritten, rootsOf, topological, withInputs, type Graph } from "./graph.ts";
import type { Session } from "./session.ts";

/**
 * The graph without states or updates; later changes of the session's states do not reach it.
 * @throws TatamiError `closed`, `device-lost`.
 */
export async function freeze(graph: Graph, session: Session): Promise<Graph> {
  checkGraphRecord(graph, "freeze");
  checkSession(session, "freeze");
  const still: Graph = { inputs: graph.inputs, outputs: graph.outputs };
  const states = topological(rootsOf(still)).filter((y) => y.op.leaf === "state");
  const values = await Promise.all(
    states.map(async (y): Promise<[Tensor, Tensor]> => [y, constant(await session.read(y), y.shape, y.dtype)]),
  );
  const frozen = new Map(values);
  const made = rewritten(still.outputs, (y, inputs) => frozen.get(y) ?? withInputs(y, inputs));
  return regraph(still, made);
}
