// The trainer without a page: the same numbers whatever is looked at, paused or moved; and nothing that is broken ends it.
import { expect, test } from "vitest";
import { presets } from "./layers.ts";
import type { Asked, Told } from "./messages.ts";
import { usual, type Settings } from "./settings.ts";
import { trainer } from "./trainer.ts";
import type { BackendName } from "tatamijs";

const quick: Settings = {
  ...usual,
  layers: [{ kind: "conv", filters: 4, size: 5, stride: 1, padding: 0 }, presets.small[1]!],
  epochs: 1,
};

interface Seen {
  readonly told: Told[];
  ask(asked: Asked): void;
  idle(): Promise<void>;
  /** Loss of each step, by step. */
  losses(): number[];
  last<K extends Told["kind"]>(kind: K): Extract<Told, { kind: K }> | undefined;
}

function watch(name: BackendName = "cpu"): Seen {
  const told: Told[] = [];
  const { ask, idle } = trainer({}, (one) => told.push(one));
  ask({ kind: "backend", name });
  return {
    told,
    ask,
    idle,
    losses() {
      const all: number[] = [];
      for (const one of told)
        if (one.kind === "losses") one.losses.forEach((loss, i) => (all[one.first - 1 + i] = loss));
      return all;
    },
    last: (kind) => told.findLast((one) => one.kind === kind) as never,
  };
}

test("loss falls, digits are read, and a seed means one run", async () => {
  const one = watch();
  one.ask({ kind: "begin", settings: quick });
  one.ask({ kind: "go" });
  await one.idle();
  expect(one.told.filter((x) => x.kind === "problem")).toEqual([]);
  const t = one.last("test")!.test;
  console.log(one.losses().length, one.losses()[0], one.losses().at(-1), t.accuracy, t.loss);
  expect(one.last("state")!.state).toBe("done");
});
