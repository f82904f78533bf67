/** Says where an element is, what it was made of, and which kernels made it. */
import { compare } from "./compare.ts";
import { prepare, type Task } from "./graph.ts";
import { kitOf } from "./kits.ts";
import { describeKernel, isInexact } from "./kernel.ts";
import type { AnyBackend } from "./memory.ts";
import type { Case } from "./meaning.ts";
import { run } from "./run.ts";
import { bringToLife, type Subject } from "./subject.ts";
import type { Value } from "./value.ts";
import { nameElement } from "./element.ts";

/**
 * The elements that an output element is made of, found without knowing the op: each input element in turn is made NaN,
 * and whoever changes the output was read.
 */
function windowOf({ case: one, values, meaning }: Subject, position: number, most = 4096): string[] {
  const total = values.reduce((sum, { data }) => sum + data.length, 0);
  if (total > most) return [`(${total} input elements: too many to look for the window)`];
  const kit = kitOf(one.op);
  const lines: string[] = [];
  const before = meaning.values[position]!;
  values.forEach((x, k) => {
    if (x.dtype !== "f32" && x.dtype !== "f16") return;
    for (let i = 0; i < x.data.length; i++) {
      const changed: Value = { ...x, data: x.data.with(i, NaN) };
      const now = kit.meaning(values.with(k, changed), one.attrs).values[position]!;
      if (!Object.is(now, before)) lines.push(`input ${k} ${nameElement(x.shape, i)} = ${x.data[i]}`);
    }
  });
  return lines;
}

function stepLine({ node, kernel }: Task): string {
  const { scratch = 0, inPlace = [], packs = [] } = kernel;
  return [
    `${node.op.name} ${JSON.stringify(node.attrs)}: ${node.inputs.map(specText).join(", ")} → ${specText(node)}`,
    `    kernel: ${describeKernel(kernel)}${kernel.exact === false ? ", not exact" : ""}`,
    ...(scratch > 0 ? [`    scratch: ${scratch} bytes`] : []),
    ...(inPlace.length > 0 ? [`    in place of input ${inPlace.join(", ")}`] : []),
    ...packs.map(
      (pack) => `    packs input ${pack.input} as ${pack.key}, ${pack.bytes} bytes: ${describeKernel(pack.kernel)}`,
    ),
  ].join("\n");
}

const specText = ({ dtype, shape }: { readonly dtype: string; readonly shape: readonly number[] }): string =>
  `${dtype} [${shape.join(", ")}]`;

/** The steps of a case on a backend, and its first wrong element with its window; for reading, not for parsing. */
export async function trace(backend: AnyBackend, one: Case): Promise<string> {
  const subject = bringToLife(one);
  const prepared = await prepare(backend, [subject.y]);
  const lines = [
    `${one.id} on ${backend.name} (${backend.traits.variant})`,
    ...prepared.opened.map(({ node, reason }) => `opened ${node.op.name}: ${reason}`),
  ];
  if (prepared.declined.length > 0)
    return [...lines, ...prepared.declined.map(({ node, reason }) => `declined ${node.op.name}: ${reason}`)].join("\n");
  lines.push(...prepared.tasks.map(stepLine));
  const { runs, ms } = await run(backend, prepared, subject.feeds);
  const off = compare(runs[0]![0]!, subject.meaning, { whole: subject.whole, inexact: isInexact(prepared) });
  lines.push(`ran in ${ms.toFixed(3)} ms`);
  if (off === undefined) return [...lines, `all ${subject.meaning.values.length} elements are right`].join("\n");
  const window = windowOf(subject, off.position);
  return [
    ...lines,
    `${off.wrong} of ${subject.meaning.values.length} elements are wrong; the first is ${nameElement(subject.meaning.shape, off.position)}: ${off.actual}, wanted ${off.expected} ± ${off.tolerance}`,
    `it is made of ${window.length} elements:`,
    ...window.map((line) => `    ${line}`),
  ].join("\n");
}
