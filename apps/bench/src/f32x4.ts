/**
 * The f32x4 ceiling: twelve accumulators in a bare wasm loop, nothing loaded, nothing stored. Each step is
 * acc = acc · a + b, by f32x4.relaxed_madd where the engine has it, else by a product and a sum (on engines that do not
 * fuse them the same count of operations takes twice the instructions, on another port: the ceiling is the machine's all the same).
 * acc stands in the product, so that nothing can be taken out of the loop.
 */
const accumulators = 12;
const unrolled = 4;
const iterations = 20_000;

const section = (id: number, ...body: readonly number[]): number[] => [id, ...leb(body.length), ...body];

function leb(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...leb(value >> 7)];
}

/** (i32 count, f32 a, f32 b) → f32. Locals: 0 count, 1 a, 2 b, 3 and 4 both as vectors, then the accumulators. */
export function ceilingModule(relaxed: boolean): Uint8Array<ArrayBuffer> {
  const v128 = 0x7b;
  const get = (local: number): number[] => [0x20, local];
  const set = (local: number): number[] => [0x21, local];
  const simd = (op: number): number[] => [0xfd, ...leb(op)];
  const [splat, extract, mul, add, madd] = [0x13, 0x1f, 0xe6, 0xe4, 0x105] as const;
  const step = (acc: number): number[] =>
    relaxed
      ? [...get(acc), ...get(3), ...get(4), ...simd(madd), ...set(acc)]
      : [...get(acc), ...get(3), ...simd(mul), ...get(4), ...simd(add), ...set(acc)];
  const all = Array.from({ length: accumulators }, (_, k) => 5 + k);
  const code = [
    ...[...get(1), ...simd(splat), ...set(3)],
    ...[...get(2), ...simd(splat), ...set(4)],
    ...all.flatMap((acc) => [...get(2), ...simd(splat), ...set(acc)]),
    ...[0x03, 0x40], // loop
    ...Array.from({ length: unrolled }, () => all.flatMap(step)).flat(),
    ...[...get(0), 0x41, 1, 0x6b, 0x22, 0, 0x0d, 0, 0x0b], // count -= 1; again while it is not 0
    ...get(all[0]!),
    ...all.slice(1).flatMap((acc) => [...get(acc), ...simd(add)]),
    ...[...simd(extract), 0, 0x0b],
  ];
  const body = [1, ...leb(2 + accumulators), v128, ...code];
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, 1, 0x60, 3, 0x7f, 0x7d, 0x7d, 1, 0x7d),
    ...section(3, 1, 0),
    ...section(7, 1, 3, 0x72, 0x75, 0x6e, 0, 0), // "run"
    ...section(10, 1, ...leb(body.length), ...body),
  ]);
}

export interface Ceiling {
  readonly flops: number;
  run(): void | Promise<unknown>;
}

export function f32x4Ceiling(): Ceiling {
  const relaxed = ceilingModule(true);
  const bytes = WebAssembly.validate(relaxed) ? relaxed : ceilingModule(false);
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
  const run = exports["run"] as (count: number, a: number, b: number) => number;
  return {
    flops: 2 * 4 * accumulators * unrolled * iterations,
    run: () => void run(iterations, 0.75, 0.5),
  };
}
