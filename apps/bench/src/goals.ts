/** What must be reached, and what is aimed at. */
import { fasterPeer, firstRatio, ratioOf, shareOfCeiling, tolerance, type PartResult, type Row } from "./results.ts";
import { geometricMean, median } from "./statistics.ts";
import type { Part } from "./systems.ts";

type Unit = "×" | "%" | "KB";

interface Found {
  readonly value: number;
  readonly note?: string;
}

interface Goal {
  readonly part: Part;
  readonly what: string;
  readonly must: number;
  readonly aim?: number;
  readonly unit: Unit;
  /** The fewer the better. */
  readonly most?: true;
  find(result: PartResult): Found | undefined;
}

export interface Verdict extends Omit<Goal, "find">, Found {
  readonly holds: "aim" | "must" | "no";
}

/** A first page, as `system` has it, against that of the fastest peer. */
function coldStart(system: string): Goal {
  return {
    part: "page",
    what: `cold start: ${system} against the fastest peer`,
    must: 1,
    unit: "×",
    find({ cold }) {
      const own = cold.find((one) => one.system === system);
      const [peer] = cold
        .filter((one) => one.error <= tolerance && !one.system.startsWith("wasm"))
        .toSorted((x, y) => median(x.samples) - median(y.samples));
      if (own === undefined || peer === undefined) return undefined;
      return { value: median(peer.samples) / median(own.samples), note: peer.system };
    },
  };
}

const rowNamed = ({ rows }: PartResult, name: string): Row | undefined => rows.find((row) => row.name === name);

/** Ours against the fastest of the peers that pages can use, of those whose answer is right. */
function faster(name: string, must: number, aim?: number, system: string = "wasm", part: Part = "node"): Goal {
  return {
    part,
    what: `${name}: ${system} against the ${part === "webgpu" ? "fastest" : "faster web"} peer`,
    must,
    ...(aim === undefined ? {} : { aim }),
    unit: "×",
    find(result) {
      const row = rowNamed(result, name);
      const peer = row === undefined ? undefined : fasterPeer(row, 1);
      const value = row === undefined || peer === undefined ? undefined : ratioOf(row, peer, system);
      return value === undefined ? undefined : { value, note: peer! };
    },
  };
}

function against(part: Part, name: string, theirs: string, ours: string, must: number, aim?: number): Goal {
  return {
    part,
    what: `${name}: ${ours} against ${theirs}`,
    must,
    ...(aim === undefined ? {} : { aim }),
    unit: "×",
    find(result) {
      const row = rowNamed(result, name);
      const value = row === undefined ? undefined : ratioOf(row, theirs, ours);
      return value === undefined ? undefined : { value };
    },
  };
}

function share(name: string, system: string, must: number): Goal {
  return {
    part: "node",
    what: `${name}: ${system}, share of the f32x4 ceiling`,
    must,
    unit: "%",
    find(result) {
      const row = rowNamed(result, name);
      const value = row === undefined ? undefined : shareOfCeiling(row, system);
      return value === undefined ? undefined : { value: 100 * value };
    },
  };
}

const onGpu = (name: string, must: number, aim?: number): Goal => faster(name, must, aim, "webgpu", "webgpu");

const convolutions = ["a", "b", "c", "d", "e", "f", "g"];

const goals: readonly Goal[] = [
  faster("a", 4, 5),
  faster("b", 4, 5),
  faster("c", 1.8, 2),
  faster("d", 1.65, 1.8),
  faster("e", 2.5, 3),
  faster("f", 1.65, 1.8),
  faster("g", 1.8, 2.2),
  faster("matmul", 1.6, 1.75),
  faster("dense", 1.2, 1.5),
  faster("lenet1", 1.3, 1.5),
  faster("lenet32", 1.6, 2),
  faster("squeezenet", 1.8, 2.4),
  faster("mobilenet", 1.7, 2.1),
  faster("resnet18", 3, 4),
  against("node", "resnet18", "ort-node", "wasm", 1),
  against("node", "train", "tfjs-wasm", "wasm", 4),
  against("node", "train", "tfjs-cpu", "wasm", 20),
  against("node", "train", "jax-js", "wasm", 20),
  ...["a", "b", "c", "d", "f"].map((name) => share(name, "wasm-strict", 92)),
  faster("a", 1.5, undefined, "wasm-simd"),
  faster("c", 1.5, undefined, "wasm-simd"),
  faster("d", 1.5, undefined, "wasm-simd"),
  faster("f", 1.4, undefined, "wasm-simd"),
  {
    part: "node",
    what: "a–g: cpu against tfjs-cpu, geometric mean",
    must: 2.1,
    unit: "×",
    find(result) {
      const ratios = convolutions.map((name) => {
        const row = rowNamed(result, name);
        return row === undefined ? undefined : ratioOf(row, "tfjs-cpu", "cpu");
      });
      const known = ratios.filter((one) => one !== undefined);
      return known.length === convolutions.length ? { value: geometricMean(known) } : undefined;
    },
  },
  ...(["node2", "page"] as const).flatMap((part) => [
    against(part, "resnet18", "wasm", "wasm ×2", 1.8),
    against(part, "mobilenet", "wasm", "wasm ×2", 1.8),
  ]),
  onGpu("a", 7),
  onGpu("b", 7),
  onGpu("c", 1.8),
  onGpu("d", 6),
  onGpu("e", 4),
  onGpu("f", 1.1, 1.5),
  onGpu("matmul", 2),
  onGpu("lenet1", 1.1),
  onGpu("lenet32", 1.5),
  onGpu("squeezenet", 4),
  onGpu("mobilenet", 4),
  onGpu("resnet18", 8),
  {
    part: "webgpu",
    what: "mobilenet: webgpu's first run against the fastest",
    must: 1.2,
    unit: "×",
    find(result) {
      const row = rowNamed(result, "mobilenet");
      const found = row === undefined ? undefined : firstRatio(row, "webgpu");
      return found === undefined ? undefined : { value: found.value, note: found.peer };
    },
  },
  coldStart("wasm-in-page"),
  coldStart("wasm"),
  {
    part: "page",
    what: "download of a convolutional network",
    must: 60,
    unit: "KB",
    most: true,
    find({ cold }) {
      const own = cold.find(({ system }) => system === "wasm");
      return own === undefined ? undefined : { value: own.bytes / 1000 };
    },
  },
];

function holds({ must, aim, most }: Goal, value: number): Verdict["holds"] {
  const reached = (wanted: number): boolean => (most === true ? value <= wanted : value >= wanted);
  if (!reached(must)) return "no";
  return aim === undefined || reached(aim) ? "aim" : "must";
}

/** Of the goals that this run says something about; those of WebGPU are set for one adapter, SwiftShader. */
export function verdicts(result: PartResult): Verdict[] {
  if (result.part === "webgpu" && !/swiftshader/i.test(result.adapter ?? "")) return [];
  return goals
    .filter(({ part }) => part === result.part)
    .flatMap((goal) => {
      const found = goal.find(result);
      if (found === undefined) return [];
      const { find: _, ...rest } = goal;
      return [{ ...rest, ...found, holds: holds(goal, found.value) }];
    });
}
