// Training end to end on the CPU: it learns, it can stop and go on bit for bit, and it says what went wrong.
import { cpu } from "@tatamijs/backend-cpu";
import { TatamiError, crossEntropy, mul, type Layer, type Tensor } from "@tatamijs/core";
import type { Backend } from "@tatamijs/core/backend";
import { openSession } from "@tatamijs/engine";
import * as nn from "@tatamijs/nn";
import { describe, expect, test } from "vitest";
import { randomAffine } from "./augment.ts";
import { decodeCheckpoint, encodeCheckpoint, type Checkpoint } from "./checkpoint.ts";
import { clipNorm } from "./clip.ts";
import type { Dataset, Sample } from "./dataset.ts";
import { fit } from "./fit.ts";
import type { EpochReport, FitOptions } from "./fit-options.ts";
import { accuracy, measure } from "./measure.ts";
import { adam, adamw } from "./optim/adam.ts";
import { sgd } from "./optim/sgd.ts";
import { cosine, oneCycle } from "./schedule.ts";
import { all, bars, network, rejected, session, weightsIn } from "./testing/toy.ts";

const plain = (report: EpochReport): EpochReport => ({ ...report, seconds: 0, samplesPerSecond: 0 });

describe("learning", () => {
  test.each([
    ["sgd", sgd({ lr: 0.05, momentum: 0.9, nesterov: true })],
    ["adam", adam({ lr: 0.01 })],
    ["adamw", adamw({ lr: 0.01 })],
  ])("a small network tells bars apart with %s", async (_, optimizer) => {
    const [on, model] = [session(), network()];
    const reports = await all(
      fit(model, bars(300), {
        session: on,
        loss: crossEntropy,
        optimizer,
        epochs: 5,
        batchSize: 32,
        validation: bars(100, 2),
      }),
    );
    expect(reports.map(({ epoch, step }) => [epoch, step])).toEqual(
      [1, 2, 3, 4, 5].map((epoch) => [epoch, epoch * 10]),
    );
    expect(reports.at(-1)!.loss).toBeLessThan(reports[0]!.loss / 2);
    expect(reports.at(-1)!.validation!.accuracy).toBeGreaterThan(0.95);
    const {
      loss,
      accuracy: share,
      count,
    } = await measure(model, bars(100, 2), { session: on, loss: crossEntropy, batchSize: 33 });
    expect(count).toBe(100);
    expect(share).toBe(reports.at(-1)!.validation!.accuracy);
    expect(loss).toBeCloseTo(reports.at(-1)!.validation!.loss, 5);
    expect(await accuracy(model, bars(100, 2), { session: on })).toBe(share);
  });

  test("awaited, it trains to the end and gives the last report; begun, what is left", async () => {
    const data = bars(64);
    const options = (): FitOptions => ({
      session: session(),
      loss: crossEntropy,
      optimizer: sgd({ lr: 0.05 }),
      epochs: 3,
    });
    const reports = (await all(fit(network(), data, options()))).map(plain);
    expect(plain((await fit(network(), data, options()))!)).toEqual(reports[2]);
    const begun = fit(network(), data, options());
    expect(plain((await begun.next()).value!)).toEqual(reports[0]);
    expect(plain((await begun)!)).toEqual(reports[2]);
    expect(await begun).toBeUndefined();
    await expect(
      fit(network(), { ...data, targets: { data: new Int32Array(64).fill(9), shape: [64] } }, options()),
    ).rejects.toThrow(TatamiError);
  });

  test("values as targets: a line through points, no accuracy", async () => {
    const x = Float32Array.from({ length: 64 }, (_, i) => i / 32 - 1);
    const model = nn.linear(1, 1);
    const data: Dataset = {
      inputs: { data: x, shape: [64, 1] },
      targets: { data: x.map((v) => 3 * v - 0.5), shape: [64, 1] },
    };
    const on = session();
    const reports = await all(
      fit(model, data, { session: on, loss: nn.mse, optimizer: sgd({ lr: 0.3 }), epochs: 40, batchSize: 16 }),
    );
    expect(reports.at(-1)!.accuracy).toBeUndefined();
    expect(reports.at(-1)!.loss).toBeLessThan(1e-6);
    expect(Array.from(await on.read(model.state["weight"]!))[0]).toBeCloseTo(3, 2);
    expect((await rejected(accuracy(model, data, { session: on }))).code).toBe("argument");
  });

  test("the same seed gives the same bits, another one others", async () => {
    const run = async (seed: number): Promise<unknown> => {
      const [on, model] = [session(), network()];
      const reports = await all(
        fit(model, bars(70), {
          session: on,
          loss: crossEntropy,
          optimizer: adamw({ lr: 0.01 }),
          epochs: 2,
          seed,
          augment: randomAffine({ shift: 1, rotate: 5 }),
        }),
      );
      return [reports.map(plain), await weightsIn(on, model)];
    };
    const first = await run(3);
    expect(await run(3)).toEqual(first);
    expect(await run(4)).not.toEqual(first);
  });

  test("the model itself starts from what was learned, in another session too", async () => {
    const [on, model] = [session(), network()];
    await all(fit(model, bars(64), { session: on, loss: crossEntropy, optimizer: adam(), epochs: 1 }));
    expect(await weightsIn(session(), model)).toEqual(await weightsIn(on, model));
  });

  test("samples one by one, in order or shuffled through a buffer, from a function that begins a pass", async () => {
    const { inputs, targets } = bars(50);
    async function* samples(): AsyncGenerator<Sample> {
      for (let i = 0; i < 50; i++)
        yield {
          input: { data: inputs.data!.subarray(i * 64, (i + 1) * 64), shape: [1, 8, 8] },
          target: targets.data![i]!,
        };
    }
    const run = async (data: Dataset, options: Partial<FitOptions>): Promise<unknown> => {
      const [on, model] = [session(), network()];
      const reports = await all(
        fit(model, data, { session: on, loss: crossEntropy, optimizer: sgd(), epochs: 2, batchSize: 16, ...options }),
      );
      expect(reports.at(-1)!.step).toBe(8);
      return reports.map(plain);
    };
    expect(await run(samples, { shuffle: false })).toEqual(await run(bars(50), { shuffle: false }));
    expect(await run(samples, { shuffle: 10 })).toEqual(await run(samples, { shuffle: 10 }));
    expect(await run(samples, { shuffle: 10 })).not.toEqual(await run(samples, { shuffle: false }));
    const usedUp = await rejected(
      fit(network(), samples(), { session: session(), loss: crossEntropy, optimizer: sgd(), epochs: 2 }),
    );
    expect(usedUp.code).toBe("zero-size");
    expect(usedUp.message).toContain("() => samples()");
  });

  test("callbacks and progress hear every step, in order; leaving the loop ends it", async () => {
    const [steps, lines, epochs]: [number[], number[], number[]] = [[], [], []];
    let closed = 0;
    for await (const { epoch } of fit(network(), bars(50), {
      session: session(),
      loss: crossEntropy,
      optimizer: sgd(),
      epochs: 5,
      batchSize: 20,
      callbacks: { step: ({ step }) => void steps.push(step), epoch: (report) => void epochs.push(report.epoch) },
      progress: { update: ({ done, total }) => void lines.push(done / total), close: () => void closed++ },
    })) {
      if (epoch === 2) break;
    }
    expect(steps).toEqual([1, 2, 3, 4, 5, 6]);
    expect(lines).toEqual([0.4, 0.8, 1, 0.4, 0.8, 1]);
    expect(epochs).toEqual([1, 2]);
    expect(closed).toBe(1);
  });

  test("dropLast leaves the short batch out", async () => {
    const [report] = await all(
      fit(network(), bars(50), {
        session: session(),
        loss: crossEntropy,
        optimizer: sgd(),
        batchSize: 20,
        dropLast: true,
      }),
    );
    expect(report!.step).toBe(2);
  });
});

