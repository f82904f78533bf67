/** The filters' work, off the page's thread: a frame is drawn, filtered by the library, painted, and measured. */
import { nn, TatamiError, type BackendName } from "tatamijs";
import { afterLoss } from "../backends.ts";
import type { Program } from "./graph.ts";
import { presets } from "./kernels.ts";
import { blocks, inMosaic, look, lookInto, type Frame } from "./looking.ts";
import { mosaic, mosaicSize, paint } from "./paint.ts";
import { firstKernels, firstLayer, Programs } from "./programs.ts";
import type { Applied, Asked, Source, Spot, Tints, Told } from "./protocol.ts";
import { drawScene } from "./scenes.ts";

const page = globalThis as unknown as Worker;
const tell = (told: Told): void => page.postMessage(told, []);

type Canvas = { readonly canvas: OffscreenCanvas; readonly pen: OffscreenCanvasRenderingContext2D };

let before: Canvas | undefined;
let after: Canvas | undefined;
let programs: Programs | undefined;
let backend: BackendName = "wasm";
let applied: Applied = presets.sobel;
let width = 320;
let source: Source = { kind: "scene", name: "room" };
let latest: ImageBitmap | undefined;
let running = false;
let moving = false;
let tints: Tints | undefined;
let spot: Spot | undefined;
let numbers = false;

/** Something changed since the last frame. */
let stale = false;
/** The first frame after a change is slower than those to come: a few are needed to say how long one takes. */
let cold = false;
const few = 5;
let busy = false;
/** Seconds that the scene has moved so far. */
let clock = 0;
let last: (Frame & { readonly applied: Applied }) | undefined;

const context = (canvas: OffscreenCanvas): Canvas => ({
  canvas,
  pen: canvas.getContext("2d", { willReadFrequently: true })!,
});

/** Opened, and not yet in use: the frame that is being worked on still has the other. */
let coming: { readonly name: BackendName; readonly programs: Programs } | undefined;

async function use(name: BackendName): Promise<void> {
  try {
    await prepare(name);
  } catch (error) {
    tell({ what: "refused", name, why: reason(error) });
  }
}

/** @throws TatamiError `backend` (rejects). */
async function prepare(name: BackendName): Promise<void> {
  const opened = await Programs.on(name);
  await coming?.programs.close();
  coming = { name, programs: opened };
  void opened.lost.then((loss) => {
    if (programs === opened || coming?.programs === opened) void goOn(name, loss.reason);
  });
}

const next = afterLoss();

/** The device of the backend in use is lost: on with it, opened anew, or with the next. */
async function goOn(name: BackendName, why: string): Promise<void> {
  tell({ what: "lost", name, why });
  let refused: unknown;
  for (const other of next(name)) {
    try {
      await prepare(other);
      touch();
      return;
    } catch (error) {
      refused = error;
    }
  }
  tell({ what: "failed", why: refused === undefined ? why : reason(refused) });
}

/** What a lost device leaves undone is done again on the next one. */
const isOver = (error: unknown): boolean =>
  error instanceof TatamiError && (error.code === "device-lost" || error.code === "closed");

async function change(): Promise<void> {
  if (coming === undefined) return;
  const old = programs;
  ({ name: backend, programs } = coming);
  coming = undefined;
  forget();
  tell({ what: "opened", name: backend, variant: programs.variant });
  void firstKernels().then((kernels) => tell({ what: "kernels", kernels }));
  await old?.close();
}

const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error));

page.addEventListener("message", ({ data }: MessageEvent<Asked>) => {
  if (data.what === "canvases") [before, after] = [context(data.before), context(data.after)];
  else if (data.what === "apply") {
    applied = data.applied;
    forget();
  } else if (data.what === "width") {
    width = data.width;
    forget();
  } else if (data.what === "source") {
    if (source.kind === "picture") source.bitmap.close();
    source = data.source;
    latest?.close();
    latest = undefined;
    if (source.kind === "camera") tell({ what: "want" });
  } else if (data.what === "frame") {
    latest?.close();
    latest = data.bitmap;
  } else if (data.what === "run") ({ running, moving } = data);
  else if (data.what === "tints") ({ tints } = data);
  else if (data.what === "look") {
    spot = data.spot;
    answer();
    return;
  } else if (data.what === "numbers") numbers = data.wanted;
  else {
    void use(data.name).then(touch);
    return;
  }
  touch();
});

/** There is a reason for a new frame. */
function touch(): void {
  stale = true;
  if (!busy) void go();
}

/** A camera's next picture is a reason when it comes. */
const due = (): boolean => stale || cold || (running && source.kind !== "camera");

/** One frame after the other for as long as there is a reason, each on the screen's beat. */
async function go(): Promise<void> {
  busy = true;
  try {
    while (due()) {
      stale = false;
      cold = (await one()) && samples.length < few;
      await beat();
    }
  } catch (error) {
    if (!isOver(error)) {
      running = false;
      tell({ what: "failed", why: reason(error) });
    }
  } finally {
    busy = false;
  }
  // What came while this went wrong.
  if (coming !== undefined) touch();
}

