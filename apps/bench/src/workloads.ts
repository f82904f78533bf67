/** What is measured. */
import { NetBuilder, seeded, type Net } from "./layers.ts";
import { leNet, mobileNetV2, resNet18, squeezeNet } from "./networks.ts";
import type { Kind, Task } from "./runner.ts";
import { sizeOf } from "./shapes.ts";

export interface Workload {
  readonly name: string;
  readonly title: string;
  readonly kind: Kind;
  /** Makes weights too, so it is called when its turn comes. */
  make(): Net;
}

function conv(
  name: string,
  title: string,
  input: readonly number[],
  filters: number,
  kernel: number,
  options: Parameters<NetBuilder["conv"]>[3],
): Workload {
  return {
    name,
    title,
    kind: "op",
    make() {
      const net = new NetBuilder(input, 1);
      net.conv(0, filters, kernel, { ...options, activation: "none", bias: false });
      return net.done();
    },
  };
}

function dense(name: string, title: string, rows: number, depth: number, columns: number): Workload {
  return {
    name,
    title,
    kind: "op",
    make: () => ({
      input: [rows, depth],
      layers: [
        {
          kind: "linear",
          from: 0,
          shape: [columns, depth],
          weights: seeded(columns * depth, 1, Math.sqrt(6 / depth)),
          activation: "none",
        },
      ],
    }),
  };
}

const network = (name: string, title: string, make: () => Net): Workload => ({ name, title, kind: "network", make });

export const workloads: readonly Workload[] = [
  conv("a", "3×3 64→64 @56", [1, 56, 56, 64], 64, 3, { padding: 1 }),
  conv("b", "3×3 256→256 @14", [1, 14, 14, 256], 256, 3, { padding: 1 }),
  conv("c", "1×1 256→64 @56", [1, 56, 56, 256], 64, 1, {}),
  conv("d", "3×3 s2 128→256 @28", [1, 28, 28, 128], 256, 3, { stride: 2, padding: 1 }),
  conv("e", "depthwise 3×3 144 @56", [1, 56, 56, 144], 144, 3, { padding: 1, groups: 144 }),
  conv("f", "7×7 s2 3→64 @224", [1, 224, 224, 3], 64, 7, { stride: 2, padding: 3 }),
  conv("g", "5×5 1→32 @28, batch 32", [32, 28, 28, 1], 32, 5, { padding: 2 }),
  dense("matmul", "matmul 512³", 512, 512, 512),
  dense("dense", "dense 1×1280×1000", 1, 1280, 1000),
  network("lenet1", "LeNet, batch 1", () => leNet(1)),
  network("lenet32", "LeNet, batch 32", () => leNet(32)),
  network("squeezenet", "SqueezeNet 1.1", squeezeNet),
  network("mobilenet", "MobileNetV2", mobileNetV2),
  network("resnet18", "ResNet-18", resNet18),
  { name: "train", title: "LeNet training step, batch 32", kind: "train", make: () => leNet(32) },
];

/** What fills a GPU: only `pnpm bench:gpu` runs them. */
export const bigWorkloads: readonly Workload[] = [
  conv("a64", "a, batch 64", [64, 56, 56, 64], 64, 3, { padding: 1 }),
  dense("matmul2048", "matmul 2048³", 2048, 2048, 2048),
  network("resnet18x32", "ResNet-18, batch 32", () => resNet18(32)),
];

/** All that a runner is given, the same in every process. */
export function taskOf(name: string): Task {
  const workload = [...workloads, ...bigWorkloads].find((one) => one.name === name);
  if (workload === undefined) throw new Error(`there is no workload ${name}`);
  const net = workload.make();
  const labels = Int32Array.from({ length: net.input[0]! }, (_, row) => (row * 7 + 3) % 10);
  return { kind: workload.kind, net, input: seeded(sizeOf(net.input), 7), labels };
}
