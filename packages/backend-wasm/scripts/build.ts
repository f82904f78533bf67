/**
 * Compiles assembly/ to the four binaries: with and without relaxed SIMD, with and without shared memory, and those for one
 * thread in two parts besides, of which the second is fetched when it is wanted (unchanged sources: nothing to do). And bundles
 * the two workers, and what one of them imports when it is wanted; each stands alone, so that any page can start it.
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { build } from "esbuild";

const root = join(import.meta.dirname, "..");
const asc = join(dirname(createRequire(import.meta.url).resolve("assemblyscript/package.json")), "bin", "asc.js");

/** 4 GiB, which is what 32-bit addresses reach; how much a memory really may grow is said where it is made. */
const maximumPages = "65536";

const simd = ["--enable", "simd"];
const relaxed = [...simd, "--enable", "relaxed-simd"];
const threads = ["--enable", "threads", "--sharedMemory"];

const builds: Readonly<Record<string, { readonly entry: string; readonly features: readonly string[] }>> = {
  simd: { entry: "index", features: simd },
  relaxed: { entry: "index", features: relaxed },
  "simd-threads": { entry: "index", features: [...simd, ...threads] },
  "relaxed-threads": { entry: "index", features: [...relaxed, ...threads] },
  "simd-first": { entry: "first", features: simd },
  "simd-rest": { entry: "rest", features: simd },
  "relaxed-first": { entry: "first", features: relaxed },
  "relaxed-rest": { entry: "rest", features: relaxed },
};

function compile(name: string): Promise<void> {
  const { entry, features } = builds[name]!;
  // -O1: V8 keeps the order of the source, and higher levels move loads away from where they are used.
  const args = [
    `assembly/${entry}.ts`,
    "-O1",
    "--noAssert",
    "--runtime",
    "stub",
    "--disableWarning",
    "112",
    "--importMemory",
    "--noExportMemory",
  ];
  const out = ["--exportTable", "--maximumMemory", maximumPages, "--outFile", `binaries/${name}.wasm`];
  const only = process.argv.includes("--wat") ? ["--textFile", `binaries/${name}.wat`] : [];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [asc, ...args, ...out, ...features, ...only], {
      cwd: root,
      stdio: "inherit",
    });
    child.on("error", reject);
    child.on("exit", (code) => (code === 0 ? resolve() : reject(new Error(`asc failed for ${name}`))));
  });
}

/** Adds a section that says which build it is: a module given by a user does not tell what memory it wants. */
function sign(name: string): void {
  const content = ["tatami", name].map((text) => Buffer.from(text));
  const section = Buffer.concat([Buffer.from([content[0]!.length]), ...content]);
  appendFileSync(join(root, "binaries", `${name}.wasm`), Buffer.concat([Buffer.from([0, section.length]), section]));
}

/** The hash of all that decides what the binaries are. */
function sources(): string {
  const hash = createHash("sha256").update(readFileSync(join(dirname(asc), "..", "package.json")));
  for (const folder of ["assembly", "scripts"]) {
    for (const name of readdirSync(join(root, folder)).toSorted())
      if (name.endsWith(".ts")) hash.update(name).update(readFileSync(join(root, folder, name)));
  }
  for (const file of ["microkernels.ts", "elementwise/instructions.ts"])
    hash.update(readFileSync(join(root, "src", file)));
  return hash.digest("hex");
}

const stamp = join(root, "binaries", "sources");
const wanted = sources();
const whole = Object.keys(builds).every((name) => existsSync(join(root, "binaries", `${name}.wasm`)));
if (!whole || !existsSync(stamp) || readFileSync(stamp, "utf8") !== wanted || process.argv.includes("--wat")) {
  await import("./tiles.ts");
  await import("./elementwise.ts");
  mkdirSync(join(root, "binaries"), { recursive: true });
  await Promise.all(Object.keys(builds).map(compile));
  Object.keys(builds).forEach(sign);
  writeFileSync(stamp, wanted);
}
/** For bundlers of pages: not theirs. Minifying takes such comments away. */
const leave = "/* webpackIgnore: true *//* @vite-ignore */";
const workers = await build({
  absWorkingDir: root,
  entryPoints: ["src/thread.ts", "src/host.ts", "src/rest.ts"],
  outdir: "workers",
  bundle: true,
  format: "esm",
  target: "es2023",
  minify: true,
  conditions: ["@tatamijs/source"],
  logLevel: "warning",
  write: false,
});
mkdirSync(join(root, "workers"), { recursive: true });
for (const { path, text } of workers.outputFiles)
  writeFileSync(path, text.replace(/\bimport\((?=\w+\))/g, `import(${leave}`));
