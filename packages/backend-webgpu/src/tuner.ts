/** Measures which tile is the fastest for each product of a program, before it is linked, on buffers of its own. */
import { sizeOf, TatamiError } from "@tatamijs/core/backend";
import { productDispatches } from "./conv/product.ts";
import { partsBytes } from "./conv/shared.ts";
import { rowsOf, candidates, type Way } from "./conv/tile.ts";
import type { Product } from "./conv/size.ts";
import { usage } from "./flags.ts";
import { ceilTo, partAlignment, type Operand, type Part, type Tiles } from "./kernel.ts";
import { commandsOf, type Commands, type Machine } from "./program.ts";
import { timed } from "./stopwatch.ts";
import { elementBytes } from "./values.ts";
import { keyOf, type Ways } from "./ways.ts";

/** Milliseconds that a lap is to last, so that a clock of tenths of a millisecond can tell tiles apart. */
const lapTime = 2;
const mostTimes = 64;
/** Milliseconds that stamps may be rounded to. */
const coarse = 0.1;
/** A tile that took so many times the fastest one's time in the first lap is not asked again. */
const hopeless = 2;

export class Tuner {
  readonly #machine: Machine;
  readonly #tiles: Tiles;
  readonly #ways: Ways;
  /** One at a time, or they would time each other. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(machine: Machine, tiles: Tiles, ways: Ways) {
    this.#machine = machine;
    this.#tiles = tiles;
    this.#ways = ways;
  }

  /**
   * Afterwards the ways of these products are known, as far as there was memory to measure them.
   * @throws TatamiError `device-lost`, `closed` (rejects).
   */
  tune(products: readonly Product[]): Promise<void> {
    const worth = products.filter((product) => candidates(product).length > 1 && !this.#ways.knows(product));
    if (worth.length === 0) return Promise.resolve();
    const mine = this.#last.then(() => this.#measureAll(worth));
    this.#last = mine.catch(() => {});
    return mine;
  }

  async #measureAll(products: readonly Product[]): Promise<void> {
    await this.#ways.load();
    const unknown = new Map(
      products.filter((product) => !this.#ways.knows(product)).map((product) => [keyOf(product), product]),
    );
    if (unknown.size === 0) return;
    for (const product of unknown.values()) {
      const way = await this.#fastest(product);
      if (way !== undefined) this.#ways.learn(product, way);
    }
    await this.#ways.save();
  }

  /** Undefined where there was no memory to find out. */
  async #fastest(product: Product): Promise<Way | undefined> {
    const stage = await this.#stage(product).catch(unlessFull);
    if (stage === undefined) return undefined;
    const runners: Runner[] = [];
    try {
      // Compilers work side by side where a browser has several.
      const made = await Promise.allSettled(candidates(product).map((way) => this.#runner(product, way, stage)));
      runners.push(
        ...made.flatMap((one) => (one.status === "fulfilled" && one.value !== undefined ? [one.value] : [])),
      );
      const failed = made.find((one) => one.status === "rejected");
      if (failed !== undefined) throw failed.reason;
      if (runners.length === 0) return undefined;
      const { device } = this.#machine;
      const laps = async (of: readonly Runner[], times: (k: number) => number): Promise<number[]> =>
        this.#machine.guarded("tune", () =>
          timed(
            device,
            of.map(({ run }, k) => ({ commands: run.commands, times: times(k) })),
          ),
        );
      // The first run of a pipeline may be a slow one, and is not counted.
      await laps(runners, () => 1);
      const first = await laps(runners, () => 2);
      const limit = hopeless * Math.max(coarse, Math.min(...first));
      const kept = runners.flatMap((runner, k) => (first[k]! <= limit ? [{ ...runner, ms: first[k]! }] : []));
      const last = await laps(kept, (k) => Math.min(mostTimes, Math.max(1, Math.ceil(lapTime / kept[k]!.ms))));
      return kept[last.indexOf(Math.min(...last))]!.way;
    } catch (error) {
      return unlessFull(error);
    } finally {
      for (const { run } of runners) run.drop();
      for (const buffer of stage.buffers) this.#machine.destroy(buffer);
    }
  }

  /** Undefined where a compiler refuses it. */
  async #runner(product: Product, way: Way, { x, filters, rest, output, scratch }: Stage): Promise<Runner | undefined> {
    const on: Tiles = { ...this.#tiles, wayOf: () => way };
    const run = await commandsOf(this.#machine, "tune", (table) =>
      productDispatches(on, product, x, filters, rest, { output, scratch: () => scratch, table }),
    ).catch(unlessRefused);
    return run === undefined ? undefined : { way, run };
  }

  /** Buffers of a product's sizes; what is in them takes the same time as anything else. */
  async #stage(product: Product): Promise<Stage> {
    const { windows, following, types, beside = false } = product;
    const { images, groups, from, depth, columns, kernel, own } = windows;
    const last = (which: 0 | 1): number => Math.max(...own!.map((pair) => pair[which])) + 1;
    const taps = sizeOf(kernel) * depth * Math.ceil(columns / 4);
    const bytes = {
      x: (own === undefined ? images : last(0)) * sizeOf(from) * depth * groups * elementBytes(types.from),
      filters: (own === undefined ? groups : last(1)) * taps * 16,
      output: (own?.length ?? 1) * rowsOf(product) * columns * groups * elementBytes(types.to),
      bias: columns * groups * elementBytes(types.to),
      scratch: partsBytes(product),
    };
    const aligned = ceilTo(bytes.output, partAlignment);
    const read = Math.max(bytes.x, bytes.filters, bytes.output, bytes.bias);
    const buffers: GPUBuffer[] = [];
    try {
      await this.#machine.guarded("tune", () => {
        for (const size of [read, aligned + bytes.x, bytes.scratch])
          buffers.push(
            this.#machine.device.createBuffer({
              size: ceilTo(Math.max(size, 16), 16),
              usage: usage.storage,
              label: "tuning",
            }),
          );
      });
    } catch (error) {
      for (const buffer of buffers) buffer.destroy();
      throw error;
    }
    const [only, both, scratch] = buffers as [GPUBuffer, GPUBuffer, GPUBuffer];
    const part = (buffer: GPUBuffer, offset: number, size: number): Part => ({
      buffer,
      offset,
      bytes: ceilTo(Math.max(size, 16), 16),
    });
    return {
      buffers,
      x: beside ? part(both, aligned, bytes.x) : part(only, 0, bytes.x),
      filters: part(only, 0, bytes.filters),
      rest: [
        ...(following.bias ? [part(only, 0, bytes.bias)] : []),
        ...(following.residual ? [part(only, 0, bytes.output)] : []),
      ],
      output: { ...part(both, 0, bytes.output), spec: { shape: [bytes.output], dtype: "u8" } },
      scratch: part(scratch, 0, bytes.scratch),
    };
  }
}

interface Runner {
  readonly way: Way;
  readonly run: Commands;
}

interface Stage {
  readonly buffers: readonly GPUBuffer[];
  readonly x: Part;
  readonly filters: Part;
  readonly rest: readonly Part[];
  readonly output: Operand;
  readonly scratch: Part;
}

const unless =
  (code: string) =>
  (error: unknown): undefined => {
    if (error instanceof TatamiError && error.code === code) return undefined;
    throw error;
  };

/** No memory to measure with is no error: the usual way needs none. */
const unlessFull = unless("out-of-memory");
/** Nor is a tile that a driver's compiler does not take. */
const unlessRefused = unless("internal");
