/** Results as a record for programs (report.json), a matrix for people (Markdown), and a text for a test runner. */
import { contractVersion } from "@tatamijs/core/backend";
import { groupBy } from "./group.ts";
import type { AnyBackend } from "./memory.ts";
import type { Result, Status } from "./result.ts";

export interface Report {
  readonly backend: string;
  readonly variant: string;
  readonly contract: string;
  readonly counts: Readonly<Record<Status, number>>;
  readonly results: readonly Result[];
}

const statuses: readonly Status[] = ["pass", "fail", "declined", "not-run"];

const countOf = (results: readonly Result[], status: Status): number =>
  results.filter((one) => one.status === status).length;

export function report(
  { name, traits }: { readonly name: AnyBackend["name"]; readonly traits: Pick<AnyBackend["traits"], "variant"> },
  results: readonly Result[],
): Report {
  const counts = Object.fromEntries(statuses.map((status) => [status, countOf(results, status)])) as Record<
    Status,
    number
  >;
  return { backend: name, variant: traits.variant, contract: contractVersion, counts, results };
}

/** Ops down, statuses across; below it why something was declined, opened, not run, and what failed. */
export function markdown({ backend, variant, contract, counts, results }: Report): string {
  const ops = groupBy(results, (one) => one.op);
  const row = (cells: readonly (string | number)[]): string => `| ${cells.join(" | ")} |`;
  const blank = (n: number): string | number => (n === 0 ? "" : n);
  const rows = [...ops].map(([op, list]) =>
    row([
      op,
      ...statuses.map((status) => blank(countOf(list, status))),
      blank(list.filter((one) => one.opened !== undefined).length),
    ]),
  );
  const total = row([
    "**all**",
    ...statuses.map((status) => counts[status]),
    results.filter((one) => one.opened !== undefined).length,
  ]);
  return [
    `# ${backend} (${variant}), contract ${contract}`,
    "",
    row(["op", ...statuses, "opened"]),
    row(["---", "--:", "--:", "--:", "--:", "--:"]),
    ...rows,
    total,
    ...section(
      "Failed",
      results.filter((one) => one.status === "fail"),
    ),
    ...section(
      "Declined",
      results.filter((one) => one.status === "declined"),
    ),
    ...section(
      "Not run",
      results.filter((one) => one.status === "not-run"),
    ),
    "",
  ].join("\n");
}

/** Equal reasons of one op once, with their number and one example. */
function section(title: string, results: readonly Result[]): string[] {
  if (results.length === 0) return [];
  const groups = groupBy(
    results,
    ({ op, id, check, reason }) => `${title === "Failed" ? `${id} (${check})` : op}: ${reason?.split("\n")[0]}`,
  );
  return [
    "",
    `## ${title}`,
    "",
    ...[...groups].map(
      ([text, list]) => `- ${text}${list.length > 1 ? ` (${list.length}, such as ${list[0]!.id})` : ""}`,
    ),
  ];
}

/** The failures among a case's results as one text; undefined when there is none. */
export function failuresOf(results: readonly Result[]): string | undefined {
  const failed = results.filter((one) => one.status === "fail");
  return failed.length === 0 ? undefined : failed.map(({ check, reason }) => `${check}: ${reason}`).join("\n");
}

/** Why a case did not run, when nothing of it did. */
export function whyNot(results: readonly Result[]): string | undefined {
  if (results.some((one) => one.status === "pass")) return undefined;
  return results.map(({ status, reason }) => `${status}: ${reason}`).join("; ");
}
