// How the site is served on this machine: `npm start`'s own server, and the commands of the demo's package.
import { spawn } from "node:child_process";
import { afterAll, describe, expect, test } from "vitest";
import { serve } from "../apps/demo/serve.ts";
import { root } from "../scripts/steps.ts";
import { canRunPages } from "./support/page.ts";
import { closeSites, visit } from "./support/site.ts";

afterAll(closeSites);

const can = canRunPages();

test.skipIf(!can)("the next free port is taken; nothing outside of the site is served", async () => {
  const first = await serve();
  const port = Number(new URL(first.url).port);
  const second = await serve({ port, base: "/deep/er/" });
  expect(Number(new URL(second.url).port)).toBeGreaterThan(port);
  const status = async (path: string): Promise<number> => (await fetch(new URL(path, second.url))).status;
  expect(await status("")).toBe(200);
  expect(await status("docs/errors.html")).toBe(200);
  for (const path of ["/", "..%2f..%2fpackage.json", "..%2fpackage.json", "%00", "%E0", "no.html"])
    expect(await status(path), path).toBe(404);
  second.close();
  first.close();
});

/** A command of the demo's package; resolves with the address that it prints. */
async function started(...words: readonly string[]): Promise<{ readonly url: string; end(): Promise<void> }> {
  const child = spawn(`${root}/node_modules/.bin/pnpm`, ["--filter", "demo", ...words], {
    cwd: root,
    stdio: ["ignore", "pipe", "ignore"],
    // A group of its own, so that all of it can be ended.
    detached: true,
    env: { ...process.env, NO_COLOR: "1" },
  });
  const gone = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
  });
  const url = await new Promise<string>((resolve, reject) => {
    let said = "";
    child.stdout.on("data", (chunk: Buffer) => {
      said += chunk.toString("utf8");
      const found = /http:\/\/(?:localhost|127\.0\.0\.1):\d+\S*/.exec(said)?.[0];
      if (found !== undefined) resolve(found);
    });
    child.once("exit", () => reject(new Error(`ended before it served anything:\n${said}`)));
  });
  return {
    url: url.endsWith("/") ? url : `${url}/`,
    async end() {
      process.kill(-child.pid!, "SIGTERM");
      await gone;
    },
  };
}

describe.skipIf(!can)("pnpm --filter demo", () => {
  test.each(["dev", "preview"])(
    "%s: the page, a worker and a document, without a word on the console",
    async (name) => {
      const { url, end } = await started(name, "--port", "0");
      try {
        const { page, trouble, open, close } = await visit({ site: { url, close: () => {} }, locale: "en-US" });
        await open("#/train?layers=d8");
        await page.locator(".readout .ready").waitFor({ timeout: 60_000 });
        await open("docs/notebook.en.html");
        expect(trouble).toEqual([]);
        await close();
      } finally {
        await end();
      }
    },
  );
});
