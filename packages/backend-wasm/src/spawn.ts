/** Workers, as Node and its like have them and as pages have them. */

/** The other end of a worker. */
export interface Spawned {
  post(message: unknown, transfer?: readonly ArrayBuffer[]): void;
  /** While an answer is waited for, Node must not end; a worker alone does not keep it from that. */
  hold(on: boolean): void;
  /** Resolves when it no longer runs. */
  terminate(): Promise<void>;
}

export interface Listener {
  /** A message from the worker. */
  heard(message: unknown): void;
  /** It could not be started, threw, or ended by itself. Heard once at the most. */
  ended(why: string): void;
}

interface NodeWorker {
  on(event: "message" | "error" | "exit", listener: (value: never) => void): void;
  postMessage(message: unknown, transfer?: readonly ArrayBuffer[]): void;
  ref(): void;
  unref(): void;
  terminate(): Promise<number>;
}

interface NodeProcess {
  getBuiltinModule(name: "node:worker_threads"): {
    readonly Worker: new (url: URL) => NodeWorker;
    readonly parentPort: {
      on(event: "message", listener: (message: never) => void): void;
      postMessage(message: unknown): void;
    } | null;
  };
}

const { process } = globalThis as { readonly process?: Partial<NodeProcess> };

/** Node's own workers, which do not keep a process alive; Deno and Bun have them too. Undefined in pages. */
const nodeWorkers = (): ReturnType<NodeProcess["getBuiltinModule"]> | undefined =>
  process?.getBuiltinModule?.("node:worker_threads");

export type WorkerName = "thread" | "host";

/** Each literally, where bundlers look for them. */
const pageWorkers: Readonly<Record<WorkerName, () => Worker>> = {
  thread: () => new Worker(new URL("../workers/thread.js", import.meta.url), { type: "module", name: "tatami-thread" }),
  host: () => new Worker(new URL("../workers/host.js", import.meta.url), { type: "module", name: "tatami-host" }),
};

/** What a host imports when it is wanted; it stands alone as they do. */
export const restCodeUrl = (): string => new URL("../workers/rest.js", import.meta.url).href;

/** A page's worker that was started before there was anybody to hear it. */
export interface Early {
  readonly worker: Worker;
  failure: Event | undefined;
}

/** @throws what the platform throws where workers are not allowed. */
export function spawn(name: WorkerName, { heard, ended }: Listener, early?: Early): Spawned {
  let over = false;
  const end = (why: string): void => {
    if (!over) ended(why);
    over = true;
  };
  const node = nodeWorkers();
  if (node !== undefined) {
    // Not literally: in a bundle for pages this is nobody's file. And not from import.meta.url, about which webpack warns where
    // it stands with an expression, and which is a path of the build's machine in its bundles; a binary's place it knows.
    const beside = new URL("../binaries/simd-first.wasm", import.meta.url);
    const worker = new node.Worker(new URL(`../workers/${name}.js`, beside));
    worker.on("message", heard);
    worker.on("error", (error: unknown) => end(String(error)));
    worker.on("exit", (code: unknown) => end(`it ended with code ${String(code)}`));
    worker.unref();
    return {
      post: (message, transfer) => worker.postMessage(message, transfer),
      hold: (on) => (on ? worker.ref() : worker.unref()),
      async terminate() {
        over = true;
        await worker.terminate();
      },
    };
  }
  const worker = early?.worker ?? pageWorkers[name]();
  const failed = (event: Event): void =>
    end((event as Partial<ErrorEvent>).message ?? "its script could not be loaded");
  worker.addEventListener("message", ({ data }) => heard(data));
  worker.addEventListener("error", failed);
  if (early?.failure !== undefined) queueMicrotask(() => failed(early.failure!));
  worker.addEventListener("messageerror", () => end("a message could not be read"));
  return {
    post: (message, transfer = []) => worker.postMessage(message, [...transfer]),
    hold: () => undefined,
    async terminate() {
      over = true;
      worker.terminate();
    },
  };
}

/** Inside of a worker: hears what is posted to it, and answers. */
export function onPost(
  heard: (message: unknown, answer: (message: unknown, transfer?: readonly ArrayBuffer[]) => void) => void,
): void {
  const port = nodeWorkers()?.parentPort ?? undefined;
  if (port !== undefined) {
    port.on("message", (message) => heard(message, (answer) => port.postMessage(answer)));
  } else {
    const scope = globalThis as unknown as Worker;
    scope.addEventListener("message", ({ data }) =>
      heard(data, (answer, transfer = []) => scope.postMessage(answer, [...transfer])),
    );
  }
}
