// The trainer without a page: the same numbers whatever is looked at, paused or moved; and nothing that is broken ends a run.
import { english } from "@tatamijs/core";
import { readSafetensors } from "tatamijs";
import { expect, test } from "vitest";
import { layersFrom } from "./layers.ts";
import type { Asked, Told } from "./messages.ts";
import { usual, type Settings } from "./settings.ts";
import { trainer } from "./trainer.ts";

const quick: Settings = { ...usual, layers: layersFrom("c4k5-p2-o25")!, epochs: 1 };

interface Seen {
  readonly told: Told[];
  ask(...asked: readonly Asked[]): void;
  idle(): Promise<void>;
  /** Loss of each step, by step. */
  losses(): number[];
  last<K extends Told["kind"]>(kind: K): Extract<Told, { kind: K }>;
  problems(): string[];
  /** When something is told of which this is true. */
  until(is: (told: Told) => boolean): Promise<void>;
}

function watch(): Seen {
  const told: Told[] = [];
  let heard: (one: Told) => void = () => {};
  const { ask, idle } = trainer({}, (one) => {
    told.push(one);
    heard(one);
  });
  return {
    told,
    ask: (...all) => all.forEach(ask),
    idle,
    losses() {
      const all: number[] = [];
      for (const one of told)
        if (one.kind === "losses") one.losses.forEach((loss, i) => (all[one.first - 1 + i] = loss));
      return all;
    },
    last: (kind) => told.findLast((one) => one.kind === kind) as never,
    problems: () => told.flatMap((one) => (one.kind === "problem" ? [english.message(one.error)] : [])),
    until: (is) =>
      new Promise((resolve) => {
        heard = (one) => {
          if (is(one)) resolve();
        };
      }),
  };
}

test("loss falls, digits are read; paused, stepped and looked at, the run is the same to the last bit", async () => {
  const one = watch();
  one.ask({ kind: "begin", settings: quick }, { kind: "go" });
  await one.idle();
  expect(one.problems()).toEqual([]);
  expect(one.last("state").state).toBe("done");
  expect(one.losses()).toHaveLength(41);
  expect(one.losses()[0]).toBeGreaterThan(2);
  expect(one.losses().at(-1)).toBeLessThan(1.2);
  const { test: final } = one.last("test");
  expect(final.accuracy).toBeGreaterThan(0.8);
  expect(final.step).toBe(41);
  expect(final.confusion.reduce((sum, count) => sum + count, 0)).toBe(500);
  const { shape, weights, gradients } = one.last("maps").maps;
  expect(shape).toEqual([4, 1, 5, 5]);
  expect(weights.some((value) => value !== 0)).toBe(true);
  expect(gradients.some((value) => value !== 0)).toBe(true);

  const two = watch();
  two.ask({ kind: "begin", settings: quick }, { kind: "step" });
  await two.idle();
  expect(two.losses()).toHaveLength(1);
  expect(two.last("state").state).toBe("paused");
  const looked = two.until(({ kind }) => kind === "maps");
  two.ask({ kind: "go" }, { kind: "look", row: 3 });
  await looked;
  two.ask({ kind: "pause" });
  await two.idle();
  two.ask({ kind: "go" });
  await two.idle();
  expect(two.losses()).toEqual(one.losses());
  expect(two.last("test").test).toEqual(final);
  // Its epochs are over: it goes on for as many again.
  two.ask({ kind: "go" });
  await two.idle();
  expect(two.losses()).toHaveLength(82);
});

test("a run moves to another backend on the way", async () => {
  const one = watch();
  one.ask({ kind: "begin", settings: quick }, { kind: "step" });
  await one.idle();
  one.ask({ kind: "backend", name: "cpu" }, { kind: "step" });
  await one.idle();
  expect(one.last("backend").name).toBe("cpu");
  expect(one.losses()).toHaveLength(2);
  expect(one.problems()).toEqual([]);
});

test("weights go out and in again with their layers; what is broken changes nothing", async () => {
  const one = watch();
  one.ask({ kind: "begin", settings: quick }, { kind: "step" });
  await one.idle();
  one.ask({ kind: "save" });
  const { bytes } = one.last("saved");
  expect([...readSafetensors(bytes).tensors.keys()].sort()).toEqual(["0.bias", "0.weight", "5.bias", "5.weight"]);
  one.ask({ kind: "begin", settings: quick, weights: bytes.slice(0, -8) });
  await one.idle();
  expect(one.problems()).toEqual([expect.stringContaining("the file holds only")]);
  expect(one.last("state").state).toBe("paused");
  one.ask({ kind: "begin", settings: usual, weights: bytes });
  await one.idle();
  expect(one.last("began").settings.layers).toEqual(quick.layers);
  one.ask({ kind: "save" });
  expect(one.last("saved").bytes).toEqual(bytes);
});

test("a rate that is too high is the library's error, and the run can be begun anew", async () => {
  const one = watch();
  one.ask({ kind: "begin", settings: { ...quick, optimizer: "momentum", rate: 1e30 } }, { kind: "go" });
  await one.idle();
  expect(one.problems()).toEqual([expect.stringMatching(/^fit: the loss is .*learning rate/)]);
  one.ask({ kind: "begin", settings: quick }, { kind: "step" });
  await one.idle();
  expect(one.problems()).toHaveLength(1);
  expect(one.losses()).not.toHaveLength(0);
});
