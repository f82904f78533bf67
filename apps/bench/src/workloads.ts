/** What is measured. */
import { NetBuilder, seeded, type Net } from "./layers.ts";
import { leNet, mobileNetV2, resNet18, squeezeNet } from "./networks.ts";

export interface Workload {
  readonly name: string;
  readonly title: string;
  /** One op, timed at the backend's kernel; else a network, timed with writing its input and reading its answer. */
  readonly kind: "op" | "network";
  /** Makes weights too, so it is called when its turn comes. */
  make(): Net;
  /** What must be reached against tfjs-backend-cpu. */
  readonly target?: number;
}

function conv(
  name: string,
  title: string,
  input: readonly number[],
  filters: number,
  kernel: number,
  options: Parameters<NetBuilder["conv"]>[3],
  target: number,
): Workload {
  return {
    name,
    title,
    kind: "op",
    target,
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
  conv("a", "3×3 64→64 @56", [1, 56, 56, 64], 64, 3, { padding: 1 }, 2.1),
  conv("b", "3×3 256→256 @14", [1, 14, 14, 256], 256, 3, { padding: 1 }, 2.1),
  conv("c", "1×1 256→64 @56", [1, 56, 56, 256], 64, 1, {}, 2.1),
  conv("d", "3×3 s2 128→256 @28", [1, 28, 28, 128], 256, 3, { stride: 2, padding: 1 }, 2.1),
  conv("e", "depthwise 3×3 144 @56", [1, 56, 56, 144], 144, 3, { padding: 1, groups: 144 }, 2.3),
  conv("f", "7×7 s2 3→64 @224", [1, 224, 224, 3], 64, 7, { stride: 2, padding: 3 }, 2.1),
  conv("g", "5×5 1→32 @28, batch 32", [32, 28, 28, 1], 32, 5, { padding: 2 }, 2.3),
  dense("matmul", "matmul 512³", 512, 512, 512),
  dense("dense", "dense 1×1280×1000", 1, 1280, 1000),
  network("lenet1", "LeNet, batch 1", () => leNet(1)),
  network("lenet32", "LeNet, batch 32", () => leNet(32)),
  network("squeezenet", "SqueezeNet 1.1", squeezeNet),
  network("mobilenet", "MobileNetV2", mobileNetV2),
  network("resnet18", "ResNet-18", resNet18),
];

/** Multiply–adds, each two operations. */
export function multiplyAdds({ input, layers }: Net): number {
  const shapes: (readonly number[])[] = [input];
  let total = 0;
  for (const layer of layers) {
    const x = shapes[typeof layer.from === "number" ? layer.from : layer.from[0]]!;
    const n = x[0]!;
    if (layer.kind === "conv") {
      const [filters, kernel, , depth] = layer.shape;
      const size = (axis: 1 | 2): number =>
        Math.floor((x[axis]! + layer.padding[axis - 1]! + layer.padding[axis + 1]! - kernel) / layer.stride) + 1;
      const shape = [n, size(1), size(2), filters];
      shapes.push(shape);
      total += shape.reduce((a, b) => a * b, 1) * kernel * kernel * depth;
    } else if (layer.kind === "linear") {
      shapes.push([n, layer.shape[0]]);
      total += n * layer.shape[0] * layer.shape[1];
    } else if (layer.kind === "concat") {
      shapes.push([...x.slice(0, 3), x[3]! + shapes[layer.from[1]]![3]!]);
    } else if (layer.kind === "globalPool") {
      shapes.push([n, x[3]!]);
    } else if (layer.kind === "flatten") {
      shapes.push([n, x.slice(1).reduce((a, b) => a * b, 1)]);
    } else {
      const size = (length: number): number =>
        Math.floor((length + 2 * layer.padding - layer.kernel) / layer.stride) + 1;
      shapes.push([n, size(x[1]!), size(x[2]!), x[3]!]);
    }
  }
  return total;
}