describe("stopping and going on", () => {
  const options = (): Omit<FitOptions, "session"> => ({
    loss: crossEntropy,
    optimizer: adamw({ lr: 0.01 }),
    epochs: 3,
    batchSize: 16,
    seed: 9,
    schedule: oneCycle(),
    clip: clipNorm(1),
    augment: randomAffine({ shift: 1, scale: 0.1 }),
  });
  const whole = async (): Promise<{ reports: unknown[]; weights: unknown; last: Checkpoint }> => {
    const [on, model] = [session(), network()];
    let last: Checkpoint | undefined;
    const reports = await all(
      fit(model, bars(90), { ...options(), session: on, checkpoint: { save: (c) => void (last = c) } }),
    );
    return { reports: reports.map(plain), weights: await weightsIn(on, model), last: last! };
  };

  test.each([1, 4, 6, 11, 17])(
    "stopped after step %i and resumed equals one that never stopped, bit for bit",
    async (stopAt) => {
      const controller = new AbortController();
      const reports: unknown[] = [];
      let saved: Checkpoint | undefined;
      // The signal fires while step `stopAt` is asked for: from the schedule, which is called once per step.
      const stopping = options();
      const model = network();
      const stopped = await rejected(
        (async () => {
          for await (const report of fit(model, bars(90), {
            ...stopping,
            session: session(),
            signal: controller.signal,
            checkpoint: { save: (c) => void (saved = c) },
            schedule: (moment) => {
              if (moment.step === stopAt - 1) controller.abort(new Error("enough"));
              return stopping.schedule!(moment);
            },
          }))
            reports.push(plain(report));
        })(),
      );
      expect(stopped.code).toBe("aborted");
      expect(stopped.details["step"]).toBe(stopAt);
      expect((stopped.cause as Error).message).toBe("enough");
      expect(saved).toEqual(stopped.details["checkpoint"]);
      // Another process: other weights at first, a new optimiser, the checkpoint as bytes.
      const resume = decodeCheckpoint(encodeCheckpoint(saved!));
      const [on, other] = [session(), network(77)];
      let last: Checkpoint | undefined;
      for await (const report of fit(other, bars(90), {
        ...options(),
        session: on,
        resume,
        checkpoint: { save: (c) => void (last = c) },
      }))
        reports.push(plain(report));
      const wanted = await whole();
      expect(reports).toEqual(wanted.reports);
      expect(await weightsIn(on, other)).toEqual(wanted.weights);
      expect(encodeCheckpoint(last!)).toEqual(encodeCheckpoint(wanted.last));
    },
  );

  test("a signal that fires from outside is heard while training runs", async () => {
    const started = performance.now();
    const error = await rejected(
      fit(network(), bars(300), {
        ...options(),
        epochs: 100_000,
        session: session(),
        signal: AbortSignal.timeout(150),
      }),
    );
    expect(error.code).toBe("aborted");
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  test("a data source that hangs does not keep an abort waiting", async () => {
    const data = { [Symbol.asyncIterator]: () => ({ next: () => new Promise<IteratorResult<Sample>>(() => {}) }) };
    const error = await rejected(
      fit(network(), data, {
        ...options(),
        session: session(),
        signal: AbortSignal.timeout(50),
        schedule: cosine({ steps: 5 }),
      }),
    );
    expect(error.code).toBe("aborted");
    const validating = { ...options(), session: session(), validation: data };
    expect((await rejected(fit(network(), bars(30), { ...validating, signal: AbortSignal.timeout(300) }))).code).toBe(
      "aborted",
    );
  });

  test("an aborted signal stops before anything is done", async () => {
    const [on, model] = [session(), network()];
    const before = await weightsIn(on, model);
    expect(
      (await rejected(fit(model, bars(30), { ...options(), session: on, signal: AbortSignal.abort() }))).code,
    ).toBe("aborted");
    expect(await weightsIn(on, model)).toEqual(before);
  });

  test("a checkpoint that does not fit changes nothing", async () => {
    const { last } = await whole();
    const [on, model] = [session(), network()];
    const before = await weightsIn(on, model);
    const resumed = (resume: Checkpoint, more: Partial<FitOptions> = {}): Promise<TatamiError> =>
      rejected(fit(model, bars(90), { ...options(), ...more, session: on, resume }));
    expect((await resumed(last, { seed: 10 })).message).toContain("seed 9");
    expect((await resumed(last, { batchSize: 8 })).code).toBe("argument");
    expect((await resumed(last, { optimizer: sgd({ momentum: 0.9 }) })).code).toBe("weights");
    expect((await resumed({ ...last, weights: new Map() })).code).toBe("weights");
    expect((await resumed({ ...last, generator: new Map() })).code).toBe("weights");
    expect(await weightsIn(on, model)).toEqual(before);
  });

  test("a lost device: the host's copy is handed over, and with reopen training goes on to the same bits", async () => {
    const wanted = await whole();
    const lost = await rejected(
      fit(network(), bars(90), { ...options(), session: openSession(mortal(9)), keepEvery: 2 }),
    );
    expect(lost.code).toBe("device-lost");
    const kept = lost.details["checkpoint"] as Checkpoint;
    expect(kept.step % 2 === 0 || kept.position === 0).toBe(true);
    const model = network();
    const lives = [mortal(9), mortal(8), cpu()];
    const reports: unknown[] = [];
    let on = openSession(lives.shift()!);
    for await (const report of fit(model, bars(90), {
      ...options(),
      session: on,
      keepEvery: 2,
      reopen: () => (on = openSession(lives.shift()!)),
    }))
      reports.push(plain(report));
    expect(lives.length).toBeLessThan(2);
    expect(reports).toEqual(wanted.reports);
    expect(await weightsIn(on, model)).toEqual(wanted.weights);
  });
});

/** The CPU backend, which loses its "device" in the run of this number. */
function mortal(runs: number): Backend {
  const real = cpu();
  let left = runs;
  let die: (loss: { reason: string }) => void = () => {};
  const lost = new Promise<{ reason: string }>((resolve) => (die = resolve));
  const gone = (): TatamiError => new TatamiError("device-lost", "the device is gone");
  return {
    ...real,
    lost,
    async link(steps) {
      const linked = await real.link(steps);
      return {
        close: () => linked.close(),
        run() {
          if (--left === 0) die({ reason: "a test" });
          if (left > 0) linked.run();
        },
      };
    },
    read: (from, into) => (left > 0 ? real.read(from, into) : Promise.reject(gone())),
    settle: () => (left > 0 ? real.settle() : Promise.reject(gone())),
  };
}

describe("what goes wrong is said", () => {
  const base = (): FitOptions => ({
    session: session(),
    loss: crossEntropy,
    optimizer: sgd({ lr: 0.1 }),
    batchSize: 16,
  });

  test("a loss that explodes: which step, what to do, and the model is as it was", async () => {
    const [on, model] = [session(), network()];
    const before = await weightsIn(on, model);
    const error = await rejected(
      fit(model, bars(64), { ...base(), session: on, optimizer: sgd({ lr: 1e30 }), epochs: 3 }),
    );
    expect(error.code).toBe("not-finite");
    expect(error.message).toContain("learning rate 1e+30");
    expect(error.message).toContain("clipNorm");
    expect((error.details["checkpoint"] as Checkpoint).step).toBe(0);
    expect(await weightsIn(on, model)).toEqual(before);
  });

  test("NaN in the data: which sample", async () => {
    const data = bars(64);
    data.inputs.data![64 * 17 + 3] = NaN;
    const error = await rejected(fit(network(), data, base()));
    expect(error.code).toBe("not-finite");
    expect(error.message).toContain("inputs hold NaN in sample 17");
  });

  test("NaN that is found while an abort is waited for: the model is put back all the same", async () => {
    const [on, model, stop] = [session(), network(), new AbortController()];
    const before = await weightsIn(on, model);
    const data = bars(64);
    data.inputs.data![3] = NaN;
    const schedule = (): number => (stop.abort(), 1);
    const error = await rejected(
      fit(model, data, { ...base(), session: on, shuffle: false, schedule, signal: stop.signal }),
    );
    expect(error.code).toBe("not-finite");
    expect(await weightsIn(on, model)).toEqual(before);
  });

  test("a label that the model does not know", async () => {
    const data = bars(64);
    data.targets.data![5] = 3;
    const error = await rejected(fit(network(), data, base()));
    expect(error.code).toBe("argument");
    expect(error.message).toContain("classes 0 to 2");
  });

  test("a loss that is no scalar, and one that is no tensor", async () => {
    expect((await rejected(fit(network(), bars(64), { ...base(), loss: (y: Tensor) => mul(y, 2) }))).code).toBe(
      "gradient",
    );
    expect((await rejected(fit(network(), bars(64), { ...base(), loss: (() => 3) as unknown as nn.Loss }))).code).toBe(
      "argument",
    );
  });

  test("a save that fails ends training with its own error", async () => {
    const full = new TatamiError("io", "the disk is full");
    const error = await rejected(
      fit(network(), bars(64), { ...base(), checkpoint: { save: () => Promise.reject(full) } }),
    );
    expect(error).toBe(full);
  });

  test("wrong arguments at once, before the first step is asked for", () => {
    const good = base();
    const wrong: [unknown, unknown, unknown][] = [
      [{}, bars(4), good],
      [network(), bars(0), good],
      [
        network(),
        {
          inputs: { data: new Float32Array(64), shape: [1, 1, 8, 8] },
          targets: { data: new Uint8Array(2), shape: [2] },
        },
        good,
      ],
      [
        network(),
        {
          inputs: { data: new Float32Array(63), shape: [1, 1, 8, 8] },
          targets: { data: new Uint8Array(1), shape: [1] },
        },
        good,
      ],
      [network(), 3, good],
      [network(), new Float32Array(3), good],
      [network(), bars(4), undefined],
      ...Object.entries({
        session: {},
        loss: "crossEntropy",
        optimizer: adamw,
        epochs: -1,
        batchSize: 0,
        seed: 1.5,
        shuffle: "yes",
        dropLast: 1,
        schedule: 0.1,
        clip: 1,
        augment: {},
        signal: {},
        checkpoint: { every: 3 },
        progress: true,
        callbacks: { step: 3 },
        resume: {},
        validation: 7,
        keepEvery: 0,
        reopen: {},
      }).map(([name, value]): [unknown, unknown, unknown] => [network(), bars(4), { ...good, [name]: value }]),
    ];
    for (const [model, data, options] of wrong) {
      expect(() => fit(model as Layer, data as Dataset, options as FitOptions)).toThrow(TatamiError);
    }
    expect(() => fit(network(), bars(4), { ...good, batchSize: 5, dropLast: true })).toThrow(/no full batch/);
  });
});
