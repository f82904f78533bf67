import { input, type Spec, type Tensor } from "@tatamijs/core";
import { compile, type Program, type Session, type Update, type Value } from "@tatamijs/engine";
export interface Jit { (inputs: readonly any[]): Promise<Value[]>; program(specs: readonly Spec[]): Promise<Program>; close(): void }
export function jit(build: (...inputs: Tensor[]) => { outputs: readonly Tensor[]; updates?: readonly Update[] }, session: Session): Jit {
  const known = new Map<string, Promise<Program>>();
  const program = (specs: readonly Spec[]): Promise<Program> => {
    const key = JSON.stringify(specs);
    let p = known.get(key);
    if (p === undefined) {
      const inputs = specs.map((s) => input(s.shape, s.dtype));
      p = Promise.resolve().then(() => compile({ inputs, ...build(...inputs) }, session));
      known.set(key, p);
    }
    return p;
  };
  return Object.assign(async (inputs: readonly any[]) => (await program(inputs.map(({ shape, dtype, data }) => ({ shape, dtype: dtype ?? (data instanceof Int32Array ? "i32" : "f32") })))).run(inputs), { program, close() { for (const p of known.values()) void p.then((x) => x.close(), () => {}); } });
}
