/**
 * What the umbrella remembers, so that users need not: one backend per name or list of names, opened on first use; one session per
 * backend, so that programs share parameters; and in which sessions a model's states live.
 */
import { TatamiError, type Layer, type Tensor } from "@tatamijs/core";
import type { Backend } from "@tatamijs/core/backend";
import { openSession, type Session } from "@tatamijs/engine";
import { checkLayer, storedForm } from "@tatamijs/nn";
import { choicesOf, isBackend, open, openFirst, type BackendChoice } from "./open.ts";

interface Memory {
  readonly opened: Map<string, Promise<Backend>>;
  readonly sessions: WeakMap<Backend, Session>;
  readonly homes: WeakMap<Tensor, Set<Session>>;
  /** When backends of this name were lost. */
  readonly losses: Map<string, number[]>;
  readonly counted: WeakSet<Backend>;
}

/** A backend that is lost more often than this within a minute is not opened again. */
const reopenings = 2;
const minute = 60_000;

let memory: Memory | undefined;

function remembered(): Memory {
  memory ??= {
    opened: new Map(),
    sessions: new WeakMap(),
    homes: new WeakMap(),
    losses: new Map(),
    counted: new WeakSet(),
  };
  return memory;
}

/** The backend that a `backend` option means; left out, "auto". Names, and lists of names, are opened once, and again after a loss. */
export function backendFor(choice: BackendChoice = "auto"): Promise<Backend> {
  if (isBackend(choice)) return Promise.resolve(choice);
  const names = namesOf(choice);
  if (names === undefined) return open(choice);
  return remembered().opened.get(names) ?? remember(names, open(choice));
}

/** A name, or a list of nothing else, by which a backend is remembered. */
function namesOf(choice: BackendChoice): string | undefined {
  if (!Array.isArray(choice)) return typeof choice === "string" ? choice : undefined;
  return choice.every((one) => typeof one === "string") ? choice.join() : undefined;
}

function remember(name: string, fresh: Promise<Backend>): Promise<Backend> {
  const { opened } = remembered();
  const forget = (): void => {
    if (opened.get(name) === fresh) opened.delete(name);
  };
  opened.set(name, fresh);
  fresh.then((backend) => backend.lost.then(forget), forget);
  return fresh;
}

/**
 * Where what ran on `lost` goes on: on a backend of the same name, on a new device, at most twice a minute; else, or where that
 * does not open, on the next of the list. undefined: the list is at its end.
 * @throws TatamiError `backend` when none opens (rejects).
 */
export async function backendAfter(
  lost: Backend,
  choice: BackendChoice | undefined,
  now: () => number = () => performance.now(),
): Promise<Backend | undefined> {
  const which = choice ?? "auto";
  const { opened, losses, counted } = remembered();
  const recent = (losses.get(lost.name) ?? []).filter((time) => time > now() - minute);
  if (!counted.has(lost)) recent.push(now());
  counted.add(lost);
  losses.set(lost.name, recent);
  const names = namesOf(which);
  const known = names === undefined ? undefined : await opened.get(names);
  // Somebody else noticed first.
  if (known !== undefined && known !== lost) return known;
  const choices = choicesOf(which);
  const at = choices.findIndex((one) => (typeof one === "string" ? one : one.name) === lost.name);
  const again = recent.length <= reopenings && typeof choices[at] === "string";
  const rest = choices.slice(again ? at : at + 1);
  if (rest.length === 0) return undefined;
  const why = `its device was lost ${recent.length} times within a minute`;
  const fresh = openFirst(rest, which !== "auto", again ? [] : [{ name: lost.name, why }]);
  return names === undefined ? fresh : remember(names, fresh);
}

/** The one session of a backend; a new one when the last was closed or lost. */
export function sessionOn(backend: Backend): Session {
  const { sessions } = remembered();
  const known = sessions.get(backend);
  if (known !== undefined && isAlive(known)) return known;
  const session = openSession(backend);
  sessions.set(backend, session);
  return session;
}

function isAlive(session: Session): boolean {
  try {
    session.check();
    return true;
  } catch (error) {
    if (error instanceof TatamiError) return false;
    throw error;
  }
}

/** From now on the model's states live in this session. */
export function settleIn(model: Layer, session: Session): void {
  checkLayer(model, "tatami", "model");
  const { homes } = remembered();
  for (const [name, said] of Object.entries(model.state)) {
    const { leaf } = storedForm(said, name);
    const known = homes.get(leaf);
    if (known === undefined) homes.set(leaf, new Set([session]));
    else known.add(session);
  }
}

/** The sessions in which a model's states live now. */
export function homesOf(model: Layer): Session[] {
  const { homes } = remembered();
  const all = new Set(
    Object.entries(model.state).flatMap(([name, said]) => [...(homes.get(storedForm(said, name).leaf) ?? [])]),
  );
  return [...all].filter(isAlive);
}
