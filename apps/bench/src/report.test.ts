import { describe, expect, it } from "vitest";
import { verdicts } from "./goals.ts";
import { optionsOf } from "./options.ts";
import { pageWith, sectionOf } from "./report.ts";
import { fasterPeer, shareOfCeiling, type Machine, type PartResult, type Row } from "./results.ts";
import { ceilingLine, cellOf, firstRows, goalLines, lineOf, markdownTable, milliseconds, notes } from "./table.ts";

const right = (...samples: number[]): Row["cells"][string] => ({ samples, error: 1e-7 });

const row: Row = {
  name: "a",
  title: "3×3 64→64 @56",
  multiplyAdds: 115_605_504,
  ceiling: { f32x4: 60, js: 6 },
  cells: {
    wasm: right(2, 2, 4),
    "wasm-strict": right(4.2, 4.2, 4.2),
    cpu: right(40, 40, 40),
    "ort-web": right(9, 9, 18),
    "tfjs-wasm": right(8.4, 8.4, 16.8),
    "jax-js": { samples: [1, 1, 1], error: 0.5 },
    "ort-node": { failed: "no such thing\nat all" },
  },
};
/** The peer with the least times answers wrongly. */
const onGpu: Row = {
  name: "mobilenet",
  title: "MobileNetV2",
  multiplyAdds: 3e8,
  ceiling: { gpu: 30 },
  cells: {
    webgpu: { samples: [100, 100], error: 1e-7, first: 1000 },
    "tfjs-webgpu": { samples: [1000, 1000], error: 1e-7, first: 9000 },
    "ort-webgpu": { samples: [1, 1], error: 0.5, first: 1 },
    "jax-webgpu": { samples: [450, 450], error: 1e-7, first: 1100 },
  },
};
const columns = Object.keys(row.cells).map((id) => ({ id, ours: /^(wasm|cpu)/.test(id), version: "1.2.3" }));
const result: PartResult = { part: "node", columns, rows: [row], cold: [] };
const machine: Machine = { date: "2026-01-02", processor: "a processor", cores: 2, node: "24", v8: "13" };

describe("results", () => {
  it("the faster web peer is the faster one that answers rightly", () => {
    expect(fasterPeer(row, 1)).toBe("tfjs-wasm");
    expect(fasterPeer({ ...row, cells: { ...row.cells, "tfjs-wasm": { samples: [1], error: 1 } } }, 1)).toBe("ort-web");
    expect(fasterPeer(row, 2)).toBeUndefined();
  });

  it("a share of the ceiling is that of the backend's own", () => {
    expect(shareOfCeiling(row, "wasm-strict")).toBeCloseTo((2 * 115_605_504) / 4.2e6 / 60);
    expect(shareOfCeiling(row, "cpu")).toBeCloseTo((2 * 115_605_504) / 40e6 / 6);
  });

  it("a goal holds, is aimed at, or not; a wrong or missing answer is no verdict", () => {
    const found = verdicts(result);
    expect(found.map(({ what, holds }) => [what.slice(0, 14), holds])).toEqual([
      ["a: wasm agains", "must"],
      ["a: wasm-strict", "no"],
    ]);
    expect(found[0]!.value).toBeCloseTo(4.2);
    expect(goalLines(found)[0]).toMatch(/4\.20× {2}≥ 4 \/ 5 +✓ must {2}\(tfjs-wasm\)/);
    const gpu = { ...result, part: "webgpu", adapter: "google / swiftshader (a processor)", rows: [onGpu] } as const;
    expect(verdicts(gpu).map(({ what, holds, note }) => [what.slice(0, 20), holds, note])).toEqual([
      ["mobilenet: webgpu ag", "aim", "jax-webgpu"],
      ["mobilenet: webgpu's ", "no", "jax-webgpu"],
    ]);
    expect(verdicts({ ...gpu, adapter: "nvidia / hopper" })).toEqual([]);
    const cold = [{ system: "wasm", samples: [1], bytes: 59_000, files: {}, error: 0 }];
    expect(verdicts({ part: "page", columns: [], rows: [], cold }).map(({ holds }) => holds)).toEqual(["aim"]);
    const started = [
      { ...cold[0]!, samples: [60, 90, 61] },
      { ...cold[0]!, system: "wasm-in-page", samples: [40] },
      { ...cold[0]!, system: "tfjs-wasm", samples: [50] },
      { ...cold[0]!, system: "jax-js", samples: [2], error: 1 },
    ];
    const places = verdicts({ part: "page", columns: [], rows: [], cold: started });
    expect(places.map(({ value, note, holds }) => [value, note, holds])).toEqual([
      [50 / 40, "tfjs-wasm", "aim"],
      [50 / 61, "tfjs-wasm", "no"],
      [59, undefined, "aim"],
    ]);
  });
});

