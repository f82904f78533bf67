/** A worker that holds a whole backend. One message after the other, so what is said first takes effect first. */
import {
  isDeclined,
  TatamiError,
  type Call,
  type Declined,
  type Kernel,
  type Linked,
  type Prepare,
  type Step,
} from "@tatamijs/core/backend";
import type { Block } from "./heap.ts";
import { openHere, type Here } from "./here.ts";
import type { WasmKernel } from "./kernel.ts";
import { errorOf, failureOf, type RemoteStep, type Reply, type Request, type RestAnswer } from "./messages.ts";
import { onPost } from "./spawn.ts";
import type { RestCode } from "./table.ts";
import { startThreads } from "./threads.ts";
import { valuesIn } from "./values.ts";

const programs = new Map<number, Linked>();
let last = 0;
let opened: Here | undefined;
let turn: Promise<void> = Promise.resolve();

/** What waits for the rest of the module. */
let given: (rest: RestAnswer) => void = () => undefined;

onPost((message, answer) => {
  if ("restModule" in (message as object) || "restFailure" in (message as object)) return given(message as RestAnswer);
  turn = turn.then(() => handle(message as Request, answer));
});

async function handle(request: Request, reply: (it: Reply, transfer?: readonly ArrayBuffer[]) => void): Promise<void> {
  if (!("id" in request)) {
    try {
      obey(opened!, request);
    } catch (error) {
      // Nobody waits for an answer: the page hears that its worker is broken.
      queueMicrotask(() => {
        throw error;
      });
    }
    return;
  }
  const { id } = request;
  try {
    const value = await (request.kind === "open" ? open(request, reply) : respond(opened!, request));
    reply({ id, value }, value instanceof ArrayBuffer ? [value] : []);
  } catch (error) {
    reply({ id, failure: failureOf(error) });
  }
}

async function open(
  { opening, module, rest }: Extract<Request, { kind: "open" }>,
  reply: (it: Reply) => void,
): Promise<unknown> {
  const changed = (): void => reply({ running: opened!.running });
  const restModule = async (): Promise<WebAssembly.Module> => {
    reply({ wants: "restModule" });
    const answer = await new Promise<RestAnswer>((resolve) => {
      given = resolve;
    });
    if ("restModule" in answer) return answer.restModule;
    throw errorOf(answer.restFailure);
  };
  opened = await openHere(opening, Promise.resolve(module), {
    restCode: () => codeAt(rest.code),
    restModule: rest.module ? restModule : undefined,
    changed,
    start: startThreads,
  });
  return { running: opened.running, ops: Object.keys(opened.kernels) };
}

/** Not literally, so that no bundler makes parts of a worker, which not each can; the page's side says where the file is. */
async function codeAt(url: string): ReturnType<RestCode> {
  try {
    return await import(url);
  } catch (cause) {
    throw new TatamiError(
      "backend",
      `the kernels in ${url} could not be loaded: ${String(cause)}. A bundler or server must carry the package's folder workers along`,
      { op: "wasm", cause },
    );
  }
}

function obey(backend: Here, order: Exclude<Request, { id: number }>): void {
  if (order.kind === "free") backend.free(order.memory);
  else if (order.kind === "write") backend.write(order.to, valuesIn(order.bytes, order.to.spec));
  else if (order.kind === "run") programs.get(order.program)!.run();
  else {
    programs.get(order.program)!.close();
    programs.delete(order.program);
  }
}

async function respond(
  backend: Here,
  asked: Exclude<Extract<Request, { id: number }>, { kind: "open" }>,
): Promise<unknown> {
  switch (asked.kind) {
    case "prepare":
      return viewOf(await prepare(backend, asked.call));
    case "alloc":
      return backend.alloc(asked.bytes);
    case "link": {
      const steps = await Promise.all(asked.steps.map((step) => stepOf(backend, step)));
      last += 1;
      programs.set(last, await backend.link(steps));
      return last;
    }
    case "read":
      return (await backend.read(asked.from)).buffer;
    case "settle":
      return backend.settle();
    case "close":
      return backend.close();
  }
}

async function prepare(backend: Here, call: Call): Promise<WasmKernel | Declined> {
  const prepares = backend.kernels as Readonly<Record<string, Prepare<never, WasmKernel>>>;
  return prepares[call.op]!(call as never);
}

async function stepOf(
  backend: Here,
  { kernel: { call, pack }, ...places }: RemoteStep,
): Promise<Step<WasmKernel, Block>> {
  const kernel = (await prepare(backend, call)) as WasmKernel;
  return { kernel: pack === undefined ? kernel : (kernel.packs![pack]!.kernel as WasmKernel), ...places };
}

/** What a planner looks at: all that is no function. */
function viewOf(kernel: Kernel | Declined): unknown {
  if (isDeclined(kernel)) return kernel;
  const { packs, ...rest } = kernel;
  const plain = Object.fromEntries(Object.entries(rest).filter(([, value]) => typeof value !== "function"));
  return packs === undefined
    ? plain
    : { ...plain, packs: packs.map((pack) => ({ ...pack, kernel: viewOf(pack.kernel) })) };
}
