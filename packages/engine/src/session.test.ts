import {
  add,
  batchNorm,
  constant,
  conv2d,
  input,
  mul,
  relu,
  square,
  state,
  sub,
  sum,
  transpose,
  type Tensor,
  type TypedArray,
} from "@tatamijs/core";
import { describe, expect, test } from "vitest";
import {
  compile,
  evaluate,
  freeze,
  gradients,
  jit,
  openSession,
  supports,
  type Program,
  type Session,
} from "./index.ts";
import { nullGpu, proxied, testBackend, type TestBackend } from "./testing/backend.ts";
import { close, kinds } from "./testing/equal.ts";
import { leNet, residualBlock, values } from "./testing/graphs.ts";
import { interpret } from "./testing/values.ts";

const code = (wanted: string): unknown => expect.objectContaining({ name: "TatamiError", code: wanted });

/** One weight, a program that trains it and one that uses it. */
async function pair(backend: TestBackend): Promise<{ session: Session; w: Tensor; train: Program; infer: Program }> {
  const session = openSession(backend);
  const w = transpose(state(values(36, 5), [2, 3, 3, 2], "w"), [0, 3, 1, 2]);
  const x = input([1, 2, 5, 5]);
  const y = relu(conv2d(x, w));
  const loss = sum(square(sub(y, 0.5)));
  const [dw] = gradients(loss, [w]);
  const train = await compile({ inputs: [x], outputs: [loss], updates: [[w, sub(w, mul(dw!, 0.01))]] }, session);
  return { session, w, train, infer: await compile({ inputs: [x], outputs: [y] }, session) };
}

describe.each(Object.entries(kinds))("sessions on %s", (_, make) => {
  test("first values that wait are asked for once, and never where others were written before", async () => {
    const session = openSession(make());
    const asked: string[] = [];
    const waiting = (name: string): Tensor =>
      state(
        () => {
          asked.push(name);
          return Float32Array.of(1, 2);
        },
        [2],
        name,
      );
    const [w, b] = [waiting("w"), waiting("b")];
    session.write(w, Float32Array.of(3, 4));
    const program = await compile({ inputs: [], outputs: [relu(add(mul(w, 2), b))] }, session);
    expect([...(await program.run())[0]!.data]).toEqual([7, 10]);
    expect([...(await session.read(b))]).toEqual([1, 2]);
    expect(asked).toEqual(["b"]);
  });

  test("train, infer, train, infer: every answer is fresh", async () => {
    const backend = make();
    const { session, w, train, infer } = await pair(backend);
    const x = values(50, 1);
    const image = input([1, 2, 5, 5]);
    for (let round = 0; round < 3; round++) {
      await train.step([x]);
      const weights = await session.read(w);
      const [wanted] = interpret([relu(conv2d(image, constant(weights, w.shape)))], new Map([[image, x]]));
      close((await infer.run([x]))[0]!.data, wanted!);
    }
    session.write(w, new Float32Array(36));
    expect((await infer.run([x]))[0]!.data.every((v: number) => v === 0)).toBe(true);
    await session.close();
    expect(backend.held()).toBe(0);
  });

  test("runs in flight, reads late", async () => {
    const backend = make();
    const session = openSession(backend);
    const x = input([4]);
    const total = state([0, 0, 0, 0], [4], "total");
    const program = await compile({ inputs: [x], outputs: [mul(x, 2)], updates: [[total, add(total, x)]] }, session);
    const reads: Promise<TypedArray>[] = [];
    for (let i = 0; i < 8; i++) {
      const room = program.step([new Float32Array(4).fill(i)]);
      reads.push(program.read(0));
      await room;
    }
    expect((await Promise.all(reads)).map((v) => v[0])).toEqual([0, 2, 4, 6, 8, 10, 12, 14]);
    expect((await session.read(total))[3]).toBe(28);
    await session.close();
  });

  test("frozen", async () => {
    const backend = make();
    const session = openSession(backend);
    const { graph, runs } = residualBlock(false);
    const live = await compile(graph, session);
    const frozen = await compile(await freeze(graph, session), session);
    const [a, b] = [await live.run(runs[0]), await frozen.run(runs[0])];
    close(b[0]!.data, a[0]!.data);
    expect(frozen.plan.memories.some((m) => m.role === "state")).toBe(false);
    await session.close();
  });
});

test("read and write are in the form said, before and after a compile", async () => {
  const session = openSession(nullGpu());
  const leaf = state([1, 2, 3, 4, 5, 6], [2, 3], "w");
  const w = transpose(leaf);
  expect([...(await session.read(w))]).toEqual([1, 4, 2, 5, 3, 6]);
  session.write(w, new Float32Array([0, 1, 2, 3, 4, 5]));
  const program = await compile({ inputs: [], outputs: [leaf] }, session);
  expect([...(await program.run())[0]!.data]).toEqual([0, 2, 4, 1, 3, 5]);
  session.write(w, new Float32Array([9, 8, 7, 6, 5, 4]));
  expect([...(await session.read(leaf))]).toEqual([9, 7, 5, 8, 6, 4]);
  const into = new Float32Array(6);
  expect(await session.read(w, into)).toBe(into);
  expect([...into]).toEqual([9, 8, 7, 6, 5, 4]);
});

