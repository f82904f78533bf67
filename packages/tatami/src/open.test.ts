import { cpu } from "@tatamijs/backend-cpu";
import * as gpu from "@tatamijs/backend-webgpu";
import { decline, type Backend } from "@tatamijs/core/backend";
import { afterEach, describe, expect, test, vi } from "vitest";
import { open, TatamiError, type BackendChoice } from "./index.ts";
import { probe } from "./probe.ts";
import { rejected } from "./testing/rejected.ts";

vi.mock("@tatamijs/backend-webgpu", { spy: true });
afterEach(() => void vi.mocked(gpu.webgpu).mockReset());

/** As `webgpu()` gives it where there is a GPU; here the CPU backend plays it, and may get something wrong. */
function playGpu(change: Partial<Backend> = {}): { readonly closed: () => number } {
  let closed = 0;
  const backend = { ...cpu(), name: "webgpu", close: async () => void closed++, ...change };
  vi.mocked(gpu.webgpu).mockImplementation(async () => backend as unknown as gpu.WebGpuBackend);
  return { closed: () => closed };
}

describe("auto", () => {
  test("takes the first that opens, and says why not the others: never a processor that plays a GPU", async () => {
    const { name, report } = await open();
    expect(name).toBe("wasm");
    expect(report.chosen).toBe("wasm");
    expect(report.variant).toContain("simd");
    expect(report.rejected.map((one) => one.name)).toEqual(["webgpu"]);
    expect(report.rejected[0]!.why).toMatch(/a processor that plays a GPU|no adapter/);
    expect(vi.mocked(gpu.webgpu)).toHaveBeenCalledWith({ fallback: false });
  });

  test("takes a GPU that knows its sums", async () => {
    const { closed } = playGpu();
    expect((await open("auto")).report).toMatchObject({ chosen: "webgpu", rejected: [] });
    expect(closed()).toBe(0);
  });

  test("rejects and closes one that computes wrongly, or fails meanwhile", async () => {
    const wrong = playGpu(wrongSums());
    const { name, report } = await open();
    expect(name).toBe("wasm");
    expect(report.rejected[0]).toMatchObject({
      name: "webgpu",
      why: expect.stringMatching(/computes wrongly.*a convolution gives .* where -?\d+ is right/),
    });
    expect(wrong.closed()).toBe(1);
    const lost = playGpu({ link: () => Promise.reject(new TatamiError("device-lost", "gone")) });
    expect((await open()).report.rejected).toEqual([{ name: "webgpu", why: "gone" }]);
    expect(lost.closed()).toBe(1);
  });
});

test("a name, a list in order, a backend of one's own", async () => {
  expect((await open("cpu")).report.rejected).toEqual([]);
  vi.mocked(gpu.webgpu).mockRejectedValue(new TatamiError("backend", "no GPU"));
  expect((await open(["webgpu", "cpu"])).report.rejected).toEqual([{ name: "webgpu", why: "no GPU" }]);
  expect(vi.mocked(gpu.webgpu)).toHaveBeenCalledWith({ fallback: true });
  const own = cpu();
  expect(await open(own)).toBe(own);
  expect((await open(["webgpu", cpu()])).name).toBe("cpu");
  const frozen = Object.freeze(cpu());
  expect((await open(frozen)).report.chosen).toBe("cpu");
});

test("webgpu asked for by name is taken on whatever adapter there is", async () => {
  const backend = await open("webgpu");
  expect(backend.report).toMatchObject({ chosen: "webgpu", rejected: [] });
  expect((backend as unknown as gpu.WebGpuBackend).info.messages).toEqual([]);
  expect((backend as unknown as gpu.WebGpuBackend).info.pipelines).toBeLessThanOrEqual(4);
  const begin = performance.now();
  await probe(backend);
  expect(performance.now() - begin).toBeLessThan(500);
  await backend.close();
});

test("what cannot be opened is said with every reason", async () => {
  vi.mocked(gpu.webgpu).mockRejectedValue(new TatamiError("backend", "no GPU", { op: "webgpu" }));
  const error = await rejected(open(["webgpu", "webgpu"]));
  expect(error.code).toBe("backend");
  expect(error.message.match(/webgpu: /g)).toHaveLength(2);
  expect((await rejected(open("webgpu"))).code).toBe("backend");
  for (const wrong of ["gpu", 3, null, [], ["cpu", "gpu"], {}]) {
    const refused = await rejected(open(wrong as BackendChoice));
    expect(refused).toBeInstanceOf(TatamiError);
    expect(refused.code).toBe("argument");
  }
});

describe("the probe", () => {
  test.each(["convBlock", "mapReduce"])("asks for nothing that a backend may leave out: %s", async (op) => {
    const { kernels, ...rest } = cpu();
    await probe({ ...rest, kernels: { ...kernels, [op]: () => decline("not here") } });
  });

  test.each(["a convolution", "a convolution of stride 2", "a mean", "a maximum"])(
    "sees %s that is wrong",
    async (what) => {
      const order = ["a convolution", "a convolution of stride 2", "a mean", "a maximum"];
      const error = await rejected(probe({ ...cpu(), ...wrongSums(order.indexOf(what)) }));
      expect(error.code).toBe("backend");
      expect(error.message).toContain(`${what} gives`);
    },
  );
});

/** Spoils one number of the n-th value that is read. */
function wrongSums(nth = 0): Partial<Backend> {
  const { read } = cpu();
  let reads = 0;
  return {
    async read(from, into) {
      const values = await read(from, into);
      if (reads++ === nth) values[values.length - 1]! += 1;
      return values;
    },
  };
}
