// What is published, as its users' tools see it: publint and are-the-types-wrong on each packed tarball.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { describe, expect, test } from "vitest";
import { published } from "../scripts/packages.ts";
import { root } from "../scripts/steps.ts";
import { temporaryFolder } from "./support/folder.ts";
import { pack } from "../scripts/pack.ts";

const folder = temporaryFolder();

describe.each(published())("$manifest.name", (one) => {
  const tarball = pack(one, folder).then((packed) => readFileSync(packed.tarball));

  test("publint has nothing to say about its tarball", async () => {
    const data = await tarball;
    const buffer = data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength);
    const { messages, pkg } = await publint({ pack: { tarball: buffer }, strict: true });
    expect(messages.map((message) => formatMessage(message, pkg, { color: false }))).toEqual([]);
  });

  test("its types resolve wherever ES modules do", async () => {
    // Of a binary one imports its place only (`?url`, import.meta.resolve), which has no type of its own.
    const result = await checkPackage(createPackageFromTarballData(new Uint8Array(await tarball)), {
      excludeEntrypoints: [/\.wasm$/],
    });
    expect(result.types).not.toBe(false);
    // ES modules only: resolvers that know no exports (node10) or ask for CommonJS are not served.
    const unserved = new Set(["node10", "node16-cjs"]);
    const problems = result.types === false ? [] : result.problems;
    expect(
      problems.filter((problem) => !("resolutionKind" in problem && unserved.has(problem.resolutionKind))),
    ).toEqual([]);
  });

  test("every file that its exports name was built", () => {
    for (const target of Object.values(one.manifest.exports ?? {})) {
      const files = typeof target === "string" ? [target] : Object.values(target as Record<string, string>);
      for (const file of files) expect(existsSync(join(root, one.folder, file)), file).toBe(true);
    }
  });
});
