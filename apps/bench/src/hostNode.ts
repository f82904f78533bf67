/** Agents as Node processes, one for each system. */
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { withVulkan } from "../../../scripts/vulkan.ts";
import type { Agent, Reply } from "./agent.ts";
import type { Entry } from "./systems.ts";

export interface Hosted {
  readonly entry: Entry;
  readonly version: string;
  readonly ask: Agent;
  close(): Promise<void>;
}

type Message = { readonly value: Reply } | { readonly error: string };

/**
 * Runs make and drop outputs of a megabyte. By its defaults glibc gives such memory back at once, and each run then pays for
 * fresh pages, which in a virtual machine costs native runners more than the convolution does (1.2 ms became 3.8 in ours).
 * So memory is kept and its pages are large, for everyone.
 */
const environment = {
  ...process.env,
  GLIBC_TUNABLES:
    "glibc.malloc.mmap_threshold=1073741824:glibc.malloc.trim_threshold=4294967296:glibc.malloc.hugetlb=1:glibc.malloc.top_pad=67108864",
};

export async function openInNode(entry: Entry): Promise<Hosted> {
  const { system, threads } = entry;
  const child = fork(fileURLToPath(new URL("agentNode.ts", import.meta.url)), {
    execArgv: ["--conditions=@tatamijs/source", "--disable-warning=ExperimentalWarning"],
    serialization: "advanced",
    // A GPU is found by Dawn, whose driver on a machine without one is SwiftShader.
    env: system.threads.gpu === undefined ? environment : withVulkan(environment),
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  // Peers greet there; it matters only where a process ends.
  let words = "";
  child.stderr?.on("data", (bytes: Buffer) => {
    words = `${words}${bytes.toString("utf8")}`.slice(-500);
  });
  const gone = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
  });
  const ask: Agent = (request) =>
    new Promise((resolve, reject) => {
      const over = (): void => {
        child.off("message", heard);
        child.off("exit", died);
      };
      const heard = (message: Message): void => {
        over();
        if ("error" in message) reject(new Error(message.error));
        else resolve(message.value);
      };
      const died = (code: number | null, signal: string | null): void => {
        over();
        reject(new Error(`its process ended (${signal ?? code}) ${words}`));
      };
      if (!child.connected) {
        reject(new Error("its process has ended"));
        return;
      }
      child.on("message", heard);
      child.on("exit", died);
      child.send(request);
    });
  const close = async (): Promise<void> => {
    if (child.connected) child.disconnect();
    const timer = setTimeout(() => child.kill("SIGKILL"), 2000);
    await gone;
    clearTimeout(timer);
  };
  try {
    const opening = { threads, ...system.opening };
    const version = (await ask({ do: "open", module: system.module, opening })) as string;
    return { entry, version, ask, close };
  } catch (error) {
    await close();
    throw error;
  }
}
