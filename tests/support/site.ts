// The built demo site in a real Chromium, under a sub-path. What a visit must never show is collected: errors on the console,
// uncaught errors, requests that fail, reports of the CSP, requests to any other origin.
import axeCore from "axe-core";
import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";
import { serve, type Served } from "../../apps/demo/serve.ts";
import { findChromium } from "../../scripts/chromium.ts";

export interface Visit {
  readonly page: Page;
  /** What went wrong so far. */
  readonly trouble: readonly string[];
  /** Opens `#/…` of the site. */
  open(hash?: string): Promise<void>;
  /** axe-core's serious and critical findings here and now, one line each. */
  barriers(): Promise<readonly string[]>;
  close(): Promise<void>;
}

export interface VisitOptions extends BrowserContextOptions {
  readonly isolated?: boolean;
  /** A browser with further flags, kept for the visits that ask for the same. */
  readonly flags?: readonly string[];
}

/** WebGPU on a processor that plays a GPU. */
export const softwareGpu: readonly string[] = ["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"];

const browsers = new Map<string, Promise<Browser>>();
const sites = new Map<boolean, Promise<Served>>();

function browserWith(flags: readonly string[]): Promise<Browser> {
  const key = flags.join(" ");
  const known = browsers.get(key);
  if (known !== undefined) return known;
  const fresh = chromium.launch({
    executablePath: findChromium() ?? "chromium",
    args: ["--no-sandbox", "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream", ...flags],
  });
  browsers.set(key, fresh);
  return fresh;
}

export async function visit({ isolated = false, flags = [], ...options }: VisitOptions = {}): Promise<Visit> {
  if (!sites.has(isolated)) sites.set(isolated, serve({ base: "/some/where/", isolated }));
  const site = await sites.get(isolated)!;
  // axe is put into the page by the driver, which the page's CSP does not concern.
  const context = await (await browserWith(flags)).newContext({ serviceWorkers: "block", ...options });
  const page = await context.newPage();
  const trouble: string[] = [];
  page.on("console", (message) => {
    // The driver's own word about `serviceWorkers: "block"`.
    if (message.text() === "Service Worker registration blocked by Playwright") return;
    if (message.type() === "error" || message.type() === "warning") trouble.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => trouble.push(`error: ${error.message}`));
  page.on("requestfailed", (request) => {
    const why = request.failure()?.errorText;
    // A page that is left or reloaded takes back what it was still fetching; what cannot be had says another word.
    if (why !== "net::ERR_ABORTED") trouble.push(`failed: ${request.url()} ${why}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400) trouble.push(`${response.status()}: ${response.url()}`);
  });
  page.on("request", (request) => {
    if (!/^(?:blob:|data:)/.test(request.url()) && !request.url().startsWith(site.url))
      trouble.push(`elsewhere: ${request.url()}`);
  });
  return {
    page,
    trouble,
    async open(hash = "") {
      await page.goto(`${site.url}${hash}`);
      await page.locator("main h1").waitFor();
    },
    async barriers() {
      await page.evaluate(axeCore.source);
      return page.evaluate(async () => {
        const { axe } = globalThis as unknown as { axe: typeof axeCore };
        const { violations } = await axe.run(document);
        return violations
          .filter(({ impact }) => impact === "serious" || impact === "critical")
          .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`);
      });
    },
    close: () => context.close(),
  };
}

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds on a processor. */
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

/**
 * Milliseconds of the longest task of the page's own thread meanwhile, as the browser traces it. Time on a processor: what the
 * thread waits for others on a busy machine is not the page's doing.
 */
export async function longestTask(page: Page, work: () => Promise<void>): Promise<number> {
  const chromium = page.context().browser()!;
  await chromium.startTracing(page, {
    categories: ["disabled-by-default-devtools.timeline", "toplevel", "__metadata"],
  });
  await work();
  const { traceEvents } = JSON.parse((await chromium.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
  const mains = traceEvents
    .filter(({ name, args }) => name === "thread_name" && args?.name === "CrRendererMain")
    .map(({ pid, tid }) => `${pid} ${tid}`);
  const tasks = traceEvents.filter(
    ({ name, ph, pid, tid }) => ph === "X" && /RunTask/.test(name) && mains.includes(`${pid} ${tid}`),
  );
  if (tasks.length === 0) throw new Error("the trace holds no task of the page");
  return Math.max(...tasks.map(({ tdur = 0 }) => tdur)) / 1000;
}

export async function closeSites(): Promise<void> {
  for (const browser of browsers.values()) await (await browser).close();
  browsers.clear();
  for (const site of sites.values()) (await site).close();
  sites.clear();
}
