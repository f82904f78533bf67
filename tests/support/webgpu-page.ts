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
