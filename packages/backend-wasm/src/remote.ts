/** The backend in a worker of its own, so that a page's thread does not wait for it: calls become messages. */
import {
  TatamiError,
  typedArray,
  sizeOf,
  type Backend,
  type Call,
  type Declined,
  type Kernels,
  type Loss,
  type Operand,
  type OpName,
  type Slice,
} from "@tatamijs/core/backend";
import type { Block } from "./heap.ts";
import type { Opening, RestModule, Running } from "./here.ts";
import {
  errorOf,
  failureOf,
  type Order,
  type Question,
  type RemoteKernel,
  type Reply,
  type RestAnswer,
} from "./messages.ts";
import { restCodeUrl, spawn, type Early } from "./spawn.ts";
import { aliases, alignment, bytesOf, dtypesHere, maxBytes, valuesIn, variantOf } from "./values.ts";

export interface Remote extends Backend<RemoteKernel, Block> {
  readonly running: Running;
}

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** @throws TatamiError `backend` when the worker cannot be started. */
export async function openRemote(
  opening: Opening,
  module: Promise<WebAssembly.Module>,
  restModule?: RestModule,
  early?: Early,
): Promise<Remote> {
  const waiting = new Map<number, Waiting>();
  let last = 0;
  let running: Running = { threads: 1, notes: [] };
  let gone: TatamiError | undefined;
  let lose: (loss: Loss) => void = () => undefined;
  const lost = new Promise<Loss>((resolve) => {
    lose = resolve;
  });
  const leave = (error: TatamiError): void => {
    gone = error;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  const heard = (message: unknown): void => {
    const reply = message as Reply;
    if ("running" in reply) running = reply.running;
    else if ("wants" in reply) {
      void restModule!().then(
        (known) => post({ restModule: known }),
        (error: unknown) => post({ restFailure: failureOf(error) }),
      );
    } else {
      const asked = waiting.get(reply.id);
      waiting.delete(reply.id);
      if (waiting.size === 0) worker.hold(false);
      if ("failure" in reply) asked?.reject(errorOf(reply.failure));
      else asked?.resolve(reply.value);
    }
  };
  const ended = (why: string): void => {
    leave(
      new TatamiError("device-lost", `the worker of the backend is gone (${why}); open another with wasm()`, {
        op: "wasm",
      }),
    );
    lose({ reason: why });
  };
  const worker = start(heard, ended, early);
  const ask = <T>(question: Question): Promise<T> =>
    new Promise((resolve, reject) => {
      if (gone !== undefined) return reject(gone);
      last += 1;
      waiting.set(last, { resolve, reject });
      worker.hold(true);
      return worker.post({ id: last, ...question });
    });
  const post = (it: Order | RestAnswer, transfer: readonly ArrayBuffer[] = []): void => {
    if (gone === undefined) worker.post(it, transfer);
  };
  const opened = await first(ask, opening, module, restModule !== undefined).catch(async (error: unknown) => {
    await worker.terminate();
    throw error;
  });
  running = opened.running;

  const prepare = async (call: Call): Promise<RemoteKernel | Declined> => {
    const inputs = call.inputs.map((x): Operand => ({ ...plainSpec(x), fixed: x.fixed }));
    const plain = { ...call, inputs, output: plainSpec(call.output) } as Call;
    const answer = await ask<RemoteKernel | Declined>({ kind: "prepare", call: plain });
    if ("declined" in answer) return answer;
    const packs = answer.packs?.map((pack, k) => ({ ...pack, kernel: { ...pack.kernel, call: plain, pack: k } }));
    return { ...answer, call: plain, ...(packs === undefined ? {} : { packs }) };
  };
  return {
    name: "wasm",
    get running() {
      return running;
    },
    traits: {
      get variant() {
        return `${variantOf(opening.relaxed, running.threads)}, in a worker`;
      },
      dtypes: dtypesHere(),
      alignment,
      sharesBlock: true,
      maxBytes,
      inFlight: 3,
    },
    kernels: Object.fromEntries(opened.ops.map((op) => [op, prepare])) as unknown as Kernels<RemoteKernel>,
    bytes: bytesOf,
    aliases,
    alloc: (bytes) => ask<Block>({ kind: "alloc", bytes }),
    free: (memory) => post({ kind: "free", memory }),
    write(to, given) {
      if (gone !== undefined) throw gone;
      const data = typedArray(to.spec.dtype, sizeOf(to.spec.shape));
      data.set(given);
      const bytes = data.buffer as ArrayBuffer;
      post({ kind: "write", to: plainSlice(to), bytes }, [bytes]);
    },
    async read(from, into) {
      const values = valuesIn(await ask<ArrayBuffer>({ kind: "read", from: plainSlice(from) }), from.spec);
      if (into === undefined) return values;
      into.set(values);
      return into;
    },
    async link(steps) {
      const program = await ask<number>({
        kind: "link",
        steps: steps.map(({ kernel: { call, pack }, inputs, output, scratch }) => ({
          kernel: pack === undefined ? { call } : { call, pack },
          inputs: inputs.map(plainSlice),
          output: plainSlice(output),
          ...(scratch === undefined ? {} : { scratch: plainSlice(scratch) }),
        })),
      });
      let dropped = false;
      return {
        run: () => post({ kind: "run", program }),
        close() {
          if (!dropped) post({ kind: "drop", program });
          dropped = true;
        },
      };
    },
    settle: () => ask<void>({ kind: "settle" }),
    lost,
    async close() {
      if (gone !== undefined) return;
      const closed = ask<void>({ kind: "close" });
      gone = new TatamiError("closed", "the wasm backend was closed; open another with wasm()", { op: "wasm" });
      await closed;
      await worker.terminate();
    },
  };
}

function start(
  heard: (message: unknown) => void,
  ended: (why: string) => void,
  early: Early | undefined,
): ReturnType<typeof spawn> {
  try {
    return spawn("host", { heard, ended }, early);
  } catch (cause) {
    throw new TatamiError("backend", `a worker could not be started (${String(cause)})`, { op: "wasm", cause });
  }
}

/** The worker's script is loaded beside the module. */
async function first(
  ask: <T>(question: Question) => Promise<T>,
  opening: Opening,
  module: Promise<WebAssembly.Module>,
  hasRestModule: boolean,
): Promise<{ readonly running: Running; readonly ops: readonly OpName[] }> {
  const rest = { code: restCodeUrl(), module: hasRestModule };
  return ask({ kind: "open", opening, module: await module, rest });
}

const plainSpec = ({ shape, dtype }: Slice<Block>["spec"]): Slice<Block>["spec"] => ({ shape: [...shape], dtype });

const plainSlice = ({ memory, offset, bytes, spec }: Slice<Block>): Slice<Block> => ({
  memory,
  offset,
  bytes,
  spec: plainSpec(spec),
});