/** The screen's next; where workers have no such thing, sixty in a second. */
function beat(): Promise<number> {
  return new Promise((resolve) => {
    const { requestAnimationFrame: request } = globalThis as { requestAnimationFrame?: typeof requestAnimationFrame };
    if (request === undefined) setTimeout(() => resolve(performance.now()), 16);
    else request(resolve);
  });
}

/** Width and height of the picture that goes in, its longer side `width`; the network's twelve maps are seen at half of that. */
function size(): readonly [number, number] {
  const [w, h] =
    source.kind === "picture"
      ? [source.bitmap.width, source.bitmap.height]
      : source.kind === "camera" && latest !== undefined
        ? [latest.width, latest.height]
        : [4, 3];
  const scale = (applied === "network" ? width / 2 : width) / Math.max(w, h);
  return [Math.max(16, Math.round(w * scale)), Math.max(16, Math.round(h * scale))];
}

function fit({ canvas }: Canvas, wide: number, tall: number): void {
  if (canvas.width !== wide) canvas.width = wide;
  if (canvas.height !== tall) canvas.height = tall;
}

/** Draws what is to be filtered; false where there is nothing yet. */
function draw({ pen }: Canvas, wide: number, tall: number): boolean {
  if (source.kind === "scene") {
    drawScene(pen, source.name, wide, tall, clock);
    return true;
  }
  const picture = source.kind === "picture" ? source.bitmap : latest;
  if (picture === undefined) return false;
  pen.drawImage(picture, 0, 0, wide, tall);
  return true;
}

let beaten = 0;

/** → whether there was anything to filter. */
async function one(): Promise<boolean> {
  await change();
  if (before === undefined || after === undefined || programs === undefined || tints === undefined) return false;
  const begin = performance.now();
  if (running && moving) clock += Math.min(0.1, Math.max(0, (begin - beaten) / 1000));
  beaten = begin;
  const now = applied;
  const [wide, tall] = size();
  fit(before, wide, tall);
  if (!draw(before, wide, tall)) return false;
  const { data } = before.pen.getImageData(0, 0, wide, tall);
  const pixels = new Uint8Array(data.buffer);
  const drawn = performance.now();
  const program = await programs.for(now, tall, wide);
  const given = performance.now();
  const values = await program.run(pixels, now === "network" ? presets.none : now);
  const got = performance.now();
  const [columns, rows] = shapeOf(values, program, wide, tall);
  last = { pixels, width: wide, height: tall, values, rows, columns, channels: program.channels, applied: now };
  const out = now === "network" ? mosaicSize(rows, columns, program.channels) : ([columns, rows] as const);
  const image = new ImageData(...out);
  if (now === "network") mosaic(values, rows, columns, program.channels, tints, image);
  else paint(values, now.shown, tints, image);
  fit(after, ...out);
  after.pen.putImageData(image, 0, 0);
  measure(got - given, drawn - begin + (performance.now() - given), begin, program, out);
  // The next picture may be on its way while this one is looked at.
  if (source.kind === "camera" && running) tell({ what: "want" });
  return true;
}

/** A layer without padding gives a smaller map. */
function shapeOf(values: Float32Array, { channels }: Program, wide: number, tall: number): readonly [number, number] {
  for (let cut = 0; cut < 16; cut++)
    if ((wide - cut) * (tall - cut) * channels === values.length) return [wide - cut, tall - cut];
  return [wide, tall];
}

const samples: { readonly run: number; readonly frame: number; readonly begin: number }[] = [];
let said = 0;

function forget(): void {
  samples.length = 0;
  said = 0;
}

const median = (list: readonly number[]): number => list.toSorted((a, b) => a - b)[list.length >> 1]!;

/** Told four times a second. */
function measure(run: number, frame: number, begin: number, program: Program, out: readonly [number, number]): void {
  samples.push({ run, frame, begin });
  if (samples.length > 40) samples.shift();
  const now = performance.now();
  if (now - said < 250 && running) return;
  said = now;
  const length = (samples.at(-1)!.begin - samples[0]!.begin) / 1000;
  tell({
    what: "measured",
    measured: {
      backend,
      width: last!.width,
      height: last!.height,
      out,
      maps: applied === "network" ? program.channels : 1,
      run: median(samples.map((sample) => sample.run)),
      frame: median(samples.map((sample) => sample.frame)),
      perSecond: samples.length < 5 || length === 0 ? 0 : (samples.length - 1) / length,
      operations: program.operations,
    },
  });
  answer();
  if (numbers) tell({ what: "blocks", blocks: blocks(last!) });
}

function answer(): void {
  if (spot === undefined || last === undefined) return;
  const frame = last;
  const asked = spot;
  if (frame.applied !== "network") {
    tell({ what: "looked", looked: look(frame, frame.applied, asked) });
    return;
  }
  const place = inMosaic(frame, asked.y, asked.x);
  void firstLayer().then((layer) => tell({ what: "looked", looked: lookInto(frame, [layer, nn.relu()], place) }));
}
