/**
 * A small runner for one op or a small graph, straight on the contract: prepare, alloc, write, pack, link, run, read. No
 * engine, so a backend's author can test one kernel with nothing else. It plans nothing; it watches: memory is poisoned,
 * guarded, and inputs must be as they were.
 */
import { sizeOf, typedArray, type Kernel, type Spec, type Step, type Tensor, type TypedArray } from "@tatamijs/core";
import { prepare, type Prepared, type PrepareOptions, type Task } from "./graph.ts";
import { Rooms, type AnyBackend, type AnySlice } from "./memory.ts";

export interface RunOptions extends PrepareOptions {
  /** The last task's output lies on this operand of it: an `inPlace` claim put to the test. */
  readonly onto?: number;
  /** More runs after the first, each with its own values for the leaves; nothing is awaited in between. */
  readonly again?: readonly ReadonlyMap<Tensor, TypedArray>[];
}

export interface Ran {
  readonly prepared: Prepared;
  /** One list of output values per run. */
  readonly runs: readonly (readonly TypedArray[])[];
  /** What the memory laws found. */
  readonly fault?: string;
  readonly ms: number;
}

const none: ReadonlySet<AnySlice> = new Set();

/** Runs prepared tasks. `feeds` are the values of the leaves. @throws whatever the backend throws. */
export async function run(
  backend: AnyBackend,
  prepared: Prepared,
  feeds: ReadonlyMap<Tensor, TypedArray>,
  options: RunOptions = {},
): Promise<Ran> {
  const rooms = new Rooms(backend);
  try {
    return await runIn(rooms, backend, prepared, feeds, options);
  } finally {
    rooms.free();
  }
}

interface Plan {
  readonly slices: ReadonlyMap<Tensor, AnySlice>;
  readonly packing: readonly Step<Kernel, unknown>[];
  readonly steps: readonly Step<Kernel, unknown>[];
  /** Leaves that only packing reads: poisoned once packed. */
  readonly packedAway: ReadonlySet<AnySlice>;
}

async function runIn(
  rooms: Rooms,
  backend: AnyBackend,
  prepared: Prepared,
  feeds: ReadonlyMap<Tensor, TypedArray>,
  { onto, again = [] }: RunOptions,
): Promise<Ran> {
  const { slices, packing, steps, packedAway } = await place(rooms, backend, prepared, onto);
  const write = (values: ReadonlyMap<Tensor, TypedArray>): void => {
    for (const leaf of prepared.leaves) {
      const data = (values.get(leaf) ?? leaf.data!).slice();
      backend.write(slices.get(leaf)!, data);
      // It copies before it returns.
      data.fill(1);
    }
  };
  const overwritten = onto === undefined ? none : new Set([slices.get(prepared.tasks.at(-1)!.inputs[onto]!)!]);
  const watched = prepared.leaves.filter(
    (leaf) => !packedAway.has(slices.get(leaf)!) && !overwritten.has(slices.get(leaf)!),
  );
  const pack = packing.length === 0 ? undefined : await backend.link(packing);
  const program = await backend.link(steps);
  const start = performance.now();
  const reads: Promise<TypedArray>[][] = [];
  let kept: { leaf: Tensor; into: TypedArray; read: Promise<TypedArray> }[] = [];
  for (const values of [feeds, ...again]) {
    write(values);
    pack?.run();
    for (const slice of packedAway) rooms.poison(slice);
    program.run();
    reads.push(prepared.outputs.map((y) => quiet(backend.read(slices.get(y)!))));
    kept = watched.map((leaf) => {
      const into = typedArray(leaf.dtype, sizeOf(leaf.shape));
      return { leaf, into, read: quiet(backend.read(slices.get(leaf)!, into)) };
    });
  }
  const settled = await Promise.all(reads.map((list) => Promise.all(list)));
  const ms = performance.now() - start;
  const last = again.at(-1) ?? feeds;
  let fault = await rooms.trespass();
  for (const { leaf, into, read } of kept) {
    const now = await read;
    if (now !== into) fault ??= "read(from, into) gave another array than `into`";
    const before = last.get(leaf) ?? leaf.data!;
    const changed = now.findIndex(
      (x: number, i: number) => !Object.is(x, before[i]) && !(x === 0 && isTiny(before[i]!)),
    );
    if (changed >= 0)
      fault ??= `input ${prepared.leaves.indexOf(leaf)} was changed by the run: element ${changed} is ${now[changed]}, was ${before[changed]}`;
  }
  await backend.settle();
  pack?.close();
  program.close();
  return { prepared, runs: settled, ms, ...(fault === undefined ? {} : { fault }) };
}

