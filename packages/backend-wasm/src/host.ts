/** A worker that holds a whole backend. A message is done when it arrives, so what is said first takes effect first. */
import { isDeclined, type Call, type Kernel, type Linked, type Step } from "@tatamijs/core/backend";
import type { Block } from "./heap.ts";
import { openHere, type Here } from "./here.ts";
import type { WasmKernel } from "./kernel.ts";
import { failureOf, type RemoteStep, type Reply, type Request } from "./messages.ts";
import { onPost } from "./spawn.ts";

const programs = new Map<number, Linked>();
let last = 0;
let opened: Here | undefined;

onPost((message, answer) => {
  const request = message as Request;
  const reply = (it: Reply, transfer: readonly ArrayBuffer[] = []): void => answer(it, transfer);
  if (!("id" in request)) {
    obey(opened!, request);
    return;
  }
  const { id } = request;
  const asked = request.kind === "open" ? open(request, reply) : respond(opened!, request);
  asked.then(
    (value) => reply({ id, value }, ArrayBuffer.isView(value) ? [value.buffer as ArrayBuffer] : []),
    (error: unknown) => reply({ id, failure: failureOf(error) }),
  );
});

async function open(
  { opening, module }: Extract<Request, { kind: "open" }>,
  reply: (it: Reply) => void,
): Promise<unknown> {
  const changed = (): void => reply({ running: opened!.running });
  opened = await openHere(opening, Promise.resolve(module), changed);
  return { running: opened.running, ops: Object.keys(opened.kernels) };
}

function obey(backend: Here, order: Exclude<Request, { id: number }>): void {
  if (order.kind === "free") backend.free(order.memory);
  else if (order.kind === "write") backend.write(order.to, order.data);
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
      return viewOf(prepare(backend, asked.call));
    case "alloc":
      return backend.alloc(asked.bytes);
    case "link": {
      last += 1;
      programs.set(last, await backend.link(asked.steps.map((step) => stepOf(backend, step))));
      return last;
    }
    case "read":
      return backend.read(asked.from);
    case "settle":
      return backend.settle();
    case "close":
      return backend.close();
  }
}

function prepare(backend: Here, call: Call): WasmKernel | { readonly declined: string } {
  const table = backend.kernels as Readonly<Record<string, (call: Call) => WasmKernel | { declined: string }>>;
  return table[call.op]!(call);
}

function stepOf(backend: Here, { kernel: { call, pack }, ...places }: RemoteStep): Step<WasmKernel, Block> {
  const kernel = prepare(backend, call) as WasmKernel;
  return { kernel: pack === undefined ? kernel : (kernel.packs![pack]!.kernel as WasmKernel), ...places };
}

/** What a planner looks at: all that is no function. */
function viewOf(kernel: Kernel | { readonly declined: string }): unknown {
  if (isDeclined(kernel)) return kernel;
  const { packs, ...rest } = kernel;
  const plain = Object.fromEntries(Object.entries(rest).filter(([, value]) => typeof value !== "function"));
  return packs === undefined
    ? plain
    : { ...plain, packs: packs.map((pack) => ({ ...pack, kernel: viewOf(pack.kernel) })) };
}