test("what depends on live states alone runs once per version", async () => {
  const backend = testBackend({ packs: ["conv2d", "convBlock"] });
  const session = openSession(backend);
  const w = state(values(8, 3), [2, 2, 2, 1], "w");
  const gamma = state([1, 2], [2], "gamma");
  const x = input([1, 1, 4, 4]);
  const y = batchNorm(conv2d(x, transpose(w, [0, 3, 1, 2])), {
    mean: constant([0.1, 0.2]),
    variance: constant([1, 2]),
    gamma,
  });
  const program = await compile({ inputs: [x], outputs: [y] }, session);
  expect(program.plan.once.length).toBeGreaterThan(1);
  expect(program.plan.steps.map((s) => s.node.op.name)).not.toContain("batchNorm");
  const other = await compile({ inputs: [x], outputs: [y] }, session);
  const image = values(16, 1);
  const first = (await program.run([image]))[0]!.data;
  await program.run([image]);
  expect(backend.ran.get("pack")).toBe(1);
  session.write(gamma, new Float32Array([2, 4]));
  const second = (await program.run([image]))[0]!.data;
  expect(backend.ran.get("pack")).toBe(2);
  expect(second[0]).not.toBe(first[0]);
  close((await other.run([image]))[0]!.data, second);
  // The packing is one memory for both programs.
  const before = backend.held();
  const third = await compile({ inputs: [x], outputs: [y] }, session);
  const packed = third.plan.memories.filter((m) => m.role === "shared");
  expect(packed.length).toBeGreaterThan(0);
  const own = third.plan.memories
    .filter((m) => m.role === "output" || m.role === "constants")
    .reduce((sum, m) => sum + m.bytes, 0);
  expect(backend.held() - before).toBe(own);
});

test("one arena for all programs of a session", async () => {
  const backend = testBackend();
  const session = openSession(backend);
  const { graph } = leNet(4, false);
  const arena = (p: Program): number => p.plan.memories.reduce((sum, m) => sum + (m.role === "arena" ? m.bytes : 0), 0);
  const first = await compile(graph, session);
  const held = backend.held();
  const second = await compile(graph, session);
  expect(backend.held() - held).toBeLessThan(arena(second));
  first.close();
  await second.run([values(4 * 144, 1)]);
  second.close();
  await session.close();
  expect(backend.held()).toBe(0);
});

