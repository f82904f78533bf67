/** Everything prints: the debugger, and what snapshot tests compare. */
import { siteLine, type Tensor } from "@tatamijs/core";
import { checkGraphRecord, checkRecord } from "./doors.ts";
import { rootsOf, topological, type Graph } from "./graph.ts";
import type { Memory, Place, Plan, PlanStep } from "./plan.ts";
import { Program } from "./program.ts";

/**
 * A tensor's or a graph's nodes, a plan's steps with their addresses and its memory (as laid out, the largest set alive at
 * once, and what an allocation for each value would take), or a program's.
 */
export function print(x: Tensor | Graph | Plan | Program): string {
  checkRecord(x, "print", "x");
  if (x instanceof Program) return `${x.backend.name} (${x.backend.traits.variant})\n${printPlan(x.plan)}`;
  if ("memories" in x) return printPlan(x);
  if (!("op" in x)) checkGraphRecord(x, "print");
  return printGraph("op" in x ? { inputs: [], outputs: [x] } : x);
}

function printGraph(graph: Graph): string {
  const order = topological(rootsOf(graph));
  const names = new Map(order.map((y, i) => [y, `%${i}`]));
  const name = (y: Tensor): string => names.get(y) ?? "(unused)";
  const lines = order.map((y) => {
    const site = y.op.leaf === undefined ? siteLine(y) : undefined;
    return `${name(y).padEnd(5)}= ${callText(y, y.inputs.map(name))} : ${specText(y)}${site === undefined ? "" : `  ${site}`}`;
  });
  const updates = (graph.updates ?? []).map(([state, value]) => `update ${nameOf(state)} = ${name(value)}`);
  return [...lines, `outputs ${graph.outputs.map(name).join(" ")}`, ...updates].join("\n");
}

const specText = ({ dtype, shape }: Pick<Tensor, "dtype" | "shape">): string => `${dtype}[${shape.join(",")}]`;

/** The path of the state at the bottom. */
function nameOf(state: Tensor): string {
  let leaf = state;
  while (leaf.inputs[0] !== undefined) leaf = leaf.inputs[0];
  return (leaf.attrs as { name?: string }).name ?? "";
}

function callText(y: Tensor, operands: readonly string[]): string {
  if (y.op.leaf !== undefined) {
    const { name } = y.attrs as { name: string };
    const few =
      y.data !== undefined && y.data.length <= 4 ? [...y.data].map((v) => Number(v.toPrecision(6))).join(", ") : "";
    return [
      y.op.name,
      ...(name === "" || name === y.op.name ? [] : [JSON.stringify(name)]),
      ...(few === "" || y.op.leaf === "state" ? [] : [few]),
    ].join(" ");
  }
  return `${y.op.name}(${operands.join(", ")})${attrsText(y.attrs)}`;
}

function attrsText(attrs: unknown): string {
  const { steps } = attrs as { steps?: unknown };
  const entries = Object.entries(attrs as object).filter(([, value]) => !isChain(value));
  const all = entries.map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
  // A chain reads better as calls: @k is operand k, then the steps.
  if (isChain(steps))
    all.push(
      steps.map(({ op, attrs: { fn }, inputs }) => `${fn ?? op}(${inputs.map((k) => `@${k}`).join(" ")})`).join(" "),
    );
  return all.length === 0 ? "" : ` { ${all.join(", ")} }`;
}

/** A slice has `steps` too, which are numbers. */
function isChain(
  value: unknown,
): value is readonly { op: string; attrs: { fn?: string }; inputs: readonly number[] }[] {
  return Array.isArray(value) && typeof value[0] === "object";
}

function printPlan(plan: Plan): string {
  const where = ({ memory, offset, bytes }: Place): string =>
    `${memoryName(plan.memories[memory]!, memory)}${offset > 0 || plan.memories[memory]!.role === "arena" ? `+${offset}` : ""}:${bytes}`;
  const line = (step: PlanStep, i: number): string => {
    const scratch = step.scratch === undefined ? "" : ` scratch ${where(step.scratch)}`;
    const how = step.kernel.variant === undefined ? "" : `  (${step.kernel.variant})`;
    return `${String(i).padStart(4)} ${where(step.output)} = ${callText(step.node, step.inputs.map(where))} : ${specText(step.node)}${scratch}${how}`;
  };
  const held = plan.memories.filter(({ role }) => role !== "arena").reduce((sum, { bytes }) => sum + bytes, 0);
  return [
    ...(plan.once.length > 0 ? ["once per version:", ...plan.once.map(line), "every run:"] : []),
    ...plan.steps.map(line),
    `${plan.steps.length} steps, ${plan.once.length} once; temporaries ${size(plan.peak)} (largest set alive ${size(plan.live)}, one by one ${size(plan.naive)}); held ${size(held)}`,
  ].join("\n");
}

function memoryName(memory: Memory, index: number): string {
  if (memory.role === "state") return `state(${nameOf(memory.leaf)})`;
  return memory.role === "arena" ? `arena${memory.block}` : `${memory.role}${index}`;
}

function size(bytes: number): string {
  if (bytes < 10_000) return `${bytes} B`;
  return bytes < 10_000_000 ? `${(bytes / 1e3).toFixed(1)} KB` : `${(bytes / 1e6).toFixed(2)} MB`;
}
