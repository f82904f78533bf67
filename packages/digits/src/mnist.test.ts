import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { TatamiError } from "@tatamijs/core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { loadMnist } from "./mnist.ts";
import { cacheFolder, obtainPair } from "./obtain.ts";
import type { DataFile, MnistOutcome } from "./obtain.ts";
import { preprocess } from "./preprocess.ts";

/** A stand-in of MNIST's form: 100 images of 28 × 28, and labels. */
const count = 100;
const images = new Uint8Array(16 + count * 784).map((_, i) => Math.imul(i, 0x9e3779b1) >>> 24);
images.set([0, 0, 8, 3, 0, 0, 0, count, 0, 0, 0, 28, 0, 0, 0, 28]);
const labels = new Uint8Array(8 + count).map((_, i) => i % 10);
labels.set([0, 0, 8, 1, 0, 0, 0, count]);
const sha = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
const files: readonly [DataFile, DataFile] = [
  { name: "images", bytes: images.length, sha256: sha(images) },
  { name: "labels", bytes: labels.length, sha256: sha(labels) },
];
const packed = new Map<string, Uint8Array>([
  ["/images.gz", gzipSync(images)],
  ["/labels.gz", gzipSync(labels)],
]);

let folder = "";
let url = "";
let asked: string[] = [];
let answer: (request: IncomingMessage, response: ServerResponse) => void = good;
/** A bare network namespace has no loopback, and so no local server. */
const loopback = Object.values(networkInterfaces()).some((list) => list?.some((one) => one.internal));

const server = createServer((request, response) => {
  asked.push(request.url ?? "");
  answer(request, response);
});

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tatami-mnist-"));
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  asked = [];
  answer = good;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => void server.close(resolve));
  await rm(folder, { recursive: true, force: true });
});

function good(request: IncomingMessage, response: ServerResponse): void {
  const bytes = packed.get(request.url ?? "");
  if (bytes === undefined) response.writeHead(404).end();
  else response.writeHead(200, { "content-length": bytes.length }).end(bytes);
}

const obtain = (more: Readonly<Record<string, string>> = {}): Promise<MnistOutcome> =>
  obtainPair(files, {
    env: { XDG_CACHE_HOME: folder, TATAMI_MNIST_URL: url, ...more },
    timeouts: { connect: 300, stall: 300 },
  });
const cached = join("tatami", "mnist");

function refusal(outcome: MnistOutcome): string {
  if (outcome.found) return "it was found";
  expect(outcome.line).not.toContain("\n");
  return `${outcome.why}: ${outcome.line}`;
}

describe.skipIf(!loopback)("a server that has it", () => {
  test("downloads once, then the cache answers", async () => {
    const first = await obtain();
    expect(first).toMatchObject({ found: true, from: "download", digits: { count, height: 28, width: 28 } });
    expect(asked).toEqual(["/images.gz", "/labels.gz"]);
    expect((await readdir(join(folder, cached))).toSorted()).toEqual(["images.gz", "labels.gz"]);
    const second = await obtain();
    expect(second).toMatchObject({ found: true, from: "cache" });
    expect(asked).toHaveLength(2);
    if (first.found && second.found) expect(second.digits.images).toEqual(first.digits.images);
  });

  test("tells how far it is", async () => {
    const seen: number[] = [];
    await obtainPair(files, {
      env: { XDG_CACHE_HOME: folder, TATAMI_MNIST_URL: `${url}/` },
      onProgress: ({ bytes, total }) => seen.push(bytes / (total ?? Number.NaN)),
    });
    expect(seen.filter((share) => share === 1)).toHaveLength(2);
    expect(seen.every((share) => share > 0 && share <= 1)).toBe(true);
  });

  test("a folder that cannot be written to costs nothing but the cache", async () => {
    await writeFile(join(folder, "tatami"), "a file where the folder should be");
    expect(await obtain()).toMatchObject({ found: true, from: "download" });
  });
});

describe("files that lie there", () => {
  test("TATAMI_DATA first, packed or not, and the network is not asked", async () => {
    await mkdir(join(folder, "data", "mnist"), { recursive: true });
    await writeFile(join(folder, "data", "mnist", "images"), images);
    await writeFile(join(folder, "data", "mnist", "labels.gz"), gzipSync(labels));
    expect(await obtain({ TATAMI_DATA: join(folder, "data") })).toMatchObject({ found: true, from: "TATAMI_DATA" });
    expect(asked).toEqual([]);
  });

  test.skipIf(!loopback)("a damaged file in the cache is downloaded again, alone", async () => {
    await mkdir(join(folder, cached), { recursive: true });
    await writeFile(join(folder, cached, "images.gz"), gzipSync(images).subarray(0, 1000));
    await writeFile(join(folder, cached, "labels.gz"), gzipSync(labels));
    expect(await obtain()).toMatchObject({ found: true, from: "download" });
    expect(asked).toEqual(["/images.gz"]);
    expect(await obtain()).toMatchObject({ found: true, from: "cache" });
  });

  test("other bytes are not taken, and the line says so when nothing else is there", async () => {
    await mkdir(join(folder, "data", "mnist"), { recursive: true });
    await writeFile(
      join(folder, "data", "mnist", "images"),
      images.map((byte) => byte ^ 1),
    );
    const outcome = await obtainPair(files, {
      env: { XDG_CACHE_HOME: folder, TATAMI_DATA: join(folder, "data") },
      network: false,
    });
    expect(refusal(outcome)).toMatch(
      /^offline: MNIST is not on this machine.*images is not MNIST's images \(another SHA-256\)/,
    );
  });

  test("where caches are", () => {
    expect(cacheFolder({ XDG_CACHE_HOME: "/x", HOME: "/h" }, "linux")).toBe(join("/x", "tatami", "mnist"));
    expect(cacheFolder({ HOME: "/h" }, "linux")).toBe(join("/h", ".cache", "tatami", "mnist"));
    expect(cacheFolder({ HOME: "/h" }, "darwin")).toBe(join("/h", "Library", "Caches", "tatami", "mnist"));
    expect(cacheFolder({ LOCALAPPDATA: "/l" }, "win32")).toBe(join("/l", "tatami", "Cache", "mnist"));
  });
});