describe("tables", () => {
  it("a peer's cell has its time and the ratio, ours its spread", () => {
    const [own] = columns;
    expect(cellOf(row, own!, "wasm")).toBe("2.00 ±25%");
    expect(cellOf(row, columns[4]!, "wasm")).toBe("8.40 4.20×");
    expect(cellOf(row, columns[5]!, "wasm")).toBe("1.00 WRONG");
    expect(cellOf(row, columns[6]!, "wasm")).toBe("–");
    expect(lineOf(row, columns, 1)).toMatch(/^a {2}3×3 64→64 @56 .* 193%$/);
    expect(notes([row])).toEqual([
      "jax-js: its answer is off by 5e-1 of the largest value (a)",
      "ort-node: no such thing at all (a)",
    ]);
  });

  it("of first runs has ours, and the peers' with their ratios", () => {
    const all = Object.keys(onGpu.cells).map((id) => ({ id, ours: id === "webgpu", version: "1" }));
    expect(firstRows([onGpu, row], all)).toEqual([["MobileNetV2", "1000", "9000 9.00×", "1.00 WRONG", "1100 1.10×"]]);
    expect(cellOf(onGpu, all[0]!, "webgpu")).toBe("100 ±0%");
    expect(shareOfCeiling(onGpu, "webgpu")).toBeCloseTo(6 / 30);
    expect(ceilingLine({ part: "webgpu", rows: [onGpu] })).toBe("Ceiling: 30.0 GF/s in a bare loop on the adapter.");
  });

  it("milliseconds have three digits", () => {
    expect([0.0349, 0.5, 7.126, 84.26, 137.4, 2012, 11_960].map(milliseconds)).toEqual([
      ".0349",
      ".500",
      "7.13",
      "84.3",
      "137",
      "2012",
      "11960",
    ]);
  });

  it("markdown is padded", () => {
    expect(
      markdownTable([
        ["", "b"],
        ["long", "1"],
      ]),
    ).toBe("|      |   b |\n| ---- | --: |\n| long |   1 |");
  });
});

describe("docs/benchmarks.md", () => {
  it("a run writes its own sections and keeps the others, in order", () => {
    const first = pageWith(undefined, new Map([["page", "browser, old"]]));
    const second = pageWith(first, new Map([["node", sectionOf(result, machine, "pnpm bench --peers")]]));
    const third = pageWith(second, new Map([["page", "browser, new"]]));
    expect(third.indexOf("Node, one thread")).toBeLessThan(third.indexOf("browser, new"));
    expect(third).toContain("2026-01-02; a processor, 2 cores; Node 24 (V8 13). `pnpm bench --peers`");
    expect(third).not.toContain("browser, old");
    expect(pageWith(third, new Map())).toBe(third);
  });
});

describe("options", () => {
  it("choose parts, systems and workloads", () => {
    const names = (...args: string[]): string[] => [...optionsOf(args)!.systems];
    expect(names()).toEqual(["wasm", "wasm-strict", "wasm-simd", "cpu"]);
    expect(names("--peers")).toHaveLength(9);
    expect(names("--webgpu")).toEqual(["webgpu", "tfjs-webgpu", "ort-webgpu", "jax-webgpu"]);
    expect(names("--webgpu", "--backend", "webgpu,webgpu-gpu", "--against", "")).toEqual(["webgpu", "webgpu-gpu"]);
    expect(optionsOf(["--webgpu"])!.parts).toEqual(["webgpu"]);
    expect(names("--backend", "cpu", "--against", "tfjs-cpu")).toEqual(["cpu", "tfjs-cpu"]);
    expect(optionsOf(["--all"])!.parts).toEqual(["node", "node2", "page"]);
    expect(optionsOf(["--peers", "--threads", "2"])!.parts).toEqual(["node2"]);
    expect(optionsOf(["--browser", "--only", "cold"])!.workloads).toEqual([]);
    expect(optionsOf(["--help"])).toBeUndefined();
  });

  it("say what is wrong", () => {
    expect(() => optionsOf(["--only", "a,zebra"])).toThrow("there is no workload zebra; there are cold, a, b,");
    expect(() => optionsOf(["--threads", "3"])).toThrow("1 or 2");
    expect(() => optionsOf(["--webgpu", "--adapter", "mine"])).toThrow("real or swiftshader");
    expect(() => optionsOf(["--backend", "gpu"])).toThrow("there is no backend gpu");
  });
});
