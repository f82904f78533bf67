// The workspace's packages as data: where they are and what their package.json says.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./steps.ts";

export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly license?: string;
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

export interface Package {
  /** Relative to the repository: `packages/core`. */
  readonly folder: string;
  readonly manifest: Manifest;
}

export const readManifest = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8")) as Manifest;

/** Every package of the workspace, the root not among them, sorted by folder. */
export function workspace(): readonly Package[] {
  const folders = ["packages", "apps"].flatMap((parent) =>
    readdirSync(join(root, parent)).map((name) => `${parent}/${name}`),
  );
  const all = [...folders, "template"].filter((folder) => existsSync(join(root, folder, "package.json"))).sort();
  return all.map((folder) => ({ folder, manifest: readManifest(folder) }));
}

/** The packages that are published. */
export const published = (): readonly Package[] => workspace().filter(({ manifest }) => manifest.private !== true);
