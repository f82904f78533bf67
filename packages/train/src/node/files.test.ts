import { spawn } from "node:child_process";
import type { ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { TatamiError } from "@tatamijs/core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { loadCheckpoint, loadSafetensors } from "./checkpoint.ts";
import { readBytes, saveBytes } from "./files.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tatami-files-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function message(run: Promise<unknown>): Promise<string> {
  try {
    await run;
  } catch (error) {
    if (error instanceof TatamiError) return `${error.code} ${error.message}`;
    throw error;
  }
  return "nothing was thrown";
}

/** Plain JavaScript for a real process: saves ever newer checkpoints, prints the number of each that is done. */
const saver = `
  import { loadCheckpoint, saveCheckpoint } from ${JSON.stringify(new URL("checkpoint.ts", import.meta.url).href)};
  const [path, kilobytes] = process.argv.slice(-2);
  const before = await loadCheckpoint(path).catch(() => undefined);
  for (let step = (before?.step ?? 0) + 1; ; step++) {
    const data = new Float32Array(Number(kilobytes) * 256).fill(step);
    const weights = new Map([["w", { dtype: "f32", shape: [data.length], data }]]);
    const rest = { optimizer: new Map(), generator: new Map(), step, epoch: 0, position: 0, extra: {} };
    try {
      await saveCheckpoint(path, { weights, ...rest });
    } catch (error) {
      process.stdout.write("error " + error.code + " " + error.message + "\\n");
      process.exit(3);
    }
    process.stdout.write(step + "\\n");
  }
`;

function startSaver(path: string, kilobytes: number, ulimit?: string): ChildProcessByStdio<null, Readable, null> {
  const flags = ["--conditions=@tatamijs/source", "--no-warnings", "--input-type=module", "--eval", saver];
  const node = [process.execPath, ...flags, path, String(kilobytes)];
  const limited = ulimit === undefined ? node : ["sh", "-c", `ulimit -f ${ulimit} && exec "$@"`, "sh", ...node];
  const [program = "", ...parameters] = limited;
  return spawn(program, parameters, { stdio: ["ignore", "pipe", "inherit"] });
}

describe("reading", () => {
  test("a missing file", async () => {
    expect(await message(readBytes(join(folder, "none")))).toMatch(/^not-found readBytes: no file at .*Check the path/);
    expect(await message(loadCheckpoint(join(folder, "none")))).toMatch(/^not-found /);
  });

  test("a folder, a bad path, and a path that goes through a file", async () => {
    await writeFile(join(folder, "file"), "x");
    expect(await message(readBytes(folder))).toMatch(/^io .*it is a folder/);
    expect(await message(readBytes(join(folder, "file", "below")))).toMatch(/^not-found /);
    for (const path of ["", "a\0b", 3, undefined]) {
      expect(await message(readBytes(path as string))).toMatch(/^argument .*wanted a text that names a file/);
    }
  });

  test("a damaged file: the error names it", async () => {
    const path = join(folder, "weights.safetensors");
    await writeFile(path, "no");
    expect(await message(loadSafetensors(path))).toMatch(/^format .*weights\.safetensors: readSafetensors: .*2 bytes/);
  });
});

