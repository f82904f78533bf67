// Where the browser comes from, and what happens when there is none.
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { browserStep, findChromium, required } from "../scripts/chromium.ts";
import { temporaryFolder } from "./support/folder.ts";

const folder = temporaryFolder();
afterEach(() => vi.unstubAllEnvs());

function program(name: string): string {
  const path = join(folder, name);
  writeFileSync(path, "#!/bin/sh\n");
  chmodSync(path, 0o755);
  return path;
}

test("TATAMI_CHROMIUM wins over the PATH", () => {
  vi.stubEnv("PATH", folder);
  vi.stubEnv("TATAMI_CHROMIUM", program("mine"));
  program("chromium");
  expect(findChromium()).toBe(join(folder, "mine"));
  vi.stubEnv("TATAMI_CHROMIUM", "");
  expect(findChromium()).toBe(join(folder, "chromium"));
});

test("a TATAMI_CHROMIUM that cannot be run is an error, not a skip", () => {
  vi.stubEnv("TATAMI_CHROMIUM", join(folder, "absent"));
  expect(() => findChromium()).toThrow(/TATAMI_CHROMIUM=.*absent is not a program/);
});

test("without a browser and without root: none, no failure, and the line that would install it", async () => {
  vi.stubEnv("PATH", join(folder, "empty"));
  vi.stubEnv("TATAMI_CHROMIUM", "");
  vi.stubEnv("TATAMI_REQUIRE", "");
  const outcome = await browserStep({ root: false });
  expect(outcome).toMatchObject({ failed: 0, detail: "none" });
  expect(outcome.text).toContain("apt-get install");
});

test("TATAMI_REQUIRE=chromium makes that a failure", async () => {
  vi.stubEnv("PATH", join(folder, "empty"));
  vi.stubEnv("TATAMI_CHROMIUM", "");
  vi.stubEnv("TATAMI_REQUIRE", "chromium");
  expect(await browserStep({ root: false })).toMatchObject({ failed: 1 });
});

test("TATAMI_REQUIRE names only what exists", () => {
  vi.stubEnv("TATAMI_REQUIRE", "chromium, sound");
  expect(() => required()).toThrow('TATAMI_REQUIRE names "sound"; wanted one of: chromium');
});
