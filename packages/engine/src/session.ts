/**
 * What outlives a program on one backend: states, each its own memory with a version; the arena, which programs share
 * because the queue runs one at a time; and packed or once-computed values that several programs need alike.
 */
import type { Backend, Slice } from "@tatamijs/core/backend";
import { input, TatamiError, show, type Spec, type Tensor, type TypedArray } from "@tatamijs/core";
import { checkBackend, checkTensors } from "./doors.ts";
import { stateOf } from "./graph.ts";
import { checkData, finish, valuesOf } from "./host.ts";
import { aligned, specOf } from "./storage.ts";

/** Something that a session frees at its end, or earlier. */
export interface Freed {
  release(): void;
}

/** A state on the device. `version` changes whenever its value may have. */
export interface StateEntry {
  readonly spec: Spec;
  readonly name: string;
  version: number;
  /** Values that wait for memory. */
  pending: TypedArray;
  memory: unknown;
  users: number;
  /** Nobody can ask for it again. */
  orphan: boolean;
}

/** One use of a state's memory; `version` is the state's when this use made the memory. */
export interface Use {
  readonly entry: StateEntry;
  readonly version: number | undefined;
}

/** Memory that whoever needs it holds: what `key` names, once per session. */
export interface Shared {
  readonly key: string;
  readonly id: number;
  readonly bytes: number;
  refs: number;
  memory: unknown;
}

/**
 * Opens a session on a backend. The backend stays its opener's: closing the session does not close it.
 * @throws TatamiError `argument`.
 */
export function openSession(backend: Backend): Session {
  checkBackend(backend, "openSession");
  return new Session(backend);
}

export class Session {
  readonly backend: Backend;
  readonly #entries = new WeakMap<Tensor, StateEntry>();
  readonly #states = new Set<StateEntry>();
  readonly #paths = new Map<string, WeakRef<Tensor>>();
  readonly #shared = new Map<string, Shared>();
  readonly #freed = new Set<Freed>();
  readonly #pending = new Set<(error: TatamiError) => void>();
  readonly #flights: Promise<void>[] = [];
  readonly #ids = new WeakMap<object, number>();
  readonly #self = new WeakRef<Session>(this);
  #lastId = 0;
  #clock = 0;
  #queue: Promise<unknown> = Promise.resolve();
  #over: TatamiError | undefined;

