/** A compiled graph: addresses are fixed, so a run writes the inputs and calls what was linked, and allocates nothing. */
import type { Backend, Linked, Slice } from "@tatamijs/core/backend";
import { checkShape, show, TatamiError, type Shape, type Spec, type TypedArray } from "@tatamijs/core";
import type { Value } from "./graph.ts";
import { checkData } from "./host.ts";
import type { Plan } from "./plan.ts";
import type { Freed, Session, StateEntry } from "./session.ts";

/** What an input takes: values, or values with the shape they have. */
export type Given = TypedArray | { readonly data: TypedArray; readonly shape: Shape };

/** All that a program holds on the device; knows nothing of the program, so that a program that is dropped can be freed. */
export interface Held extends Freed {
  readonly session: Session;
  readonly once: Linked | undefined;
  readonly run: Linked;
  readonly inputs: readonly (Slice<unknown> | undefined)[];
  readonly outputs: readonly Slice<unknown>[];
  readonly watched: readonly StateEntry[];
  readonly updated: readonly StateEntry[];
}

const dropped = /* @__PURE__ */ new FinalizationRegistry<Freed>((held) => held.release());

export class Program implements Disposable {
  readonly session: Session;
  readonly inputs: readonly Spec[];
  readonly outputs: readonly Spec[];
  readonly plan: Plan;
  readonly #held: Held;
  readonly #seen: number[];
  #ready = false;
  #ran = false;
  #closed = false;

  constructor(held: Held, plan: Plan, inputs: readonly Spec[], outputs: readonly Spec[]) {
    this.session = held.session;
    this.inputs = inputs;
    this.outputs = outputs;
    this.plan = plan;
    this.#held = held;
    this.#seen = held.watched.map(() => -1);
    dropped.register(this, held, this);
  }

  get backend(): Backend {
    return this.session.backend;
  }

  /**
   * Asks for one run and reads nothing. `await` what it gives: it waits only while the backend has as many runs in flight
   * as it wants.
   * @throws TatamiError `input`, `closed`, `device-lost`.
   */
  step(inputs: readonly Given[] = none): Promise<void> | undefined {
    this.#check();
    this.#checkInputs(inputs);
    const { session, once, run, watched, updated, inputs: slots } = this.#held;
    if (once !== undefined && this.#stale()) {
      once.run();
      for (let i = 0; i < watched.length; i++) this.#seen[i] = watched[i]!.version;
      this.#ready = true;
    }
    for (let k = 0; k < slots.length; k++) {
      const slot = slots[k];
      const given = inputs[k]!;
      if (slot !== undefined) session.backend.write(slot, ArrayBuffer.isView(given) ? given : given.data);
    }
    run.run();
    this.#ran = true;
    for (let i = 0; i < updated.length; i++) updated[i]!.version = session.tick();
    return session.flight();
  }

  /**
   * Output `output` as of the last run asked for, into `into` if given. Call it right after `step`; await it when the values are needed.
   * @throws TatamiError `argument`, `closed`, `device-lost` (rejects).
   */
  async read(output: number = 0, into?: TypedArray): Promise<TypedArray> {
    this.#check();
    const slice = this.#held.outputs[output];
    if (slice === undefined) {
      throw new TatamiError(
        "argument",
        `output is ${show(output)}, but the program has ${this.outputs.length}; use 0 to ${this.outputs.length - 1}`,
        { op: "program.read" },
      );
    }
    if (!this.#ran)
      throw new TatamiError("argument", "nothing has run yet; call step or run first", { op: "program.read" });
    if (into !== undefined) checkData(into, slice.spec, "into", "program.read");
    return this.session.guard(this.backend.read(slice, into));
  }

  /** One run and all its outputs. @throws TatamiError `input`, `closed`, `device-lost` (rejects). */
  async run(inputs: readonly Given[] = none): Promise<Value[]> {
    const room = this.step(inputs);
    const reads = this.outputs.map(async ({ shape, dtype }, k): Promise<Value> => ({
      data: await this.read(k),
      shape,
      dtype,
    }));
    await Promise.all([room, ...reads]);
    return Promise.all(reads);
  }

  /** All runs asked for are done, or rejects with the first failure. */
  async settle(): Promise<void> {
    this.#check();
    await this.session.guard(this.backend.settle());
  }

  /** Gives its memory back now; left out, that happens when the program is collected. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    dropped.unregister(this);
    this.#held.release();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #check(): void {
    this.session.check();
    if (this.#closed) throw new TatamiError("closed", "the program is closed; compile it again");
  }

  #stale(): boolean {
    if (!this.#ready) return true;
    const { watched } = this.#held;
    for (let i = 0; i < watched.length; i++) if (this.#seen[i] !== watched[i]!.version) return true;
    return false;
  }

  /** All of them, before the first is written: a run happens whole or not at all. */
  #checkInputs(inputs: readonly Given[]): void {
    if (!Array.isArray(inputs)) {
      throw new TatamiError(
        "input",
        `inputs is ${show(inputs)}; give an array with a typed array, or { data, shape }, for each input`,
        {
          op: "run",
        },
      );
    }
    if (inputs.length !== this.inputs.length) {
      throw new TatamiError("input", `the program takes ${this.inputs.length} inputs, ${inputs.length} were given`, {
        op: "run",
      });
    }
    for (let k = 0; k < inputs.length; k++) checkInput(inputs[k], this.inputs[k]!, k);
  }
}

const none: readonly Given[] = [];

/** Values, or { data, shape }. */
function checkInput(given: unknown, spec: Spec, k: number): void {
  const record = ArrayBuffer.isView(given)
    ? undefined
    : (given as { data?: unknown; shape?: Shape } | null | undefined);
  if (record?.shape !== undefined) checkShape(record.shape, "run", `the shape of input ${k}`);
  checkData(record?.data ?? given, spec, k, "run", record?.shape);
}
