/**
 * What the umbrella remembers, so that users need not: one backend per name, opened on first use; one session per
 * backend, so that programs share parameters; and in which sessions a model's states live.
 */
import { TatamiError, type Layer, type Tensor } from "@tatamijs/core";
import type { Backend } from "@tatamijs/core/backend";
import { openSession, type Session } from "@tatamijs/engine";
import { checkLayer, storedForm } from "@tatamijs/nn";
import { isBackend, open, type BackendChoice } from "./open.ts";

interface Memory {
  readonly opened: Map<string, Promise<Backend>>;
  readonly sessions: WeakMap<Backend, Session>;
  readonly homes: WeakMap<Tensor, Set<Session>>;
}

let memory: Memory | undefined;

function remembered(): Memory {
  memory ??= { opened: new Map(), sessions: new WeakMap(), homes: new WeakMap() };
  return memory;
}

/** The backend that a `backend` option means; left out, "auto". Names are opened once, and again after a loss. */
export function backendFor(choice: BackendChoice | undefined): Promise<Backend> {
  if (typeof choice === "object" && choice !== null && isBackend(choice)) return Promise.resolve(choice);
  if (typeof choice === "object" && choice !== null) return open(choice);
  const { opened } = remembered();
  const name = choice ?? "auto";
  const known = opened.get(name);
  if (known !== undefined) return known;
  const fresh: Promise<Backend> = open(name);
  const forget = (): void => {
    if (opened.get(name) === fresh) opened.delete(name);
  };
  opened.set(name, fresh);
  fresh.then((backend) => backend.lost.then(forget), forget);
  return fresh;
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
