// The WebGPU backend in Chromium, in a page or in a worker, with the kit run on it there.
import { runInPage } from "./page.ts";

export interface Got {
  readonly info: { readonly adapter: string; readonly fallback: boolean; readonly messages: readonly string[] };
  readonly passed: number;
  readonly failures: readonly unknown[];
}

/** A few ops of the kit, or the whole. */
export async function webgpuInPage(worker: boolean, whole: boolean = false): Promise<Got> {
  const kit = `
    import { webgpu } from "@tatamijs/backend-webgpu";
    import { conformance } from "@tatamijs/conformance";
    const backend = await webgpu();
    const results = [];
    for await (const result of conformance(() => backend, ${whole ? "{}" : '{ ops: ["pad", "softmax", "pool2d"] }'})) results.push(result);
    const failures = results.filter(({ status }) => status === "fail").slice(0, 5);
    const passed = results.filter(({ status }) => status === "pass").length;
    const got = { info: backend.info, passed, failures };
  `;
  const main = worker
    ? `const worker = new Worker("/kit.js", { type: "module" });
       worker.onmessage = ({ data }) => report(data);
       worker.onerror = ({ message }) => Promise.reject(new Error(message));`
    : `${kit} report(got);`;
  return (await runInPage({ main, kit: `${kit} postMessage(got);` }, { seconds: whole ? 580 : 120 })) as Got;
}

/** A product measured in a page, then asked for in a worker of the same origin: what each knows, and query sets that it made. */
export async function tunedAcrossVisits(): Promise<Record<"page" | "worker", { tuned: object; measured: number }>> {
  const visit = `
    import { webgpu } from "@tatamijs/backend-webgpu";
    import { compile, openSession } from "@tatamijs/engine";
    import { conv2d, input } from "@tatamijs/core";
    let measured = 0;
    const { createQuerySet } = GPUDevice.prototype;
    GPUDevice.prototype.createQuerySet = function (...given) {
      measured++;
      return createQuerySet.apply(this, given);
    };
    const backend = await webgpu({ profile: "gpu", precision: "strict", tune: true });
    const [x, w] = [input([1, 32, 16, 16]), input([32, 32, 3, 3])];
    await compile({ inputs: [x, w], outputs: [conv2d(x, w, { padding: 1 })] }, openSession(backend));
    const got = { tuned: backend.info.tuned, measured };
  `;
  const main = `${visit}
    const worker = new Worker("/kit.js", { type: "module" });
    worker.onmessage = ({ data }) => report({ page: got, worker: data });
    worker.onerror = ({ message }) => Promise.reject(new Error(message));`;
  return (await runInPage({ main, kit: `${visit} postMessage(got);` }, { seconds: 120 })) as Awaited<
    ReturnType<typeof tunedAcrossVisits>
  >;
}
