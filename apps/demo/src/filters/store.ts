/** The filters' state, and the worker that does the work while somebody is in the room. */
import { batch, computed, signal, type ReadonlySignal, type Signal } from "@preact/signals";
import type { BackendName } from "tatamijs";
import { backendNames } from "../backends.ts";
import { addressOf, amend, route } from "../route.ts";
import { openCamera, type Camera, type NoCamera } from "./camera.ts";
import { fromText, presets, sameFilter, toText, type Filter, type Preset } from "./kernels.ts";
import { columnsOf, gap } from "./paint.ts";
import type { Applied, Asked, Blocks, Looked, Measured, Spot, Tints, Told } from "./protocol.ts";
import { sceneNames, type SceneName } from "./scenes.ts";

export type SourceName = SceneName | "picture" | "camera";

export const widths: readonly number[] = [160, 320, 480, 640];

export const applied: Signal<Applied> = signal(presets.sobel);
/** The filter under edit: the latest that was written down. */
export const filter: Signal<Filter> = signal(presets.sobel);
export const source: Signal<SourceName> = signal("room");
export const width: Signal<number> = signal(480);
export const backend: Signal<BackendName> = signal("wasm");
export const variant: Signal<string | undefined> = signal(undefined);
export const running: Signal<boolean> = signal(false);
/** How much of the picture, from the left, is left as it was: 0 to 100. */
export const split: Signal<number> = signal(38);
export const measured: Signal<Measured | undefined> = signal(undefined);
/** Where the magnifier stands, in pixels of what comes out. */
export const spot: Signal<Spot | undefined> = signal(undefined);
export const looked: Signal<Looked | undefined> = signal(undefined);
/** The kernels of the trained layer. */
export const trained: Signal<readonly (readonly number[])[]> = signal([]);
export const blocks: Signal<Blocks | undefined> = signal(undefined);

/** What went wrong, for people; texts of the library or the browser in their own words. */
export type Problem =
  | { readonly kind: "camera"; readonly why: NoCamera | "ended" }
  | { readonly kind: "picture"; readonly why: string }
  | { readonly kind: "backend"; readonly why: string }
  | { readonly kind: "lost"; readonly name: BackendName; readonly why: string }
  | { readonly kind: "canvas" };
export const problem: Signal<Problem | undefined> = signal(undefined);
export const asking: Signal<boolean> = signal(false);

/** Which of the presets is applied; undefined for a filter of the visitor's own. */
export const preset: ReadonlySignal<Preset | undefined> = computed(() => {
  const now = applied.value;
  if (now === "network") return now;
  const names = Object.keys(presets) as Exclude<Preset, "network">[];
  return names.find((name) => sameFilter(presets[name], now));
});

let worker: Worker | undefined;
let camera: Camera | undefined;
/** The room was entered so many times: what comes late is for nobody. */
let visit = 0;

function tell(asked: Asked, given: readonly Transferable[] = []): void {
  worker?.postMessage(asked, [...given]);
}

/** With the room's two canvases, which are the worker's from now on. */
export function enter(before: HTMLCanvasElement, after: HTMLCanvasElement): void {
  visit++;
  if (!("transferControlToOffscreen" in before)) {
    problem.value = { kind: "canvas" };
    return;
  }
  worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module", name: "tatami-filters" });
  worker.addEventListener("message", ({ data }: MessageEvent<Told>) => batch(() => heard(data)));
  worker.addEventListener("error", ({ message }) => (problem.value = { kind: "backend", why: message }));
  const [first, second] = [before.transferControlToOffscreen(), after.transferControlToOffscreen()];
  tell({ what: "canvases", before: first, after: second }, [first, second]);
}

export function leave(): void {
  visit++;
  worker?.terminate();
  worker = undefined;
  closeCamera();
  batch(() => {
    variant.value = measured.value = looked.value = blocks.value = problem.value = spot.value = undefined;
    running.value = false;
  });
}

function closeCamera(): void {
  camera?.close();
  camera = undefined;
}

function heard(told: Told): void {
  if (told.what === "opened") {
    backend.value = told.name;
    variant.value = told.variant;
    write();
  } else if (told.what === "refused") {
    problem.value = { kind: "backend", why: told.why };
    // WebAssembly may be forbidden; plain TypeScript never is.
    if (variant.value === undefined && told.name !== "cpu") tell({ what: "backend", name: "cpu" });
  } else if (told.what === "lost") problem.value = { kind: "lost", name: told.name, why: told.why };
  else if (told.what === "failed") {
    problem.value = { kind: "backend", why: told.why };
    running.value = false;
  } else if (told.what === "want") void feed();
  else if (told.what === "measured") measured.value = told.measured;
  else if (told.what === "kernels") trained.value = told.kernels;
  else if (told.what === "looked") looked.value = told.looked;
  else blocks.value = told.blocks;
}

