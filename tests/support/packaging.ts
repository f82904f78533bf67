// The program of tests/fixtures/packaging/app in a project of packed tarballs, what it must answer, and pages that hold it.
import { cpSync, existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { isolation, serve, visit } from "./page.ts";
import { installPacked } from "./project.ts";

const app = join(import.meta.dirname, "..", "fixtures", "packaging", "app");

/** Fills an empty folder. Every `NAME.html` in it loads NAME.js. */
export async function packagingProject(folder: string): Promise<void> {
  cpSync(app, folder, { recursive: true });
  for (const name of ["main", "inWorker", "inline", "binary"])
    writeFileSync(join(folder, `${name}.html`), page(`./${name}.js`));
  await installPacked(folder);
}

/** A page that loads one module, and says before it where modules of other names are. */
export function page(script: string, imports?: Readonly<Record<string, string>>): string {
  const map = imports === undefined ? "" : `<script type="importmap">${JSON.stringify({ imports })}</script>`;
  return `<!doctype html><meta charset="utf-8">${map}<script type="module" src="${script}"></script>`;
}

interface Got {
  readonly info: { readonly build: string };
}

/** That it is the wasm backend, opened like this, and that the numbers are right. */
export function expectRight(got: unknown, info: object): void {
  const { build } = (got as Got).info;
  expect(got).toEqual({
    name: "wasm",
    variant: expect.stringMatching(build === "simd" ? /^simd, / : /^relaxed simd, /),
    info: expect.objectContaining(info),
    data: [0, 0, 0, 0, 6, 8, 12, 14],
    most: [0, 14],
    places: [1, 1, 1, 1],
  });
}

/** How it is opened where nothing is in the way, and in a page that is not isolated. */
export const whole: object = { threads: 2, worker: true, notes: [] };
export const unisolated: object = {
  threads: 1,
  worker: true,
  notes: [expect.stringMatching(/^one thread: memory cannot be shared here/)],
};
/** Without a page there is no thread that must not be blocked. */
export const here: object = { threads: 2, worker: false, notes: [] };
/** The inline entry. */
export const single: object = { build: "relaxed", threads: 1, worker: false };

/** What a page reports that a plain server serves from a folder. */
export async function visitIn(
  folder: string,
  path: string,
  headers: Readonly<Record<string, string>> = isolation,
): Promise<unknown> {
  const find = (asked: string): Uint8Array | undefined => {
    const file = join(folder, asked);
    return existsSync(file) && statSync(file).isFile() ? readFileSync(file) : undefined;
  };
  const server = await serve(find, headers);
  try {
    return await visit(`${server.url}/${path}`);
  } finally {
    server.close();
  }
}