  constructor(backend: Backend) {
    this.backend = backend;
    const sessions = sessionsOf(backend);
    sessions.add(this.#self);
    forgotten.register(this, { sessions, self: this.#self });
  }

  /** @throws TatamiError `closed`, `device-lost`. */
  check(): void {
    if (this.#over !== undefined) throw this.#over;
  }

  /**
   * A state's values now, in the form said: of `transpose(state)`, transposed. Into `into` if given.
   * @throws TatamiError `state`, `closed`, `device-lost` (rejects).
   */
  async read(state: Tensor, into?: TypedArray): Promise<TypedArray> {
    this.check();
    checkTensors([state], "session.read", "state");
    const { leaf } = stateOf(state, "state");
    const entry = this.entry(leaf);
    if (into !== undefined) checkData(into, leaf, "into", "session.read");
    if (entry.memory === undefined) return finish(valuesOf(state, leaf, entry.pending), into);
    const read = (to?: TypedArray): Promise<TypedArray> =>
      this.guard(this.backend.read(slice(this.backend, entry), to));
    return state === leaf ? read(into) : finish(valuesOf(state, leaf, await read()), into);
  }

  /**
   * Gives a state new values (in the form said); takes effect after the runs that were asked for before.
   * @throws TatamiError `state`, `data-length`, `dtype`, `closed`, `device-lost`.
   */
  write(state: Tensor, values: TypedArray): void {
    this.check();
    checkTensors([state], "session.write", "state");
    const { leaf, stored } = stateOf(state, "state");
    checkData(values, leaf, "values", "session.write");
    const said = input(state.shape, state.dtype);
    const turned = valuesOf(stored(said), said, values);
    const entry = this.entry(leaf, turned);
    entry.version = this.tick();
    if (entry.memory === undefined) entry.pending = turned === values ? values.slice() : turned;
    else this.backend.write(slice(this.backend, entry), turned);
  }

  /** Frees all that the session and its programs hold. The backend stays open. */
  async close(): Promise<void> {
    if (this.#over?.code === "closed") return;
    await this.#queue;
    sessionsOf(this.backend).delete(this.#self);
    this.#end(new TatamiError("closed", "the session is closed; open another with openSession"));
    for (const held of this.#freed) held.release();
    for (const entry of this.#states) this.#free(entry);
  }

  // What follows is for programs.

  lose(reason: string): void {
    this.#end(
      new TatamiError(
        "device-lost",
        `the device of ${this.backend.name} was lost (${reason}); open a backend again and load a checkpoint`,
      ),
    );
  }

  tick(): number {
    return ++this.#clock;
  }

  /** `first`: in place of its first values. @throws TatamiError `state` for a second state of one path. */
  entry(leaf: Tensor, first?: TypedArray): StateEntry {
    const known = this.#entries.get(leaf);
    if (known !== undefined) return known;
    const { name } = leaf.attrs as { name: string };
    const unnamed = name === "" || name === leaf.op.name;
    const other = this.#paths.get(name)?.deref();
    if (!unnamed && other !== undefined) {
      throw new TatamiError(
        "state",
        `two states have the path ${JSON.stringify(name)}; make a state once, outside the function that builds the graph, or give it no name`,
        {
          op: "session",
          details: { name },
        },
      );
    }
    const entry: StateEntry = {
      spec: specOf(leaf),
      name,
      version: this.tick(),
      pending: first ?? leaf.data!,
      memory: undefined,
      users: 0,
      orphan: false,
    };
    this.#entries.set(leaf, entry);
    if (!unnamed) this.#paths.set(name, new WeakRef(leaf));
    orphans.register(leaf, { entry, session: new WeakRef(this) });
    return entry;
  }

  /** Memory for a state, filled; counted until `drop`. */
  async use(entry: StateEntry): Promise<Use> {
    const made = entry.memory === undefined;
    if (made) {
      entry.memory = await this.alloc(this.backend.bytes(entry.spec));
      this.#states.add(entry);
      this.backend.write(slice(this.backend, entry), entry.pending);
    }
    entry.users++;
    return { entry, version: made ? entry.version : undefined };
  }

  drop({ entry, version }: Use, failed: boolean): void {
    entry.users--;
    // A compile that failed leaves no memory behind that it made, unless somebody has written there since: what it had
    // put there itself is still on the host.
    const unused = failed && version === entry.version;
    if (entry.users === 0 && (entry.orphan || unused)) this.#free(entry);
  }

  /** The state's node is gone; nobody can read or write it but the programs that use it. */
  abandon(entry: StateEntry): void {
    entry.orphan = true;
    if (this.#paths.get(entry.name)?.deref() === undefined) this.#paths.delete(entry.name);
    if (entry.users === 0) this.#free(entry);
  }

  async alloc(bytes: number): Promise<unknown> {
    const room = Math.max(aligned(bytes, this.backend), this.backend.traits.alignment);
    if (room > this.backend.traits.maxBytes) {
      throw new TatamiError(
        "out-of-memory",
        `${room} bytes in one piece are more than ${this.backend.name} can give (${this.backend.traits.maxBytes}); use a smaller batch`,
        {
          details: { bytes: room, maxBytes: this.backend.traits.maxBytes },
        },
      );
    }
    return this.backend.alloc(room);
  }

  /** A number for an object, the same as long as it lives. */
  idOf(object: object): number {
    const id = this.#ids.get(object) ?? ++this.#lastId;
    this.#ids.set(object, id);
    return id;
  }

  /**
   * What `key` names, of at least `bytes` (0: it may need no memory); whoever is first allocates. What is too small (an
   * arena) is replaced, not grown: others lie in it.
   */
  share(key: string, bytes: number): Shared {
    const known = this.#shared.get(key);
    const made =
      known !== undefined && known.bytes >= bytes
        ? known
        : { key, id: ++this.#lastId, bytes, refs: 0, memory: undefined };
    this.#shared.set(key, made);
    made.refs++;
    return made;
  }

  unshare(shared: Shared): void {
    if (--shared.refs > 0) return;
    if (this.#shared.get(shared.key) === shared) this.#shared.delete(shared.key);
    if (shared.memory !== undefined) this.backend.free(shared.memory);
  }

  /** Compiles take turns at the memory. */
  exclusive<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#queue.then(() => {
      this.check();
      return work();
    });
    this.#queue = done.catch(() => {});
    return done;
  }

  adopt(held: Freed): void {
    this.#freed.add(held);
  }

  forget(held: Freed): void {
    this.#freed.delete(held);
  }

  /** A backend's promise that also ends when the session does. */
  guard<T>(work: Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const over = (error: TatamiError): void => reject(error);
      this.#pending.add(over);
      const done = (): boolean => this.#pending.delete(over);
      work.then(
        (value) => done() && resolve(value),
        (error: unknown) => done() && reject(this.#over?.code === "device-lost" ? this.#over : asError(error)),
      );
    });
  }

  /** To be awaited when more runs are in flight than the backend wants. */
  flight(): Promise<void> | undefined {
    const most = this.backend.traits.inFlight;
    if (most === Infinity) return undefined;
    const done = this.backend.settle();
    done.catch(() => {}); // also arrives at the next read
    this.#flights.push(done);
    const first = this.#flights.length > most ? this.#flights.shift() : undefined;
    return first === undefined ? undefined : this.guard(first);
  }

  #end(error: TatamiError): void {
    if (this.#over?.code === "closed") return;
    this.#over = error;
    for (const reject of this.#pending) reject(error);
    this.#pending.clear();
  }

  #free(entry: StateEntry): void {
    this.#states.delete(entry);
    if (entry.memory !== undefined) this.backend.free(entry.memory);
    entry.memory = undefined;
  }
}

const orphans = /* @__PURE__ */ new FinalizationRegistry<{
  readonly entry: StateEntry;
  readonly session: WeakRef<Session>;
}>(({ entry, session }) => session.deref()?.abandon(entry));

/** Open sessions by backend: one wait for the loss of a device, however many sessions come and go. */
const open = /* @__PURE__ */ new WeakMap<Backend, Set<WeakRef<Session>>>();

function sessionsOf(backend: Backend): Set<WeakRef<Session>> {
  const known = open.get(backend);
  if (known !== undefined) return known;
  const sessions = new Set<WeakRef<Session>>();
  open.set(backend, sessions);
  void backend.lost.then(({ reason }) => {
    for (const session of sessions) session.deref()?.lose(reason);
  });
  return sessions;
}

const forgotten = /* @__PURE__ */ new FinalizationRegistry<{
  readonly sessions: Set<WeakRef<Session>>;
  readonly self: WeakRef<Session>;
}>(({ sessions, self }) => sessions.delete(self));

function slice(backend: Backend, { memory, spec }: StateEntry): Slice<unknown> {
  return { memory, offset: 0, bytes: backend.bytes(spec), spec };
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new TatamiError("backend", `the backend failed: ${show(error)}`);
}
