// `npm start` and `npm test` come in here: install what is missing, then hand over to the pinned Node.
// Plain JavaScript for Node 20 that imports no package, because nothing is installed yet when it first runs.
// npx serves the first install alone; from then on pnpm is called from node_modules, and an unchanged checkout
// installs nothing, so that neither command asks the network a second time (npx by itself waits a minute there).
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const modules = join(root, "node_modules");
const cache = join(modules, ".cache", "tatami");
const stamp = join(cache, "set-up");
const source = "--conditions=@tatamijs/source";
const jobs = { start: "scripts/start.ts", test: "scripts/test.ts" };

/** What npm tells its scripts is about npm; of it, pnpm and the jobs need only how to reach the registry. */
function cleanEnvironment() {
  const kept = /^npm_config_(registry|proxy|https_proxy|https-proxy|noproxy|ca|cafile|strict_ssl|userconfig|cache)$/i;
  const env = Object.fromEntries(Object.entries(process.env).filter(([key]) => !/^npm_/i.test(key) || kept.test(key)));
  env.PATH = [join(modules, ".bin"), process.env.PATH ?? "", dirname(process.execPath)].join(delimiter);
  env.TATAMI_SYSTEM_NODE ??= process.execPath;
  env.TURBO_TELEMETRY_DISABLED = "1";
  env.TURBO_NO_UPDATE_NOTIFIER = "1";
  return env;
}

/** The hash of everything that decides what an install puts into node_modules. */
function installHash() {
  const folders = ["packages", "apps"].flatMap((folder) =>
    readdirSync(join(root, folder)).map((name) => join(folder, name)),
  );
  const manifests = [".", "template", ...folders].map((folder) => join(folder, "package.json"));
  const hash = createHash("sha256").update(`${process.platform} ${process.arch}\n`);
  for (const file of ["pnpm-lock.yaml", "pnpm-workspace.yaml", ...manifests.sort()]) {
    const path = join(root, file);
    if (existsSync(path)) hash.update(`${file}\n`).update(readFileSync(path));
  }
  return hash.digest("hex");
}

/** The pinned Node where one is published for this machine, else the Node that runs this, if it can strip types. */
function node() {
  const pinned = join(modules, ".bin", "node");
  if (existsSync(pinned) && spawnSync(pinned, ["--version"]).status === 0) return pinned;
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > 22 || (major === 22 && minor >= 18)) return process.execPath;
  fail(
    `no pinned Node for ${process.platform} ${process.arch}: run this with Node 22.18 or later (this is ${process.version})`,
  );
}

function fail(text) {
  console.error(text);
  process.exit(1);
}

function install(env) {
  const pnpm = join(modules, ".bin", "pnpm");
  const args = ["install", "--frozen-lockfile", "--prefer-offline", "--config.confirmModulesPurge=false"];
  const local = existsSync(pnpm) && spawnSync(pnpm, ["--version"], { cwd: root, env }).status === 0;
  const { packageManager } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const [command, all] = local ? [pnpm, args] : ["npx", ["--yes", packageManager, ...args]];
  const result = spawnSync(command, all, { cwd: root, env, encoding: "utf8", maxBuffer: 1 << 28 });
  if (result.status === 0) return;
  process.stdout.write("failed\n");
  const text = `${result.stdout ?? ""}${result.stderr ?? ""}`.trimEnd();
  console.error(text.split("\n").slice(-30).join("\n"));
  if (result.error) console.error(String(result.error));
  fail(
    `set-up failed: ${command} ${all.join(" ")}\nThe first install needs the npm registry; after that no network is asked.`,
  );
}

function setUp(env) {
  const begin = performance.now();
  process.stdout.write("set-up".padEnd(14));
  const wanted = installHash();
  const same = existsSync(stamp) && readFileSync(stamp, "utf8") === wanted && existsSync(join(modules, ".bin", "pnpm"));
  if (!same) {
    install(env);
    mkdirSync(cache, { recursive: true });
    writeFileSync(stamp, wanted);
  }
  const seconds = ((performance.now() - begin) / 1000).toFixed(1);
  console.log(`${seconds.padStart(6)} s  ${same ? "nothing to install" : "installed"}`);
}

const [job = "", ...rest] = process.argv.slice(2);
if (!Object.hasOwn(jobs, job)) fail(`scripts/run.mjs: "${job}" is not a job; wanted ${Object.keys(jobs).join(" or ")}`);
if (Number(process.versions.node.split(".")[0]) < 20) fail(`tatami needs Node 20 or later; this is ${process.version}`);
const env = cleanEnvironment();
setUp(env);
const entry = join(root, jobs[job]);
if (!existsSync(entry)) fail(`${jobs[job]} does not exist in this checkout: there is no main job to run yet`);
spawn(node(), [source, entry, ...rest], { cwd: root, env, stdio: "inherit" }).on("exit", (code, signal) => {
  process.exit(code ?? (signal ? 1 : 0));
});