describe("saving", () => {
  test("replaces the file, and leaves nothing else", async () => {
    const path = join(folder, "a.bin");
    await saveBytes(path, Uint8Array.of(1));
    await saveBytes(path, Uint8Array.of(2, 3));
    expect(await readBytes(path)).toEqual(Uint8Array.of(2, 3));
    expect(await readdir(folder)).toEqual(["a.bin"]);
  });

  test("many at once: each whole, one wins", async () => {
    const path = join(folder, "a.bin");
    await Promise.all(Array.from({ length: 8 }, (_, i) => saveBytes(path, new Uint8Array(1000).fill(i))));
    expect(new Set(await readBytes(path)).size).toBe(1);
    expect(await readdir(folder)).toEqual(["a.bin"]);
  });

  test("through a symbolic link, which stays", async () => {
    await writeFile(join(folder, "real"), "old");
    await symlink("real", join(folder, "link"));
    await saveBytes(join(folder, "link"), Uint8Array.of(7));
    expect(await readFile(join(folder, "real"))).toEqual(Buffer.of(7));
  });

  test("a folder that is not there, a target that is a folder: the error says so, nothing is left", async () => {
    expect(await message(saveBytes(join(folder, "none", "a"), Uint8Array.of(1)))).toMatch(
      /^io .*its folder does not exist/,
    );
    await mkdir(join(folder, "dir"));
    expect(await message(saveBytes(join(folder, "dir"), Uint8Array.of(1)))).toMatch(
      /^io saveBytes: cannot save 1 bytes/,
    );
    expect(await readdir(folder)).toEqual(["dir"]);
    expect(await message(saveBytes(join(folder, "a"), "text" as unknown as Uint8Array))).toMatch(/^argument /);
  });

  test("what killed processes left goes away; what others are writing stays", async () => {
    const path = join(folder, "a.bin");
    const host = hostname()
      .replace(/[^A-Za-z0-9]/g, "")
      .slice(0, 32);
    const dead = spawn(process.execPath, ["-e", ""]);
    await once(dead, "exit");
    const left = [`.a.bin.tatami-${host}-${dead.pid}-1.tmp`, `.a.bin.tatami-${host}-${process.pid}-999.tmp`];
    const old = ".a.bin.tatami-elsewhere-1-1.tmp";
    const kept = [
      ".a.bin.tatami-elsewhere-2-1.tmp",
      `.a.bin.tatami-${host}-${process.ppid}-1.tmp`,
      ".b.bin.tatami-x-1-1.tmp",
      "a.bin.tmp",
    ];
    for (const name of [...left, old, ...kept]) await writeFile(join(folder, name), "x");
    await utimes(join(folder, old), 0, 0);
    await saveBytes(path, Uint8Array.of(1));
    expect((await readdir(folder)).toSorted()).toEqual([...kept, "a.bin"].toSorted());
  });
});

test("a full disk while saving: error io, the old file untouched, nothing left", async () => {
  const path = join(folder, "checkpoint.safetensors");
  const first = startSaver(path, 8);
  await once(first.stdout, "data");
  first.kill("SIGKILL");
  await once(first, "exit");
  const before = await readBytes(path);
  // The file may grow to 64 blocks of 512 bytes: the next checkpoint, of 256 KiB, does not fit.
  const second = startSaver(path, 256, "64");
  let said = "";
  second.stdout.on("data", (part: Buffer) => (said += part.toString()));
  const [code] = (await once(second, "close")) as [number | null];
  expect(said).toMatch(/^error io .*cannot save \d+ bytes.*What was there before is untouched/m);
  expect(code).toBe(3);
  expect(await readBytes(path)).toEqual(before);
  expect((await readdir(folder)).filter((name) => name.endsWith(".tmp"))).toEqual([]);
});

test("killed at 50 random moments: the old or the new checkpoint always loads", { timeout: 120_000 }, async () => {
  let seed = 20;
  const moment = (): number => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return (seed / 2 ** 32) * 25;
  };
  const seen: { temporaries: number; saved: number } = { temporaries: 0, saved: 0 };
  async function killed(path: string): Promise<void> {
    const child = startSaver(path, 1024);
    let done = -1;
    const first = once(child.stdout, "data");
    child.stdout.on("data", (part: Buffer) => {
      for (const line of part.toString().trim().split("\n")) done = Math.max(done, Number(line));
    });
    await first;
    await new Promise((resolve) => setTimeout(resolve, moment()));
    child.kill("SIGKILL");
    await once(child, "close");
    const { step, weights } = await loadCheckpoint(path);
    // What it said was saved is there, or the next one.
    expect(step).toBeGreaterThanOrEqual(done);
    expect(step).toBeLessThanOrEqual(done + 1);
    expect(new Set(weights.get("w")?.data as Float32Array)).toEqual(new Set([step]));
    seen.saved += done;
  }
  for (let round = 0; round < 25; round++) {
    await Promise.all([killed(join(folder, "a.safetensors")), killed(join(folder, "b.safetensors"))]);
    seen.temporaries += (await readdir(folder)).filter((name) => name.endsWith(".tmp")).length;
  }
  // The test bites: some kills fell into the middle of a write, and no more is left than the last two could leave.
  expect(seen.temporaries).toBeGreaterThan(5);
  expect((await readdir(folder)).length).toBeLessThanOrEqual(4);
});