async function feed(): Promise<void> {
  const bitmap = await camera?.next();
  if (bitmap !== undefined) tell({ what: "frame", bitmap }, [bitmap]);
}

export function colour(tints: Tints): void {
  tell({ what: "tints", tints });
}

/** Starts and stops. With less motion wanted, a scene is filtered again and again, and stands still. */
export function run(on: boolean): void {
  running.value = on;
  tell({
    what: "run",
    running: on && !document.hidden,
    moving: !matchMedia("(prefers-reduced-motion: reduce)").matches,
  });
}

export function apply(next: Applied): void {
  batch(() => {
    applied.value = next;
    if (next !== "network") filter.value = next;
    spot.value = looked.value = undefined;
  });
  tell({ what: "apply", applied: next });
  write();
}

export function choose(name: BackendName): void {
  problem.value = undefined;
  tell({ what: "backend", name });
}

export function widen(next: number): void {
  width.value = next;
  spot.value = looked.value = undefined;
  tell({ what: "width", width: next });
  write();
}

export function look(at: Spot): void {
  spot.value = at;
  tell({ what: "look", spot: at });
}

/** The middle of one of the network's maps. */
export function lookAtMap(map: number): void {
  const now = measured.value;
  if (now === undefined) return;
  const columns = columnsOf(now.maps);
  const [wide, tall] = [(now.out[0] + gap) / columns, (now.out[1] + gap) / Math.ceil(now.maps / columns)];
  look({
    y: Math.floor((Math.floor(map / columns) + 0.5) * tall),
    x: Math.floor(((map % columns) + 0.5) * wide),
    map: 0,
  });
}

export function wantNumbers(wanted: boolean): void {
  tell({ what: "numbers", wanted });
}

export function showScene(name: SceneName): void {
  closeCamera();
  problem.value = undefined;
  source.value = name;
  tell({ what: "source", source: { kind: "scene", name } });
  write();
}

/** A picture of the visitor's own; it stays in this page. */
export async function showPicture(file: File): Promise<void> {
  const mine = visit;
  try {
    const whole = await createImageBitmap(file);
    // Larger than is ever filtered is no use.
    const scale = Math.min(1, 1280 / Math.max(whole.width, whole.height));
    const bitmap =
      scale === 1
        ? whole
        : await createImageBitmap(whole, {
            resizeWidth: Math.max(1, Math.round(whole.width * scale)),
            resizeHeight: Math.max(1, Math.round(whole.height * scale)),
            resizeQuality: "medium",
          });
    if (mine !== visit) return;
    closeCamera();
    batch(() => {
      problem.value = undefined;
      source.value = "picture";
    });
    tell({ what: "source", source: { kind: "picture", bitmap } }, [bitmap]);
    write();
  } catch (error) {
    if (mine === visit)
      problem.value = { kind: "picture", why: error instanceof Error ? error.message : String(error) };
  }
}

export async function showCamera(): Promise<void> {
  const mine = visit;
  asking.value = true;
  const got = await openCamera(() => {
    camera = undefined;
    showScene("room");
    problem.value = { kind: "camera", why: "ended" };
  });
  asking.value = false;
  if (typeof got === "string") {
    if (mine === visit) problem.value = { kind: "camera", why: got };
    return;
  }
  if (mine !== visit) {
    got.close();
    return;
  }
  closeCamera();
  camera = got;
  batch(() => {
    problem.value = undefined;
    source.value = "camera";
  });
  tell({ what: "source", source: { kind: "camera" } });
  run(true);
  write();
}

/** The choices, into the address. A visitor's own picture and camera are not for others. */
function write(): void {
  const name = preset.value;
  const now = applied.value;
  amend(
    addressOf("filters", {
      ...Object.fromEntries(route.value.query),
      f: name === "sobel" ? undefined : name,
      k: name === undefined && now !== "network" ? toText(now) : undefined,
      scene: source.value === "hills" ? "hills" : undefined,
      width: width.value === 480 ? undefined : `${width.value}`,
      backend: backend.value === "wasm" ? undefined : backend.value,
    }),
  );
}

/** Follows the address: when the room is entered, and when the visitor goes back or forward. */
export function follow(query: URLSearchParams): void {
  const name = query.get("f");
  const known = name === "network" ? name : (presets[name as Exclude<Preset, "network">] ?? presets.sobel);
  const asked = Number(query.get("width"));
  const wanted = backendNames.find((one) => one === query.get("backend")) ?? "wasm";
  batch(() => {
    width.value = widths.includes(asked) ? asked : 480;
    applied.value = fromText(query.get("k") ?? "") ?? known;
    if (applied.value !== "network") filter.value = applied.value;
    spot.value = looked.value = undefined;
  });
  tell({ what: "width", width: width.value });
  tell({ what: "apply", applied: applied.value });
  showScene(sceneNames.find((one) => one === query.get("scene")) ?? "room");
  if (variant.value === undefined || wanted !== backend.value) tell({ what: "backend", name: wanted });
}