/** A promise that is awaited later: its failure is heard then, and not by the runtime now. */
function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}

/** Below the smallest normal number of f16, which lies above f32's: may have been flushed when it was written. */
const isTiny = (x: number): boolean => Math.abs(x) < 2 ** -14;

async function place(rooms: Rooms, backend: AnyBackend, prepared: Prepared, onto: number | undefined): Promise<Plan> {
  const { tasks, leaves } = prepared;
  const last = tasks.at(-1);
  const inPlace = onto === undefined ? undefined : last?.inputs[onto];
  const packs = tasks.flatMap((task) => (task.kernel.packs ?? []).map((pack) => ({ task, pack })));
  const values = [...leaves, ...tasks.map(({ node }) => node)].filter(
    (node) => inPlace === undefined || node !== last?.node,
  );
  const bytesOnly = (bytes: number): { spec: Spec; bytes: number } => ({
    spec: { shape: [bytes], dtype: "u8" },
    bytes,
  });
  const scratch = [...tasks.map(({ kernel }) => kernel), ...packs.map(({ pack }) => pack.kernel)].filter(
    (kernel) => (kernel.scratch ?? 0) > 0,
  );
  const placed = await rooms.place([
    ...values.map(({ shape, dtype }) => ({
      spec: { shape: [...shape], dtype },
      bytes: backend.bytes({ shape: [...shape], dtype }),
    })),
    ...packs.map(({ pack }) => bytesOnly(pack.bytes)),
    ...scratch.map((kernel) => bytesOnly(kernel.scratch!)),
  ]);
  const slices = new Map<Tensor, AnySlice>(values.map((node, i) => [node, placed[i]!]));
  if (inPlace !== undefined && last !== undefined) {
    const { shape, dtype } = last.node;
    slices.set(last.node, { ...slices.get(inPlace)!, spec: { shape: [...shape], dtype } });
  }
  const packed = packs.map((one, i) => ({ ...one, slice: placed[values.length + i]! }));
  const scratchOf = new Map<Kernel, AnySlice>(
    scratch.map((kernel, i) => [kernel, placed[values.length + packs.length + i]!]),
  );
  const step = (kernel: Kernel, inputs: readonly AnySlice[], output: AnySlice): Step<Kernel, unknown> => {
    const room = scratchOf.get(kernel);
    return { kernel, inputs, output, ...(room === undefined ? {} : { scratch: room }) };
  };
  const operand = (task: Task, k: number): AnySlice =>
    packed.find((one) => one.task === task && one.pack.input === k)?.slice ?? slices.get(task.inputs[k]!)!;
  // Of a packed operand that nothing else reads only the packed form is left.
  const leafSlices = new Set(leaves.map((leaf) => slices.get(leaf)!));
  const read = new Set(tasks.flatMap((task) => task.inputs.map((_, k) => operand(task, k))));
  const onlyLeaves = packed.filter(({ task, pack }) => leafSlices.has(slices.get(task.inputs[pack.input]!)!));
  const packedAway = onlyLeaves
    .map(({ task, pack }) => slices.get(task.inputs[pack.input]!)!)
    .filter((slice) => !read.has(slice));
  // A pack of a computed value must run after it: then packing stands among the steps.
  const early = packed.length === onlyLeaves.length;
  const packing = packed.map(({ task, pack, slice }) => ({
    task,
    step: step(pack.kernel, [slices.get(task.inputs[pack.input]!)!], slice),
  }));
  const steps = tasks.flatMap((task) => [
    ...(early ? [] : packing.filter((one) => one.task === task).map((one) => one.step)),
    step(
      task.kernel,
      task.inputs.map((_, k) => operand(task, k)),
      slices.get(task.node)!,
    ),
  ]);
  return {
    slices,
    steps,
    packing: early ? packing.map((one) => one.step) : [],
    packedAway: new Set(early ? packedAway : []),
  };
}

/** Prepares and runs; undefined values where a primitive was declined. */
export async function evaluateOn(
  backend: AnyBackend,
  outputs: readonly Tensor[],
  feeds: ReadonlyMap<Tensor, TypedArray>,
  options: RunOptions = {},
): Promise<Ran | { readonly prepared: Prepared; readonly runs?: undefined }> {
  const prepared = await prepare(backend, outputs, options);
  if (prepared.declined.length > 0) return { prepared };
  return run(backend, prepared, feeds, options);
}
