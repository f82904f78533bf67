/**
 * Files, read with errors that say what to do and written so that no moment exists at which a crash leaves half a file.
 *
 * Saving: a temporary in the same folder (a rename across file systems is a copy), fsync of the file (else a rename
 * may reach the disk before the bytes), rename over the target (atomic in POSIX and on NTFS), fsync of the folder (else
 * the rename itself may be lost). Whoever reads sees the old bytes or the new ones.
 */
import { open, readdir, readFile, realpath, rename, stat, unlink } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { TatamiError, show } from "@tatamijs/core";

/** @throws TatamiError "not-found" when there is no such file, "io" for all else, "argument" when `path` is no text. */
export async function readBytes(path: string): Promise<Uint8Array> {
  checkPath(path, "readBytes");
  try {
    return new Uint8Array(await readFile(path));
  } catch (cause) {
    const code = codeOf(cause);
    if (code === "ENOENT" || code === "ENOTDIR") {
      throw new TatamiError(
        "not-found",
        `no file at ${show(path)}${resolve(path) === path ? "" : ` (${resolve(path)})`}. Check the path.`,
        {
          op: "readBytes",
          details: { path, code },
          cause,
        },
      );
    }
    throw new TatamiError("io", `cannot read ${show(path)}: ${reason(cause)}.`, {
      op: "readBytes",
      details: { path, code },
      cause,
    });
  }
}

/** Temporaries of this process that are being written now; all others of this process's name are left over. */
const inFlight = new Set<string>();
let serial = 0;

/**
 * Replaces the file at `path` by `bytes`, whole or not at all. When the promise resolves, the bytes are on disk. A
 * symbolic link stays, and what it points to is replaced. Temporaries that killed processes left for this path go away.
 *
 * @throws TatamiError "io" (full disk, no permission, no folder): the old file is untouched and no temporary is left.
 */
export async function saveBytes(path: string, bytes: Uint8Array): Promise<void> {
  checkPath(path, "saveBytes");
  if (!(bytes instanceof Uint8Array)) {
    throw new TatamiError("argument", `bytes is ${show(bytes)}, wanted a Uint8Array.`, { op: "saveBytes" });
  }
  const target = await realpath(path).catch(() => resolve(path));
  const folder = dirname(target);
  const temporary = join(folder, `${prefix(target)}${host()}-${process.pid}-${++serial}.tmp`);
  let renamed = false;
  inFlight.add(temporary);
  try {
    await removeLeftovers(target);
    await writeSynced(temporary, bytes);
    await rename(temporary, target);
    renamed = true;
    await syncFolder(folder);
  } catch (cause) {
    await unlink(temporary).catch(() => undefined);
    const code = codeOf(cause);
    const state = renamed
      ? "The new file is in place, but may be lost if the power fails now"
      : "What was there before is untouched";
    throw new TatamiError("io", `cannot save ${bytes.length} bytes to ${show(path)}: ${reason(cause)}. ${state}.`, {
      op: "saveBytes",
      details: { path, code, bytes: bytes.length },
      cause,
    });
  } finally {
    inFlight.delete(temporary);
  }
}

async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, "wx");
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Windows cannot open a folder for this, and needs it not: NTFS keeps renames in its journal. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } catch (cause) {
    // Some network file systems know no fsync of a folder; the rename has happened, and that is all they offer.
    if (codeOf(cause) !== "EINVAL" && codeOf(cause) !== "ENOTSUP") throw cause;
  } finally {
    await handle.close();
  }
}

const DAY = 24 * 60 * 60 * 1000;

/**
 * Deletes what saves that never ended left for `target`: temporaries of a process of this host that lives no more, and
 * any that is older than a day (containers change their host name). Another process that is saving now keeps its own.
 */
async function removeLeftovers(target: string): Promise<void> {
  const folder = dirname(target);
  const start = prefix(target);
  for (const name of await readdir(folder)) {
    if (!name.startsWith(start)) continue;
    const [, by, pid] = /^(.*)-(\d+)-\d+\.tmp$/.exec(name.slice(start.length)) ?? [];
    const path = join(folder, name);
    if (by === undefined || pid === undefined || inFlight.has(path)) continue;
    const orphan = by === host() && !alive(Number(pid));
    const old =
      orphan ||
      (await stat(path).then(
        ({ mtimeMs }) => Date.now() - mtimeMs > DAY,
        () => false,
      ));
    if (old) await unlink(path).catch(() => undefined);
  }
}

/** Does another process of this number run? Our own number means a process before us: ours are in `inFlight`. */
function alive(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
}

function prefix(target: string): string {
  return `.${basename(target)}.tatami-`;
}

function host(): string {
  return hostname()
    .replace(/[^A-Za-z0-9]/g, "")
    .slice(0, 32);
}

function checkPath(path: unknown, op: string): void {
  if (typeof path === "string" && path !== "" && !path.includes("\0")) return;
  throw new TatamiError("argument", `path is ${show(path)}, wanted a text that names a file.`, { op });
}

function codeOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : "unknown";
}

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full; free some space and try again",
  EDQUOT: "the disk quota is used up; free some space and try again",
  EFBIG: "the file would be larger than the system allows (see ulimit -f)",
  EACCES: "permission denied; choose another folder or change its permissions",
  EPERM: "permission denied; choose another folder or change its permissions",
  EROFS: "the file system is read-only; choose another folder",
  ENOENT: "its folder does not exist; create it first",
  ENOTDIR: "a part of its path is a file, not a folder; choose another path",
  EISDIR: "it is a folder; name a file in it",
};

function reason(error: unknown): string {
  const code = codeOf(error);
  return `${REASONS[code] ?? (error instanceof Error ? error.message : String(error))} (${code})`;
}
