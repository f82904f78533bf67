/** The stages in their order, from a graph to a program. */
import { checkOptions, mapOp, TatamiError, type Tensor } from "@tatamijs/core";
import type { Backend } from "@tatamijs/core/backend";
import { affine } from "./affine.ts";
import { checkGraphRecord, checkSession } from "./doors.ts";
import { fold } from "./fold.ts";
import { fuse } from "./fuse.ts";
import { inputOf, rootsOf, topological, type Graph } from "./graph.ts";
import { link } from "./link.ts";
import { open } from "./open.ts";
import { pack } from "./pack.ts";
import { plan, type Plan, type PlanOptions } from "./plan.ts";
import { prepare } from "./prepare.ts";
import { recognise } from "./recognise.ts";
import type { Program } from "./program.ts";
import type { Session } from "./session.ts";
import { settle, storedUpdates } from "./settle.ts";
import { simplify } from "./simplify.ts";

/** Each says whether a pass runs; all do by default. For tests and for finding out which pass is to blame. */
export interface Passes {
  readonly fold?: boolean;
  readonly affine?: boolean;
  readonly recognise?: boolean;
  readonly fuse?: boolean;
}

export interface CompileOptions extends PlanOptions {
  readonly passes?: Passes | undefined;
}

/**
 * Compiles a graph for a session's backend.
 * @throws TatamiError `input` for an input that is none or that is missing; `state`; `backend`, listing every op that the
 * backend declines; `out-of-memory`; `closed`; `device-lost`. Nothing stays allocated.
 */
export async function compile(graph: Graph, session: Session, options: CompileOptions = {}): Promise<Program> {
  checkSession(session, "compile");
  checkOptions(options, "compile");
  session.check();
  const planned = await planFor(graph, session.backend, options);
  return session.exclusive(() => link(planned, graph, session));
}

/** All stages but the last: what the program will do and where. */
export async function planFor(graph: Graph, backend: Backend, options: CompileOptions = {}): Promise<Plan> {
  checkGraph(graph);
  const prepared = await prepare(
    staged(graph, backend, options.passes),
    backend,
    options.passes?.fold === false ? undefined : simplify,
  );
  return plan(await settle(pack(prepared), backend), backend, options);
}

/** The stages that look at the graph alone. */
export function staged(graph: Graph, backend: Backend, passes: Passes = {}): Graph {
  // What the passes make has the site of what it replaces, or none: capturing stacks here would be a fifth of the time.
  // V8's; other engines ignore it.
  const errors = Error as object as { stackTraceLimit?: number | undefined };
  const frames = errors.stackTraceLimit;
  errors.stackTraceLimit = 0;
  try {
    return stages(graph, backend, passes);
  } finally {
    errors.stackTraceLimit = frames;
  }
}

function stages(graph: Graph, backend: Backend, passes: Passes): Graph {
  const runs = (name: string): boolean => name in backend.kernels;
  const off = (g: Graph): Graph => g;
  const tidy = passes.fold === false ? off : simplify;
  let now = open(storedUpdates({ ...graph, inputs: graph.inputs.map((x) => inputOf(x)!) }));
  if (passes.fold !== false) now = fold(now);
  if (passes.affine !== false) now = tidy(affine(now));
  if (passes.recognise !== false) now = tidy(recognise(now, runs));
  if (passes.fuse !== false && runs(mapOp.name)) now = tidy(fuse(now, runs));
  return now;
}

/** @throws TatamiError `input`. */
export function checkGraph(graph: Graph): void {
  checkGraphRecord(graph, "compile");
  const inputs = new Set<Tensor>(
    graph.inputs.map((x, k) => {
      const leaf = inputOf(x);
      if (leaf !== undefined) return leaf;
      throw new TatamiError("input", `inputs[${k}] is made by ${x.op.name}; give what input() made`, { op: "compile" });
    }),
  );
  if (inputs.size !== graph.inputs.length)
    throw new TatamiError("input", "inputs names one input twice; name each once", { op: "compile" });
  for (const x of topological(rootsOf(graph))) {
    if (x.op.leaf === "input" && !inputs.has(x)) {
      throw new TatamiError(
        "input",
        `the graph needs ${JSON.stringify((x.attrs as { name: string }).name)} [${x.shape.join(", ")}], which is not among inputs; add it`,
        { op: "compile" },
      );
    }
  }
}