describe("errors", () => {
  const x = input([2, 3]);
  const program = async (backend: TestBackend = testBackend()): Promise<Program> =>
    compile({ inputs: [x], outputs: [relu(x)] }, openSession(backend));

  test("inputs are checked before anything happens", async () => {
    const p = await program();
    expect(() => p.step([])).toThrow(code("input"));
    expect(() => p.step([new Float32Array(5)])).toThrow(/5 values.*compiled for f32 \[2, 3\]/);
    expect(() => p.step([new Int32Array(6)])).toThrow(code("input"));
    expect(() => p.step([{ data: new Float32Array(6), shape: [3, 2] }])).toThrow(/shape \[3, 2\]/);
    expect(() => p.step([null as unknown as Float32Array])).toThrow(code("input"));
    await expect(p.run([new Float32Array(7)])).rejects.toEqual(code("input"));
    await expect(p.read(0)).rejects.toEqual(code("argument"));
    await expect(p.read(3)).rejects.toEqual(code("argument"));
    expect((await p.run([{ data: new Float32Array([1, -1, 2, -2, 3, -3]), shape: [2, 3] }]))[0]!.data[1]).toBe(0);
  });

  test("graphs", async () => {
    const session = openSession(testBackend());
    const [a, b] = [state([1], [1], "same"), state([2], [1], "same")];
    await expect(compile({ inputs: [], outputs: [add(a, b)] }, session)).rejects.toEqual(code("state"));
    const c = state([1, 2], [2], "c");
    await expect(
      compile(
        {
          inputs: [],
          outputs: [],
          updates: [
            [c, neg(c)],
            [c, c],
          ],
        },
        session,
      ),
    ).rejects.toEqual(code("state"));
    await expect(compile({ inputs: [], outputs: [], updates: [[c, constant([1])]] }, session)).rejects.toEqual(
      code("state"),
    );
    await expect(compile({ inputs: [], outputs: [], updates: [[relu(c), c]] }, session)).rejects.toEqual(code("state"));
    await expect(compile({ inputs: [], outputs: [relu(x)] }, session)).rejects.toEqual(code("input"));
    await expect(compile({ inputs: [relu(x)], outputs: [relu(x)] }, session)).rejects.toEqual(code("input"));
    await expect(evaluate(relu(x), { backend: session.backend })).rejects.toEqual(code("input"));
    // Unnamed states may be many.
    await expect(evaluate(add(state([1], [1]), state([2], [1])), { backend: session.backend })).resolves.toMatchObject({
      data: new Float32Array([3]),
    });
  });

  test("every declined primitive is listed, declined composites are opened", async () => {
    const backend = testBackend({
      declines: (name) =>
        name === "convBlock" || name === "map"
          ? "not here"
          : name === "conv2d" || name === "pool2d"
            ? "too large"
            : undefined,
    });
    const { graph } = leNet(2, false);
    const error = await compile(graph, openSession(backend)).then(
      () => undefined,
      (e: Error) => e,
    );
    expect(error).toEqual(code("backend"));
    expect(error!.message).toMatch(/conv2d[\s\S]*too large/);
    expect(error!.message).toMatch(/pool2d/);
    expect(backend.held()).toBe(0);
    const report = await supports(backend, graph);
    expect(report.supported).toBe(false);
    expect(report.ops.filter((op) => op.status === "opened").map((op) => op.op)).toContain("convBlock");
    expect(report.ops.find((op) => op.op === "pool2d")).toMatchObject({ status: "declined", reason: "too large" });
    expect((await supports(testBackend(), graph)).supported).toBe(true);
  });

  test.each([0, 100, 1000, 3000, 6000, 9000])("no memory beyond %i bytes: nothing stays allocated", async (limit) => {
    for (const backend of [testBackend({ limit }), nullGpu({ limit })]) {
      const session = openSession(backend);
      const { graph } = leNet(8, true);
      await expect(compile(graph, session)).rejects.toEqual(code("out-of-memory"));
      expect(backend.held()).toBe(0);
    }
  });

  test("a link that fails leaves nothing behind", async () => {
    const backend = testBackend();
    const failing: TestBackend = { ...backend, link: () => Promise.reject(new Error("bad shader")) };
    await expect(compile(leNet(2, true).graph, openSession(failing))).rejects.toThrow("bad shader");
    expect(backend.held()).toBe(0);
  });

  test("closed", async () => {
    const backend = testBackend();
    const p = await program(backend);
    p.close();
    p.close();
    expect(() => p.step([new Float32Array(6)])).toThrow(code("closed"));
    await expect(p.run([new Float32Array(6)])).rejects.toEqual(code("closed"));
    const q = await program(backend);
    await q.session.close();
    await q.session.close();
    await expect(q.run([new Float32Array(6)])).rejects.toEqual(code("closed"));
    await expect(compile({ inputs: [x], outputs: [relu(x)] }, q.session)).rejects.toEqual(code("closed"));
    await expect(q.session.read(state([1], [1]))).rejects.toEqual(code("closed"));
    {
      using r = await program(backend);
      await r.run([new Float32Array(6)]);
    }
    expect(backend.held()).toBeLessThanOrEqual(64); // r's session keeps nothing but what it never closed
  });

  test("a lost device", async () => {
    for (const backend of [testBackend(), proxied(nullGpu())]) {
      const { session, train, infer, w } = await pair(backend);
      await train.step([values(50, 1)]);
      const hanging = { ...backend, read: () => new Promise<TypedArray>(() => {}) };
      const p = await compile({ inputs: [x], outputs: [relu(x)] }, openSession(hanging));
      const late = p.run([new Float32Array(6)]);
      backend.lose("unplugged");
      await expect(infer.run([values(50, 1)])).rejects.toEqual(code("device-lost"));
      await expect(train.read(0)).rejects.toEqual(code("device-lost"));
      await expect(session.read(w)).rejects.toThrow(/unplugged/);
      await expect(late).rejects.toEqual(code("device-lost"));
      expect(() => session.write(w, new Float32Array(36))).toThrow(code("device-lost"));
      await expect(compile({ inputs: [x], outputs: [relu(x)] }, session)).rejects.toEqual(code("device-lost"));
      await session.close();
    }
  });
});

describe("jit", () => {
  const w = state(values(6, 1), [2, 3], "w");
  const batch = (n: number): { data: Float32Array; shape: number[] } => ({ data: values(n * 3, n), shape: [n, 3] });

  test("a program per shape, the latest kept", async () => {
    const session = openSession(testBackend());
    let built = 0;
    const run = jit(
      (x) => {
        built++;
        return { outputs: [relu(add(x, sum(w, { axis: 0, keepDims: true })))] };
      },
      session,
      { keep: 2 },
    );
    for (const n of [4, 4, 1, 4, 3, 4, 1]) expect((await run([batch(n)]))[0]!.shape).toEqual([n, 3]);
    expect(built).toBe(4);
    expect(run.size).toBe(2);
    const [a, b] = await Promise.all([run.program([{ shape: [9, 3], dtype: "f32" }]), run.programFor([batch(9)])]);
    expect(a).toBe(b);
    await expect(run([new Float32Array(3)])).rejects.toEqual(code("input"));
    run.close();
    await session.close();
  });

  test("a build that fails is tried again", async () => {
    let fail = true;
    const run = jit((x) => {
      if (fail) throw new Error("not yet");
      return { outputs: [neg(x)] };
    }, openSession(testBackend()));
    await expect(run([batch(2)])).rejects.toThrow("not yet");
    fail = false;
    await expect(run([batch(2)])).resolves.toHaveLength(1);
  });
});

function neg(x: Tensor): Tensor {
  return mul(x, -1);
}