describe.skipIf(!loopback)("a server that has it not", () => {
  const bomb = gzipSync(new Uint8Array(50_000_000));
  const cases: readonly (readonly [what: string, how: (response: ServerResponse) => void, text: RegExp])[] = [
    ["404", (response) => response.writeHead(404, "Not Found").end(), /^refused: .*images\.gz answers 404 Not Found/],
    ["500", (response) => response.writeHead(500).end("sorry"), /^refused: .* answers 500/],
    [
      "other bytes",
      (response) => response.end(gzipSync(labels)),
      /^damaged: .*is not MNIST's images \(another SHA-256\)/,
    ],
    ["no gzip", (response) => response.end("<html>"), /^damaged: .*is not MNIST's images/],
    ["cut gzip", (response) => response.end(gzipSync(images).subarray(0, -100)), /^damaged: .*truncated or no gzip/],
    ["a bomb", (response) => response.end(bomb), /^damaged: .*no gzip of MNIST's size/],
    ["too much", (response) => response.end(new Uint8Array(1_000_000)), /^damaged: .*sends more than/],
    [
      "a broken connection",
      (response) => {
        response.writeHead(200, { "content-length": 9000 });
        response.write("abc", () => response.destroy());
      },
      /^damaged: .*broke off/,
    ],
    [
      "silence in the middle",
      (response) => {
        response.writeHead(200);
        response.write("abc");
      },
      /^damaged: .*sent nothing for 0\.3 s/,
    ],
    ["no answer", () => undefined, /^offline: .*does not answer within 0\.3 s/],
  ];
  test.each(cases)("%s: one line, soon, and nothing in the cache", async (_, how, text) => {
    answer = (__, response) => how(response);
    const start = performance.now();
    expect(refusal(await obtain())).toMatch(text);
    expect(performance.now() - start).toBeLessThan(2000);
    expect(await readdir(folder)).toEqual([]);
  });

  test("nobody there", async () => {
    expect(refusal(await obtain({ TATAMI_MNIST_URL: "http://127.0.0.1:9/" }))).toMatch(
      /^offline: .*127\.0\.0\.1:9 does not answer/,
    );
  });

  test("the second file missing: the first is kept for next time", async () => {
    answer = (request, response) =>
      request.url === "/labels.gz" ? void response.writeHead(404).end() : good(request, response);
    expect(refusal(await obtain())).toMatch(/^refused/);
    answer = good;
    asked = [];
    expect(await obtain()).toMatchObject({ found: true });
    expect(asked).toEqual(["/labels.gz"]);
  });
});

test("a wrong address and a wrong split are errors, not outcomes", async () => {
  for (const wrong of ["ftp://x/", "nonsense"]) {
    await expect(obtain({ TATAMI_MNIST_URL: wrong })).rejects.toThrow(
      /loadMnist: TATAMI_MNIST_URL is .*wanted the http/,
    );
  }
  await expect(loadMnist("toString" as "test")).rejects.toBeInstanceOf(TatamiError);
});

describe("the real files, where TATAMI_DATA has them; else the outcome is that it has not", () => {
  const data = process.env["TATAMI_DATA"];
  const present = data !== undefined && existsSync(join(data, "mnist"));
  const load = (): Promise<MnistOutcome> =>
    loadMnist("test", { env: { TATAMI_DATA: data, XDG_CACHE_HOME: folder }, network: false });

  test("10,000 test images", async () => {
    const here = { found: true, from: "TATAMI_DATA", digits: { count: 10_000, height: 28, width: 28 } };
    expect(await load()).toMatchObject(present ? here : { found: false, why: "offline" });
  });

  test("the one preprocessing is MNIST's own: 9,990 of them pass through it with under 2 % of their ink changed", async () => {
    const outcome = await load();
    const { count: total, images: pictures } = outcome.found ? outcome.digits : { count: 0, images: new Uint8Array(0) };
    let changed = 0;
    for (let i = 0; i < total; i++) {
      const before = pictures.subarray(i * 784, (i + 1) * 784);
      const after = preprocess({ width: 28, height: 28, data: before });
      const ink = before.reduce((sum, value) => sum + value, 0);
      if (after.reduce((sum, value, k) => sum + Math.abs(value - (before[k] ?? 0)), 0) > 0.02 * ink) changed++;
    }
    expect(changed).toBeLessThanOrEqual(10);
  });
});
