/** Sizes and layouts of a net: what runners need to say it in their own. */
import type { Net } from "./layers.ts";

export const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** Shapes of the input and of every layer's output. */
export function shapesOf({ input, layers }: Net): (readonly number[])[] {
  const shapes: (readonly number[])[] = [input];
  for (const layer of layers) {
    const x = shapes[typeof layer.from === "number" ? layer.from : layer.from[0]]!;
    const n = x[0]!;
    if (layer.kind === "conv") {
      const [filters, kernel] = layer.shape;
      const size = (axis: 1 | 2): number =>
        Math.floor((x[axis]! + layer.padding[axis - 1]! + layer.padding[axis + 1]! - kernel) / layer.stride) + 1;
      shapes.push([n, size(1), size(2), filters]);
    } else if (layer.kind === "linear") {
      shapes.push([n, layer.shape[0]]);
    } else if (layer.kind === "concat") {
      shapes.push([...x.slice(0, 3), x[3]! + shapes[layer.from[1]]![3]!]);
    } else if (layer.kind === "globalPool") {
      shapes.push([n, x[3]!]);
    } else if (layer.kind === "flatten") {
      shapes.push([n, sizeOf(x.slice(1))]);
    } else {
      const size = (length: number): number =>
        Math.floor((length + 2 * layer.padding - layer.kernel) / layer.stride) + 1;
      shapes.push([n, size(x[1]!), size(x[2]!), x[3]!]);
    }
  }
  return shapes;
}

/** Multiply–adds of the definition, each two operations. */
export function multiplyAdds(net: Net): number {
  const shapes = shapesOf(net);
  let total = 0;
  net.layers.forEach((layer, k) => {
    if (layer.kind === "conv" || layer.kind === "linear")
      total += sizeOf(shapes[k + 1]!) * sizeOf(layer.shape.slice(1));
  });
  return total;
}

function moved(values: Float32Array, [n, rows, columns]: readonly [number, number, number]): Float32Array {
  const to = new Float32Array(values.length);
  for (let k = 0; k < n; k++) {
    const start = k * rows * columns;
    for (let r = 0; r < rows; r++)
      for (let c = 0; c < columns; c++) to[start + c * rows + r] = values[start + r * columns + c]!;
  }
  return to;
}

/** NHWC → NCHW (filters: OHWI → OIHW). Fewer than four axes stay. */
export function channelsFirst(values: Float32Array, shape: readonly number[]): Float32Array {
  if (shape.length !== 4) return values;
  return moved(values, [shape[0]!, shape[1]! * shape[2]!, shape[3]!]);
}

/** NCHW → NHWC, `shape` being NHWC. */
export function channelsLast(values: Float32Array, shape: readonly number[]): Float32Array {
  if (shape.length !== 4) return values;
  return moved(values, [shape[0]!, shape[3]!, shape[1]! * shape[2]!]);
}

/** The shape that `channelsFirst` gives. */
export function shapeFirst(shape: readonly number[]): readonly number[] {
  const [n, h, w, c] = shape;
  return shape.length === 4 ? [n!, c!, h!, w!] : shape;
}

/** The net for a runner of NCHW: a dense layer behind `flatten` takes its columns in (C, H, W), filters become OIHW. */
export function netFirst(net: Net): Net {
  const shapes = shapesOf(net);
  const layers = net.layers.map((layer) => {
    if (layer.kind === "conv") return { ...layer, weights: channelsFirst(layer.weights, layer.shape) };
    if (layer.kind !== "linear") return layer;
    const before = layer.from === 0 ? undefined : net.layers[layer.from - 1];
    if (before?.kind !== "flatten") return layer;
    const [, h, w, c] = shapes[before.from] as [number, number, number, number];
    return { ...layer, weights: moved(layer.weights, [layer.shape[0], h * w, c]) };
  });
  return { ...net, layers };
}
