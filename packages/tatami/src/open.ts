/** Backends by name: tried in order, the first that opens and knows its sums is taken; the report says what became of the others. */
import { show, TatamiError, type Backend } from "@tatamijs/core/backend";
import { probe } from "./probe.ts";

export type BackendName = "webgpu" | "wasm" | "cpu";

/** What may stand for a backend. "auto" is webgpu (where there is a GPU, not a processor that plays one), wasm, cpu: the fastest first. */
export type BackendChoice = "auto" | BackendName | Backend | readonly (BackendName | Backend)[];

type One = BackendName | Backend;

export interface Report {
  /** The name of the backend that was opened, and what it runs: `plain TypeScript, 1 thread`. */
  readonly chosen: string;
  readonly variant: string;
  /** Those before it, in order. */
  readonly rejected: readonly { readonly name: string; readonly why: string }[];
}

export type OpenedBackend = Backend & { readonly report: Report };

const order: readonly BackendName[] = ["webgpu", "wasm", "cpu"];

/** `asked`: by name, so that it is taken even where it is slow. */
const openers: Readonly<Record<BackendName, (asked: boolean) => Promise<Backend>>> = {
  webgpu: async (asked) => (await import("@tatamijs/backend-webgpu")).webgpu({ fallback: asked }),
  wasm: async () => (await import("@tatamijs/backend-wasm")).wasm(),
  cpu: async () => (await import("@tatamijs/backend-cpu")).cpu(),
};

/**
 * Opens a new backend, whoever has one open already: "auto", a name, a list of names in the order they are tried, or a backend of your own (taken as it is).
 * What is opened here is asked a few sums whose answers are known, and closed again when it gets one wrong. `report` says which was
 * chosen, and why others were not.
 * @throws TatamiError `backend` when none opens, with every reason; `argument` for what is no name.
 */
export async function open(which: BackendChoice = "auto"): Promise<OpenedBackend> {
  return openFirst(checkedChoices(which), which !== "auto");
}

/** In the order in which they are tried. @throws TatamiError `argument`. */
export function checkedChoices(which: BackendChoice): readonly One[] {
  const choices: readonly unknown[] = choicesOf(which);
  for (const choice of choices) {
    if (isBackend(choice) || (typeof choice === "string" && Object.hasOwn(openers, choice))) continue;
    throw new TatamiError(
      "argument",
      `${show(choice)} is no backend; use "auto", ${order.map((name) => `"${name}"`).join(", ")}, a list of those, or a backend object`,
      {
        op: "open",
        details: { given: choice },
      },
    );
  }
  if (choices.length === 0)
    throw new TatamiError("argument", 'the list of backends is empty; use "auto" or a name', { op: "open" });
  return choices as readonly One[];
}

export function choicesOf(which: BackendChoice): readonly One[] {
  return which === "auto" ? order : Array.isArray(which) ? (which as readonly One[]) : [which as One];
}

/** A backend of this name that knows its sums. `asked`: by name. @throws TatamiError, what opening it throws. */
export const openNamed = async (name: BackendName, asked: boolean): Promise<Backend> =>
  trusted(await openers[name](asked));

/**
 * `asked`: by name. `before`: what was rejected already. `opener`: in place of opening a new one.
 * @throws TatamiError `backend` when none opens.
 */
export async function openFirst(
  choices: readonly One[],
  asked: boolean,
  before: Report["rejected"] = [],
  opener: typeof openNamed = openNamed,
): Promise<OpenedBackend> {
  const rejected = [...before];
  for (const choice of choices) {
    try {
      const backend = typeof choice === "string" ? await opener(choice, asked) : choice;
      return reporting(backend, { chosen: backend.name, variant: backend.traits.variant, rejected });
    } catch (error) {
      rejected.push({ name: choice as BackendName, why: reason(error, choice as BackendName) });
    }
  }
  throw new TatamiError(
    "backend",
    `no backend could be opened.\n${rejected.map(({ name, why }) => `  ${name}: ${why}`).join("\n")}`,
    {
      op: "open",
      details: { rejected },
    },
  );
}

/** Without the name that leads it in: a report says it already. */
function reason(error: unknown, name: string): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.startsWith(`${name}: `) ? text.slice(name.length + 2) : text;
}

/** @throws TatamiError `backend` for one that computes wrongly, which is closed; what it throws itself. */
async function trusted(backend: Backend): Promise<Backend> {
  try {
    await probe(backend);
    return backend;
  } catch (error) {
    await backend.close().catch(() => {});
    throw error;
  }
}

/** The same object where it can take the report: a session knows a backend by its identity. */
function reporting(backend: Backend, report: Report): OpenedBackend {
  if ("report" in backend) return backend as OpenedBackend;
  if (Object.isExtensible(backend)) return Object.assign(backend, { report });
  return Object.create(backend, { report: { value: report, enumerable: true } }) as OpenedBackend;
}

export function isBackend(value: unknown): value is Backend {
  const given = value as Partial<Backend> | null | undefined;
  return (
    typeof given === "object" &&
    given !== null &&
    typeof given.link === "function" &&
    typeof given.alloc === "function" &&
    typeof given.kernels === "object"
  );
}
