/**
 * MNIST's files, wherever they can be had: the folder that `TATAMI_DATA` names, this user's cache, a download. Each is
 * checked by the SHA-256 of its *uncompressed* bytes, so it does not matter who packed it. Not finding it is an
 * ordinary outcome with one line to print: everything that needs MNIST also works without.
 */
import { createHash } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { TatamiError, show } from "@tatamijs/core";
import { readIdxPair } from "@tatamijs/train";
import type { LabelledImages } from "@tatamijs/train";
import { readBytes, saveBytes } from "@tatamijs/train/node";
import { download } from "./download.ts";
import type { DownloadProgress } from "./download.ts";

/** Found, and where; or not, and one line that says why. */
export type MnistOutcome =
  | { readonly found: true; readonly from: "TATAMI_DATA" | "cache" | "download"; readonly digits: LabelledImages }
  | { readonly found: false; readonly why: "offline" | "refused" | "damaged"; readonly line: string };

export interface MnistOptions {
  /** Reads `TATAMI_DATA`, `TATAMI_MNIST_URL` and where caches are. Default `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** May it ask the network? Default true. */
  readonly network?: boolean;
  readonly onProgress?: (progress: DownloadProgress) => void;
  /** Milliseconds until the first byte, and between two. Default 2,500 and 10,000. */
  readonly timeouts?: { readonly connect: number; readonly stall: number };
}

/** A file that is known before it is seen. */
export interface DataFile {
  readonly name: string;
  /** Of the uncompressed file. */
  readonly bytes: number;
  readonly sha256: string;
}

/** A mirror that machine-learning libraries use; the original site no longer serves the files. */
const DEFAULT_URL = "https://ossci-datasets.s3.amazonaws.com/mnist/";

/**
 * Finds the two files and reads them. They may lie packed (`….gz`) or unpacked. Downloads go to the cache, packed, each
 * written whole or not at all; a damaged file in the cache is downloaded again.
 *
 * @throws TatamiError "argument" for a `TATAMI_MNIST_URL` that is no http address.
 */
export async function obtainPair(
  [images, labels]: readonly [images: DataFile, labels: DataFile],
  options: MnistOptions,
): Promise<MnistOutcome> {
  const env = options.env ?? process.env;
  const base = baseUrl(env["TATAMI_MNIST_URL"]);
  const cache = cacheFolder(env);
  const folders = [
    ...(env["TATAMI_DATA"] ? [["TATAMI_DATA", join(env["TATAMI_DATA"], "mnist")] as const] : []),
    ["cache", cache] as const,
  ];
  const damaged: string[] = [];
  for (const [from, folder] of folders) {
    const pair = [await stored(folder, images, damaged), await stored(folder, labels, damaged)] as const;
    if (pair[0] && pair[1]) return { found: true, from, digits: readIdxPair(pair[0], pair[1]) };
  }
  const also = damaged.length > 0 ? ` (${damaged.join("; ")})` : "";
  if (options.network === false) {
    return { found: false, why: "offline", line: `MNIST is not on this machine and the network was not asked${also}.` };
  }
  const pair: Uint8Array[] = [];
  for (const file of [images, labels]) {
    const kept = await stored(cache, file, []);
    const got = kept ? { bytes: kept } : await fetched(file, base, cache, options);
    if ("line" in got) return { ...got, line: `${got.line}${also}` };
    pair.push(got.bytes);
  }
  const [pictures, names] = pair as [Uint8Array, Uint8Array];
  return { found: true, from: "download", digits: readIdxPair(pictures, names) };
}

/** Where downloads are kept: `XDG_CACHE_HOME`, else what the system calls the user's cache. */
export function cacheFolder(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform = process.platform,
): string {
  const home = env["HOME"] ?? homedir();
  if (env["XDG_CACHE_HOME"]) return join(env["XDG_CACHE_HOME"], "tatami", "mnist");
  if (platform === "win32")
    return join(env["LOCALAPPDATA"] ?? join(home, "AppData", "Local"), "tatami", "Cache", "mnist");
  if (platform === "darwin") return join(home, "Library", "Caches", "tatami", "mnist");
  return join(home, ".cache", "tatami", "mnist");
}

function baseUrl(given: string | undefined): URL {
  const text = given === undefined || given === "" ? DEFAULT_URL : given;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new TatamiError(
      "argument",
      `TATAMI_MNIST_URL is ${show(text)}, wanted the http or https address of a folder that has t10k-images-idx3-ubyte.gz.`,
      { op: "loadMnist" },
    );
  }
  if (!url.pathname.endsWith("/")) url.pathname += "/";
  return url;
}

/** The uncompressed file from a folder, unpacked or packed; undefined when it is not there or not the real one. */
async function stored(folder: string, file: DataFile, damaged: string[]): Promise<Uint8Array | undefined> {
  for (const name of [file.name, `${file.name}.gz`]) {
    const path = join(folder, name);
    try {
      return genuine(await readBytes(path), file);
    } catch (error) {
      if (!(error instanceof TatamiError)) throw error;
      if (error.code !== "not-found") damaged.push(error.code === "io" ? error.message : `${path} ${error.message}`);
    }
  }
  return undefined;
}

/** Unpacks if need be, and checks. @throws TatamiError "format", a text that goes on after the file's name. */
function genuine(bytes: Uint8Array, file: DataFile): Uint8Array {
  let plain = bytes;
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
    try {
      // Bounded: a bomb stops at the size that the real file has.
      plain = gunzipSync(bytes, { maxOutputLength: file.bytes });
    } catch (cause) {
      throw new TatamiError("format", "is truncated or no gzip of MNIST's size", { cause });
    }
  }
  const sha256 = createHash("sha256").update(plain).digest("hex");
  if (plain.length !== file.bytes || sha256 !== file.sha256) {
    throw new TatamiError("format", `is not MNIST's ${file.name} (another SHA-256)`, {
      details: { given: sha256, wanted: file.sha256 },
    });
  }
  return plain;
}

type Got = { readonly bytes: Uint8Array } | Extract<MnistOutcome, { readonly found: false }>;

async function fetched(file: DataFile, base: URL, cache: string, options: MnistOptions): Promise<Got> {
  const url = new URL(`${file.name}.gz`, base);
  const { connect, stall } = options.timeouts ?? { connect: 2_500, stall: 10_000 };
  const answer = await download(url, {
    // Gzip of incompressible bytes is a few bytes larger than they are; nothing honest is larger than that.
    maxBytes: file.bytes + 65_536,
    connect,
    stall,
    ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
  });
  if (!answer.ok) return { found: false, why: answer.why, line: `MNIST could not be downloaded: ${answer.line}` };
  let plain: Uint8Array;
  try {
    plain = genuine(answer.bytes, file);
  } catch (error) {
    if (!(error instanceof TatamiError)) throw error;
    return { found: false, why: "damaged", line: `MNIST could not be downloaded: ${url.href} ${error.message}.` };
  }
  try {
    await mkdir(cache, { recursive: true });
    await saveBytes(join(cache, `${file.name}.gz`), answer.bytes);
  } catch {
    // A home that cannot be written to costs the next run a download, and this one nothing.
  }
  return { bytes: plain };
}
