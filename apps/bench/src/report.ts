/** docs/benchmarks.md: a section for each part, of which a run writes its own and leaves the others. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { verdicts } from "./goals.ts";
import type { Machine, PartResult } from "./results.ts";
import { ceilingLine, firstRows, markdownCold, markdownGoals, markdownRows, markdownTable, notes } from "./table.ts";
import type { Part } from "./systems.ts";

/** `gpu`: what `pnpm bench:gpu` writes. */
export type Section = Part | "gpu";

const parts: readonly Section[] = ["node", "node2", "page", "webgpu", "gpu"];

const page = new URL("../../../docs/benchmarks.md", import.meta.url);

const titles: Readonly<Record<Part, string>> = {
  node: "Node, one thread",
  node2: "Node, two threads",
  page: "Chromium",
  webgpu: "WebGPU",
};

const intro = `# Benchmarks

Written by \`pnpm bench --all --write\` ([how it measures](../apps/bench/README.md)); each section says when, where and by which command.
Times are medians in milliseconds, ± half the distance of the quartiles; ratios are medians of the ratios of each round. GF/s and the share of
the ceiling are ours (the fastest column with the most threads); the ceiling is a bare loop of f32x4 multiply–adds on one thread, and Winograd's algorithm counts
as the multiply–adds that it saves, so more than 100 % is possible. "×2" is two threads. On WebGPU the ceiling is such a loop on the adapter. "–" is told below its table.
`;

const markOf = (part: Section): string => `<!-- part: ${part} -->`;

export function sectionOf(result: PartResult, machine: Machine, command: string): string {
  const { part, columns, rows, cold } = result;
  const most = part === "node" || part === "webgpu" ? 1 : 2;
  const firsts = firstRows(rows, columns);
  const versions = columns
    .filter(({ ours }) => !ours)
    .map(({ id, version }) => `${id.replace(/ ×\d+$/, "")} ${version}`);
  const goals = verdicts(result);
  const where = [
    machine.date,
    `${machine.processor}, ${machine.cores} cores`,
    `Node ${machine.node} (V8 ${machine.v8})`,
    ...((part === "page" || part === "webgpu") && machine.chromium !== undefined ? [machine.chromium] : []),
    ...(result.adapter === undefined ? [] : [result.adapter]),
  ];
  return [
    `## ${titles[part]}`,
    `${where.join("; ")}. \`${command}\`${versions.length === 0 ? "" : `\n\nPeers: ${[...new Set(versions)].join(", ")}.`}`,
    ...(rows.length === 0 ? [] : [markdownTable(markdownRows(rows, columns, most))]),
    ...(rows.length === 0 ? [] : [ceilingLine(result)]),
    ...(notes(rows).length === 0
      ? []
      : [
          notes(rows)
            .map((note) => `- ${note}`)
            .join("\n"),
        ]),
    ...(firsts.length === 0
      ? []
      : [
          "### First run\n\nA fresh Chromium for each workload: from weights in hand to the first answer, all compiling in it.",
          markdownTable([["ms", ...columns.map(({ id }) => id)], ...firsts]),
        ]),
    ...(cold.length === 0
      ? []
      : [
          "### Download and cold start\n\nA fresh browser, a fresh profile, a page that is not isolated: from the import to LeNet's first answer, files from the loopback.",
          markdownTable(markdownCold(cold)),
        ]),
    ...(goals.length === 0 ? [] : ["### Goals", markdownTable(markdownGoals(goals))]),
  ].join("\n\n");
}

/** The page with these sections in place of its own. */
export function pageWith(old: string | undefined, sections: ReadonlyMap<Section, string>): string {
  const kept = new Map<Section, string>();
  for (const part of parts) {
    const start = old?.indexOf(markOf(part)) ?? -1;
    if (start < 0) continue;
    const rest = old!.slice(start + markOf(part).length);
    const end = rest.indexOf("<!-- part: ");
    kept.set(part, (end < 0 ? rest : rest.slice(0, end)).trim());
  }
  const all = parts.flatMap((part) => {
    const text = sections.get(part) ?? kept.get(part);
    return text === undefined ? [] : [`${markOf(part)}\n\n${text}\n`];
  });
  return [intro, ...all].join("\n");
}

export function writeSections(sections: ReadonlyMap<Section, string>): void {
  const old = existsSync(page) ? readFileSync(page, "utf8") : undefined;
  writeFileSync(page, pageWith(old, sections));
}
