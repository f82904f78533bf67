/** All checks of one case on one backend. Nothing throws: what goes wrong is a result. */
import type { Tensor, TypedArray } from "@tatamijs/core";
import { compare } from "./compare.ts";
import { nameElement } from "./element.ts";
import { materialise } from "./fill.ts";
import { gradientGraph, slopes } from "./gradient.ts";
import { prepare, type Prepared } from "./graph.ts";
import { describeKernel, describePrepared, isInexact } from "./kernel.ts";
import { kitOf } from "./kits.ts";
import type { AnyBackend } from "./memory.ts";
import type { Case, Meaning } from "./meaning.ts";
import type { Check, Result } from "./result.ts";
import { evaluateOn, run, type Ran, type RunOptions } from "./run.ts";
import { bringToLife, disagreement, missingDType, type Subject } from "./subject.ts";
import { toTyped } from "./value.ts";

export interface CheckOptions {
  /** Default true. */
  readonly gradients?: boolean | undefined;
  /** Run each value check so often and give the best time. Default 1: no time. */
  readonly repeat?: number | undefined;
}

type Outcome = Omit<Result, "id" | "op" | "check">;

/** The results of a case, one by one. */
export async function* checkCase(backend: AnyBackend, one: Case, options: CheckOptions = {}): AsyncGenerator<Result> {
  const result = (check: Check, outcome: Outcome): Result => ({ id: one.id, op: one.op, check, ...outcome });
  const missing = missingDType(one);
  if (missing !== undefined) {
    yield result("value", { status: "not-run", reason: `this runtime has no array type for ${missing}` });
    return;
  }
  for (const [check, look] of looks(backend, one, options)) {
    let outcome: Outcome | undefined;
    try {
      outcome = await look();
    } catch (error) {
      outcome = {
        status: "fail",
        reason: `threw ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      };
    }
    if (outcome === undefined) continue;
    yield result(check, outcome);
    if (check === "value" && outcome.status !== "pass") return;
  }
}

type Look = readonly [Check, () => Promise<Outcome | undefined>];

function* looks(backend: AnyBackend, one: Case, { gradients = true, repeat = 1 }: CheckOptions): Generator<Look> {
  yield ["value", () => value(backend, bringToLife(one), repeat)];
  const subject = bringToLife(one);
  const composite = subject.y.op.kind === "composite";
  if (composite && (backend.kernels as Readonly<Record<string, unknown>>)[one.op] !== undefined) {
    yield ["expansion", () => expansionOf(backend, subject)];
  }
  yield ["in place", () => inPlace(backend, subject)];
  if (one.tags.includes("memory")) {
    yield ["in flight", () => inFlight(backend, subject)];
    yield ["constant", () => constantOperands(backend, subject)];
  }
  if (subject.y.inputs.length > 1) yield ["fixed", () => fixedOperands(backend, subject)];
  if (subject.y.op.kind === "primitive" && subject.y.op.alias === true)
    yield ["alias", () => aliasing(backend, subject)];
  if (gradients && one.tags.includes("grad")) {
    yield ["gradient", () => gradient(backend, subject, "op")];
    // Where operands hang together (statistics of x), the expansion's gradient is another one: through each by itself.
    const coupled = kitOf(one.op).couple?.(subject.values, one.attrs) ?? subject.values;
    if (composite && subject.y.op.grad !== undefined && coupled === subject.values)
      yield ["gradient of the expansion", () => gradient(backend, subject, "expansion")];
  }
}

/** Compares a run with a meaning, and hears what the memory laws found. */
function judge(
  subject: Subject,
  meaning: Meaning,
  ran: Ran,
  values: TypedArray,
  rules = { whole: subject.whole },
): Outcome {
  const spec = subject.y;
  const wanted = toTyped(spec.dtype, []).constructor.name;
  if (values.constructor.name !== wanted)
    return { status: "fail", reason: `read gave ${values.constructor.name} for ${spec.dtype}, wanted ${wanted}` };
  const kernel = ran.prepared.tasks.at(-1)?.kernel;
  const off = compare(values, meaning, { ...rules, inexact: isInexact(ran.prepared) });
  if (off !== undefined) {
    return {
      status: "fail",
      reason:
        `${nameElement(meaning.shape, off.position)} is ${off.actual}, wanted ${off.expected}` +
        `${off.tolerance === 0 ? " exactly" : ` ± ${off.tolerance.toPrecision(3)}`} (${off.wrong} of ${meaning.values.length} wrong)`,
      details: { ...off, ...(kernel === undefined ? {} : { kernel: describeKernel(kernel) }) },
    };
  }
  if (ran.fault !== undefined) return { status: "fail", reason: ran.fault };
  return { status: "pass" };
}

const firstDecline = ({ declined }: Prepared): Outcome => ({
  status: "declined",
  reason: declined[0]!.reason,
});

async function value(backend: AnyBackend, subject: Subject, repeat: number): Promise<Outcome> {
  const about = disagreement(subject);
  if (about !== undefined) return { status: "fail", reason: about };
  const ran = await evaluateOn(backend, [subject.y], subject.feeds);
  if (ran.runs === undefined) return firstDecline(ran.prepared);
  const unknown = [...subject.y.inputs, subject.y].find(({ dtype }) => !backend.traits.dtypes.includes(dtype));
  if (unknown !== undefined)
    return { status: "fail", reason: `a kernel was given for ${unknown.dtype}, which traits.dtypes does not name` };
  const outcome = judge(subject, subject.meaning, ran, ran.runs[0]![0]!);
  const opened = ran.prepared.opened.find(({ node }) => node === subject.y)?.reason;
  let ms = ran.ms;
  for (let i = 1; i < repeat; i++) ms = Math.min(ms, (await run(backend, ran.prepared, subject.feeds)).ms);
  return { ...outcome, ...(opened === undefined ? {} : { opened }), ...(repeat > 1 ? { ms } : {}) };
}

async function expansionOf(backend: AnyBackend, subject: Subject): Promise<Outcome> {
  const ran = await evaluateOn(backend, [subject.y], subject.feeds, { open: true });
  if (ran.runs === undefined) return firstDecline(ran.prepared);
  return judge(subject, subject.meaning, ran, ran.runs[0]![0]!);
}

/** Every claim that the output may lie on an input. */
async function inPlace(backend: AnyBackend, subject: Subject): Promise<Outcome | undefined> {
  const ran = await evaluateOn(backend, [subject.y], subject.feeds, {});
  if (ran.runs === undefined) return undefined;
  const { tasks } = ran.prepared;
  const claims = tasks.length === 1 ? (tasks[0]!.kernel.inPlace ?? []) : [];
  if (claims.length === 0) return undefined;
  for (const k of claims) {
    const operand = subject.y.inputs[k];
    if (operand === undefined)
      return { status: "fail", reason: `claims to work in place of input ${k}, of which there is none` };
    if (backend.bytes(spec(operand)) !== backend.bytes(spec(subject.y))) continue;
    if (tasks[0]!.kernel.packs?.some((pack) => pack.input === k) === true) continue;
    const again = await run(backend, ran.prepared, subject.feeds, { onto: k });
    const outcome = judge(subject, subject.meaning, again, again.runs[0]![0]!);
    if (outcome.status !== "pass") return { ...outcome, reason: `in place of input ${k}: ${outcome.reason}` };
  }
  return { status: "pass" };
}

const spec = ({ shape, dtype }: Tensor): { shape: number[]; dtype: Tensor["dtype"] } => ({ shape: [...shape], dtype });

/** Other numbers for the same case. */
function variation(
  { case: one, y }: Subject,
  n: number,
): { feeds: Map<Tensor, TypedArray>; meaning: Meaning; whole: boolean } {
  const values = one.inputs.map((operand, place) => materialise(operand, `${one.id}#again${n}`, place));
  return {
    feeds: new Map(y.inputs.map((leaf, i) => [leaf, toTyped(leaf.dtype, values[i]!.data)])),
    meaning: kitOf(one.op).meaning(values, one.attrs),
    whole: values.every(({ data }) => data.every((x) => Number.isInteger(x))),
  };
}

/** Three runs with three sets of numbers, and a second program of the same call between them; all awaited at the end. */
async function inFlight(backend: AnyBackend, subject: Subject): Promise<Outcome> {
  const [second, third] = [variation(subject, 1), variation(subject, 2)];
  const options: RunOptions = { again: [second.feeds, third.feeds] };
  const [one, two] = await Promise.all([
    evaluateOn(backend, [subject.y], subject.feeds, options),
    evaluateOn(backend, [subject.y], second.feeds, { again: [third.feeds, subject.feeds] }),
  ]);
  if (one.runs === undefined || two.runs === undefined) return firstDecline(one.prepared);
  const first = { meaning: subject.meaning, whole: subject.whole };
  const order: readonly [Ran, readonly (typeof first)[]][] = [
    [one, [first, second, third]],
    [two, [second, third, first]],
  ];
  for (const [ran, wanted] of order) {
    for (const [i, { meaning, whole }] of wanted.entries()) {
      const outcome = judge(subject, meaning, ran, ran.runs[i]![0]!, { whole });
      if (outcome.status !== "pass")
        return { ...outcome, reason: `run ${i + 1} of several in flight: ${outcome.reason}` };
    }
  }
  return { status: "pass" };
}

/** The same with all operands but the first known when the kernel is prepared. */
async function constantOperands(backend: AnyBackend, subject: Subject): Promise<Outcome | undefined> {
  const known = new Map([...subject.feeds].slice(1).filter(([, data]) => data.length <= 1024));
  if (known.size === 0) return undefined;
  const ran = await evaluateOn(backend, [subject.y], subject.feeds, { data: (leaf) => known.get(leaf) });
  if (ran.runs === undefined) return firstDecline(ran.prepared);
  return judge(subject, subject.meaning, ran, ran.runs[0]![0]!);
}

/** Ops of which backends keep weights. */
const weighted: ReadonlySet<string> = new Set(["conv2d", "convBlock", "linear", "matmul"]);

/**
 * The same with all operands but the first said to be the same in every run, where that makes another kernel of it or might be why
 * something is kept; then with others, which are packed anew.
 */
async function fixedOperands(backend: AnyBackend, subject: Subject): Promise<Outcome | undefined> {
  const [loose, fixed] = await Promise.all([
    prepare(backend, [subject.y]),
    prepare(backend, [subject.y], { fixed: true }),
  ]);
  if (describePrepared(loose) === describePrepared(fixed) && !weighted.has(subject.y.op.name)) return undefined;
  if (fixed.declined.length > 0) return firstDecline(fixed);
  const second = variation(subject, 1);
  const ran = await run(backend, fixed, subject.feeds, { again: [second.feeds] });
  const first = judge(subject, subject.meaning, ran, ran.runs[0]![0]!);
  if (first.status !== "pass") return first;
  const outcome = judge(subject, second.meaning, ran, ran.runs[1]![0]!, { whole: second.whole });
  return outcome.status === "pass"
    ? outcome
    : { ...outcome, reason: `written anew and packed again: ${outcome.reason}` };
}

/** Where a backend says that a reshape may keep its address, the bytes must read as the new shape. */
async function aliasing(backend: AnyBackend, subject: Subject): Promise<Outcome | undefined> {
  const from = subject.y.inputs[0]!;
  if (!backend.aliases(spec(from), spec(subject.y))) return undefined;
  if (backend.bytes(spec(from)) !== backend.bytes(spec(subject.y)))
    return { status: "fail", reason: "aliases() says yes, bytes() differ" };
  const memory: unknown = await backend.alloc(Math.max(backend.bytes(spec(from)), 1));
  try {
    const slice = { memory, offset: 0, bytes: backend.bytes(spec(from)) };
    backend.write({ ...slice, spec: spec(from) }, subject.feeds.get(from)!);
    const seen = await backend.read({ ...slice, spec: spec(subject.y) });
    const off = compare(seen, subject.meaning, { whole: subject.whole, inexact: false });
    return off === undefined
      ? { status: "pass" }
      : {
          status: "fail",
          reason: `aliases() says yes, but element ${off.position} reads ${off.actual}, wanted ${off.expected}`,
        };
  } finally {
    backend.free(memory);
  }
}

async function gradient(
  backend: AnyBackend,
  subject: Subject,
  through: "op" | "expansion",
): Promise<Outcome | undefined> {
  const graph = gradientGraph(subject, through);
  if (graph === undefined) return undefined;
  const wanted = graph.gradients.flatMap((g, k) => (g === undefined ? [] : [{ g, k }]));
  for (const { g, k } of wanted) {
    const x = subject.y.inputs[k]!;
    if (`${g.shape}` !== `${x.shape}` || g.dtype !== x.dtype) {
      return {
        status: "fail",
        reason: `the gradient of input ${k} is ${g.dtype} [${g.shape}], the input ${x.dtype} [${x.shape}]`,
      };
    }
  }
  const ran = await evaluateOn(
    backend,
    wanted.map(({ g }) => g),
    graph.feeds,
  );
  if (ran.runs === undefined) return firstDecline(ran.prepared);
  const values = graph.gradients.map((g) =>
    g === undefined ? undefined : ran.runs[0]![wanted.findIndex((one) => one.g === g)],
  );
  for (const [i, { analytic, numeric, tolerance }] of slopes(subject, graph.dy, values).entries()) {
    if (Math.abs(analytic - numeric) <= tolerance) continue;
    return {
      status: "fail",
      reason: `along direction ${i + 1} the gradient says ${analytic}, central differences of the meaning ${numeric} ± ${tolerance.toPrecision(3)}`,
      details: {
        analytic,
        numeric,
        tolerance,
        kernels: ran.prepared.tasks.map(({ node, kernel }) => `${node.op.name}: ${describeKernel(kernel)}`),
      },
    };
  }
  return ran.fault === undefined ? { status: "pass" } : { status: "fail", reason: ran.fault };
}
