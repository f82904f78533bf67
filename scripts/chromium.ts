// Where the browser for the browser tests comes from: TATAMI_CHROMIUM, the PATH, or (as root on a machine with apt)
// Debian's package. Without one the browser tests count as skipped, unless TATAMI_REQUIRE says that they must run.
import { accessSync, constants, existsSync, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { Outcome } from "./steps.ts";
import { run } from "./steps.ts";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const byHand = "apt-get install -y --no-install-recommends chromium";
const aptOptions = ["-y", "--no-install-recommends", "-o", "Acquire::Retries=0", "-o", "Acquire::http::Timeout=20"];

function executable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function onPath(name: string): string | undefined {
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  return folders.map((folder) => join(folder, name)).find(executable);
}

/** The path of a Chromium that is here already. Throws when TATAMI_CHROMIUM names something that cannot be run. */
export function findChromium(): string | undefined {
  const given = process.env["TATAMI_CHROMIUM"];
  if (given !== undefined && given !== "") {
    if (executable(given)) return given;
    throw new Error(
      `TATAMI_CHROMIUM=${given} is not a program that can be run: give the path of Chromium's binary, or unset it`,
    );
  }
  return names.map(onPath).find((path) => path !== undefined);
}

/** What must be there by TATAMI_REQUIRE (a list with commas). Only chromium exists so far. */
export function required(): ReadonlySet<string> {
  const wanted = (process.env["TATAMI_REQUIRE"] ?? "").split(",").map((name) => name.trim());
  const known = new Set(["chromium"]);
  const list = wanted.filter((name) => name !== "");
  const stranger = list.find((name) => !known.has(name));
  if (stranger !== undefined)
    throw new Error(`TATAMI_REQUIRE names "${stranger}"; wanted one of: ${[...known].join(", ")}`);
  return new Set(list);
}

/** What apt would fetch and take, in its own words, or why it cannot. */
async function aptSize(apt: string): Promise<string | undefined> {
  const { output } = await run(apt, ["install", "--assume-no", ...aptOptions.slice(1), "chromium"], {
    ...process.env,
    LC_ALL: "C",
  });
  const fetch = /Need to get (.+?)(?:\/.+?)? of archives/.exec(output)?.[1];
  const disk = /([\d.,]+ \w+) of additional disk space/.exec(output)?.[1];
  return fetch === undefined ? undefined : `${fetch} to fetch, ${disk ?? "?"} on disk`;
}

async function installWithApt(apt: string): Promise<string | undefined> {
  let size = await aptSize(apt);
  if (size === undefined) {
    await run(apt, ["update", ...aptOptions.slice(2)]);
    size = await aptSize(apt);
  }
  if (size === undefined) return undefined;
  process.stdout.write(`installing Debian's chromium (${size})\n${"".padEnd(14)}`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const first = await run(apt, ["install", ...aptOptions, "chromium"], env);
  if (first.code !== 0) {
    await run(apt, ["update", ...aptOptions.slice(2)]);
    await run(apt, ["install", ...aptOptions, "chromium"], env);
  }
  return findChromium();
}

/** The step of `npm test`: leaves TATAMI_CHROMIUM set for the tests when there is a browser. */
export async function browserStep({ root = process.getuid?.() === 0 }: { root?: boolean } = {}): Promise<Outcome> {
  const must = required().has("chromium");
  const apt = ["/usr/bin/apt-get", "/bin/apt-get"].find(existsSync);
  const here = findChromium();
  const path = here ?? (root && apt !== undefined ? await installWithApt(apt) : undefined);
  if (path !== undefined) {
    process.env["TATAMI_CHROMIUM"] = path;
    return { passed: 0, failed: 0, skipped: 0, detail: path };
  }
  const text = `no Chromium: the browser tests do not run. To install it: ${byHand} (as root), or set TATAMI_CHROMIUM`;
  return { passed: 0, failed: must ? 1 : 0, skipped: 0, detail: must ? "required by TATAMI_REQUIRE" : "none", text };
}
