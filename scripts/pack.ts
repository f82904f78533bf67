// The tarballs that would be published, made by `pnpm pack` from what was built. `pnpm tarballs` builds, packs them all
// into tarballs/ and prints the line that installs them in another project.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Package, published } from "./packages.ts";
import { root, run } from "./steps.ts";

export interface Packed extends Package {
  readonly tarball: string;
}

/** Packs one public package into a folder. Throws what pnpm says when it fails. */
export async function pack(one: Package, into: string): Promise<Packed> {
  const { name, version } = one.manifest;
  const { code, output } = await run("pnpm", ["--dir", join(root, one.folder), "pack", "--pack-destination", into]);
  if (code !== 0) throw new Error(`pnpm pack ${name}: ${output}`);
  return { ...one, tarball: join(into, `${name.replace("@", "").replace("/", "-")}-${version}.tgz`) };
}

export const packAll = (into: string): Promise<readonly Packed[]> =>
  Promise.all(published().map((one) => pack(one, into)));

if (import.meta.main) {
  const into = join(root, "tarballs");
  mkdirSync(into, { recursive: true });
  const packed = await packAll(into);
  console.log(`npm install ${packed.map((one) => one.tarball).join(" ")}`);
}
