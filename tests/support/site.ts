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
  /** Opens `#/…` of the site, or `docs/…`. */
  open(hash?: string): Promise<void>;
  /** axe-core's serious and critical findings here and now, one line each. */
  barriers(options?: { readonly without?: readonly string[] }): Promise<readonly string[]>;
  close(): Promise<void>;
}

export interface VisitOptions extends BrowserContextOptions {
  readonly isolated?: boolean;
  /** A GPU, played by the processor. Default: none at all. */
  readonly webgpu?: boolean;
  /** Whether its camera, which is played too, is granted. Default true. */
  readonly camera?: boolean;
  /** The size of text that the visitor has set in the browser, in pixels. Default 16. */
  readonly textSize?: number;
  /** A site of one's own. Default: one that all visits of a test file share. */
  readonly site?: Served;
}

const browsers = new Map<string, Promise<Browser>>();
const sites = new Map<boolean, Promise<Served>>();

export async function visit({
  isolated = false,
  webgpu = false,
  camera = true,
  textSize = 16,
  site: own,
  ...options
}: VisitOptions = {}): Promise<Visit> {
  const kind = `${webgpu} ${camera} ${textSize}`;
  const browser = browsers.get(kind) ?? launch(webgpu, camera, textSize);
  browsers.set(kind, browser);
  if (own === undefined && !sites.has(isolated)) sites.set(isolated, serveSite({ isolated }));
  const site = own ?? (await sites.get(isolated)!);
  // axe is put into the page by the driver, which the page's CSP does not concern.
  const context = await (await browser).newContext({ serviceWorkers: "block", ...options });
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
    async barriers({ without = [] } = {}) {
      await page.evaluate(axeCore.source);
      return page.evaluate(async (left) => {
        const { axe } = globalThis as unknown as { axe: typeof axeCore };
        const rules = Object.fromEntries(left.map((rule) => [rule, { enabled: false }]));
        const { violations } = await axe.run(document, { rules });
        return violations
          .filter(({ impact }) => impact === "serious" || impact === "critical")
          .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`);
      }, without);
    },
    close: () => context.close(),
  };
}

/** The built site under a sub-path. */
export function serveSite(options: { readonly isolated?: boolean; readonly port?: number } = {}): Promise<Served> {
  return serve({ base: "/some/where/", ...options });
}

function launch(webgpu: boolean, camera: boolean, textSize: number): Promise<Browser> {
  return chromium.launch({
    executablePath: findChromium() ?? "chromium",
    args: [
      "--no-sandbox",
      `--use-fake-ui-for-media-stream${camera ? "" : "=deny"}`,
      "--use-fake-device-for-media-stream",
      `--blink-settings=defaultFontSize=${textSize}`,
      ...(webgpu ? ["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"] : []),
    ],
  });
}

export async function closeSites(): Promise<void> {
  for (const browser of browsers.values()) await (await browser).close();
  browsers.clear();
  for (const site of sites.values()) (await site).close();
  sites.clear();
}
