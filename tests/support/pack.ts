// The tarballs that would be published, made by `pnpm pack` from what was built.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Package, published } from "../../scripts/packages.ts";
import { root } from "../../scripts/steps.ts";

const execute = promisify(execFile);

export interface Packed extends Package {
  readonly tarball: string;
}

/** Packs one public package into a folder. Throws what pnpm says when it fails. */
export async function pack(one: Package, into: string): Promise<Packed> {
  const { name, version } = one.manifest;
  const pnpm = join(root, "node_modules", ".bin", "pnpm");
  await execute(pnpm, ["pack", "--pack-destination", into], { cwd: join(root, one.folder) });
  return { ...one, tarball: join(into, `${name.replace("@", "").replace("/", "-")}-${version}.tgz`) };
}

export const packAll = (into: string): Promise<readonly Packed[]> =>
  Promise.all(published().map((one) => pack(one, into)));
