// Where the browser for the browser tests comes from: TATAMI_CHROMIUM, the PATH, or (as root on a machine with apt)
// Debian's package. Without one the browser tests count as skipped, unless TATAMI_REQUIRE says that they must run.
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { findApt, installWithApt } from "./apt.ts";
import type { Outcome } from "./steps.ts";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const byHand = "apt-get install -y --no-install-recommends chromium";

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

/** The step of `npm test`: leaves TATAMI_CHROMIUM set for the tests when there is a browser. */
export async function browserStep({ root }: { root?: boolean } = {}): Promise<Outcome> {
  const must = required().has("chromium");
  const apt = findApt(root);
  if (findChromium() === undefined && apt !== undefined) await installWithApt(apt, "chromium");
  const path = findChromium();
  if (path !== undefined) {
    process.env["TATAMI_CHROMIUM"] = path;
    return { passed: 0, failed: 0, skipped: 0, detail: path };
  }
  const text = `no Chromium: the browser tests do not run. To install it: ${byHand} (as root), or set TATAMI_CHROMIUM`;
  return { passed: 0, failed: must ? 1 : 0, skipped: 0, detail: must ? "required by TATAMI_REQUIRE" : "none", text };
}
