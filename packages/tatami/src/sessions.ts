/**
 * What the umbrella remembers, so that users need not: one backend per name, opened on first use, whatever list it was found by; one
 * session per backend, so that programs share parameters; and in which sessions a model's states live.
 */
import { TatamiError, type Layer, type Tensor, type TypedArray } from "@tatamijs/core";
import type { Backend } from "@tatamijs/core/backend";
import { openSession, type Session } from "@tatamijs/engine";
import { checkLayer, storedForm } from "@tatamijs/nn";
import {
  checkedChoices,
  choicesOf,
  isBackend,
  openFirst,
  openNamed,
  type BackendChoice,
  type BackendName,
  type Report,
} from "./open.ts";

/** A backend in use; with the report of its opening, where it was opened here. */
export type UsedBackend = Backend & { readonly report?: Report };

interface Memory {
  /** By name, and by lists of names: what each of them chose. */
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
export async function backendFor(choice: BackendChoice = "auto"): Promise<UsedBackend> {
  if (isBackend(choice)) return choice;
  const names = namesOf(choice);
  const known = names === undefined ? undefined : remembered().opened.get(names);
  if (known !== undefined) return known;
  const fresh = openFirst(checkedChoices(choice), choice !== "auto", [], shared);
  return names === undefined ? fresh : remember(names, fresh);
}

/** The one backend of this name, opened where there is none; for "auto" no GPU that a processor plays. */
async function shared(name: BackendName, asked: boolean): Promise<Backend> {
  const { opened, counted } = remembered();
  const known = await opened.get(name)?.catch(() => undefined);
  const played = (known as { readonly info?: { readonly fallback?: boolean } } | undefined)?.info?.fallback === true;
  if (known !== undefined && !counted.has(known) && (asked || !played)) return known;
  const fresh = openNamed(name, asked);
  return played ? fresh : remember(name, fresh);
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
  const fresh = openFirst(rest, which !== "auto", again ? [] : [{ name: lost.name, why }], shared);
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

/** From now on the model's states live in this session, too. `first`: it is the one that changes them. */
export function settleIn(model: Layer, session: Session, op: string, first: boolean = false): void {
  for (const leaf of leavesOf(model, op)) settle(leaf, session, first);
}

/** The same of all states that these values depend on. Gives an input that they depend on, if there is one. */
export function settleAll(values: readonly Tensor[], session: Session): Tensor | undefined {
  let input: Tensor | undefined;
  const seen = new Set(values);
  // A set is walked to its end, and what is added on the way is at its end.
  for (const value of seen) {
    if (value.op.name === "state") settle(value, session, false);
    if (value.op.name === "input") input ??= value;
    for (const from of value.inputs) seen.add(from);
  }
  return input;
}

function settle(leaf: Tensor, session: Session, first: boolean): void {
  const { homes } = remembered();
  const known = homes.get(leaf) ?? [];
  homes.set(leaf, new Set(first ? [session, ...known] : [...known, session]));
}

function leavesOf(model: Layer, op: string): Tensor[] {
  checkLayer(model, op, "model");
  return Object.entries(model.state).map(([name, said]) => storedForm(said, name).leaf);
}

/** The sessions in which a model's states live now; the one first that changed them last. */
export function homesOf(model: Layer): Session[] {
  const { homes } = remembered();
  return [...new Set(leavesOf(model, "tatami").flatMap((leaf) => [...(homes.get(leaf) ?? [])]))].filter(isAlive);
}

/** What the session has made of the model's states, all others that hold them get to know. */
export async function share(model: Layer, session: Session): Promise<void> {
  const others = homesOf(model).filter((home) => home !== session);
  if (others.length === 0 || !isAlive(session)) return;
  const leaves = leavesOf(model, "tatami");
  const values = await Promise.all(leaves.map((leaf) => session.read(leaf)));
  tell(others, new Map(leaves.map((leaf, i) => [leaf, values[i]!])));
}

/** Gives sessions new values of states. One whose backend somebody has closed, or that was lost, needs none. */
export function tell(sessions: readonly Session[], values: ReadonlyMap<Tensor, TypedArray>): void {
  for (const session of sessions) {
    try {
      for (const [said, data] of values) session.write(said, data);
    } catch (error) {
      const gone = error instanceof TatamiError && (error.code === "closed" || error.code === "device-lost");
      if (!gone) throw error;
    }
  }
}
