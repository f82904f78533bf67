/** A program for each input shape, made when that shape first comes; the latest few are kept, so a last short batch just works. */
import {
  checkDType,
  checkShape,
  dtypeOf,
  input,
  show,
  TatamiError,
  wrongArgument,
  type Spec,
  type Tensor,
} from "@tatamijs/core";
import { compile, type CompileOptions } from "./compile.ts";
import { checkRecord, checkSession } from "./doors.ts";
import type { Graph, Value } from "./graph.ts";
import type { Given, Program } from "./program.ts";
import type { Session } from "./session.ts";

/** Makes the graph for inputs of some shapes. States must come from outside: they are the same for every shape. */
export type Build = (...inputs: Tensor[]) => Pick<Graph, "outputs" | "updates">;

export interface JitOptions extends CompileOptions {
  /** Programs kept, the latest used ones. Default 8. */
  readonly keep?: number | undefined;
}

export interface Jit {
  /**
   * One run. Inputs carry their shapes: `{ data, shape }`.
   * @throws TatamiError as `compile`; `input` for an input without a shape.
   */
  (inputs: readonly Given[]): Promise<Value[]>;
  /** The program for inputs of these shapes and dtypes. */
  program(specs: readonly Spec[]): Promise<Program>;
  /** The program for these inputs. @throws TatamiError `input`. */
  programFor(inputs: readonly Given[]): Promise<Program>;
  /** Programs held now. */
  readonly size: number;
  /** Closes the programs that are kept. */
  close(): void;
}

export function jit(build: Build, session: Session, options: JitOptions = {}): Jit {
  if (typeof build !== "function") {
    throw wrongArgument("jit", "build", build, "a function of the inputs that returns { outputs, updates? }");
  }
  checkSession(session, "jit");
  checkRecord(options, "jit", "options");
  const { keep = 8, ...rest } = options;
  if (!Number.isInteger(keep) || keep < 1) throw wrongArgument("jit", "keep", keep, "a whole number ≥ 1");
  const programs = new Map<string, Promise<Program>>();

  const make = async (specs: readonly Spec[]): Promise<Program> => {
    const inputs = specs.map(({ shape, dtype }, k) =>
      input(checkShape(shape, "jit", `shape of input ${k}`), checkDType(dtype, "jit"), `input ${k}`),
    );
    const built = build(...inputs);
    checkRecord(built, "jit", "what build returned");
    return compile({ inputs, ...built }, session, rest);
  };
  const program = (specs: readonly Spec[]): Promise<Program> => {
    const key = JSON.stringify(specs.map(({ shape, dtype }) => [dtype, ...shape]));
    const made = programs.get(key) ?? make(specs);
    programs.delete(key);
    programs.set(key, made); // the latest is last
    made.catch(() => programs.get(key) === made && programs.delete(key));
    // One that is dropped may still be in somebody's hands: it is freed when it is collected.
    for (const oldest of programs.keys()) {
      if (programs.size <= keep) break;
      programs.delete(oldest);
    }
    return made;
  };
  const programFor = async (inputs: readonly Given[]): Promise<Program> => {
    if (!Array.isArray(inputs)) {
      throw new TatamiError("input", `inputs is ${show(inputs)}; give an array with { data, shape } for each input`, {
        op: "jit",
      });
    }
    return program(inputs.map(specOfGiven));
  };
  const run = async (inputs: readonly Given[]): Promise<Value[]> => (await programFor(inputs)).run(inputs);
  const close = (): void => {
    for (const made of programs.values())
      void made.then(
        (it) => it.close(),
        () => {},
      );
    programs.clear();
  };
  return Object.defineProperty(Object.assign(run, { program, programFor, close, size: 0 }), "size", {
    get: () => programs.size,
  });
}

function specOfGiven(given: Given, k: number): Spec {
  if (typeof given !== "object" || given === null || ArrayBuffer.isView(given) || !("shape" in given)) {
    throw new TatamiError(
      "input",
      `input ${k} is ${show(given)}; give { data, shape }: its shape says which program runs`,
      { op: "jit" },
    );
  }
  const dtype = dtypeOf(given.data);
  if (dtype === undefined)
    throw new TatamiError("input", `input ${k} holds ${show(given.data)}; give a typed array`, { op: "jit" });
  return { shape: given.shape, dtype };
}
