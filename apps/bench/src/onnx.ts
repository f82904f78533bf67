/**
 * A net as the bytes of an .onnx file: the few fields of onnx.proto3 that it takes, written by hand.
 * A message is a list of (field number · 8 + wire type, value); wire type 0 is a varint, 2 bytes with their length, 5 a float.
 */
import type { Layer, Net } from "./layers.ts";
import { netFirst, shapeFirst } from "./shapes.ts";

type Bytes = Uint8Array<ArrayBuffer>;

const text = new TextEncoder();

function joined(parts: readonly Bytes[]): Bytes {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function varint(value: number): Bytes {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 127) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
  return Uint8Array.from(bytes);
}

const whole = (field: number, value: number): Bytes => joined([varint(field * 8), varint(value)]);

function real(field: number, value: number): Bytes {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return joined([varint(field * 8 + 5), bytes]);
}

function part(field: number, value: string | Bytes): Bytes {
  const bytes = typeof value === "string" ? text.encode(value) : value;
  return joined([varint(field * 8 + 2), varint(bytes.length), bytes]);
}

const message = (field: number, ...parts: readonly Bytes[]): Bytes => part(field, joined(parts));

/** AttributeProto: a float, an int or a list of ints. */
type Attribute = number | readonly number[] | { readonly float: number };

function attribute(name: string, value: Attribute): Bytes {
  if (typeof value === "number") return message(5, part(1, name), whole(3, value), whole(20, 2));
  if ("float" in value) return message(5, part(1, name), real(2, value.float), whole(20, 1));
  return message(5, part(1, name), ...value.map((one) => whole(8, one)), whole(20, 7));
}

function tensor(name: string, shape: readonly number[], values: Float32Array): Bytes {
  const raw = new Uint8Array(values.slice().buffer);
  return message(5, ...shape.map((size) => whole(1, size)), whole(2, 1), part(8, name), part(9, raw));
}

/** ValueInfoProto of f32; without a shape for the output, which the reader infers. */
function valueInfo(field: number, name: string, shape?: readonly number[]): Bytes {
  const dims = shape === undefined ? [] : [message(2, ...shape.map((size) => message(1, whole(1, size))))];
  return message(field, part(1, name), message(2, message(1, whole(1, 1), ...dims)));
}

class Writer {
  readonly nodes: Bytes[] = [];
  readonly initializers: Bytes[] = [];

  node(
    op: string,
    inputs: readonly string[],
    output: string,
    attributes: Readonly<Record<string, Attribute>> = {},
  ): string {
    this.nodes.push(
      message(
        1,
        ...inputs.map((name) => part(1, name)),
        part(2, output),
        part(3, `${op}:${output}`),
        part(4, op),
        ...Object.entries(attributes).map(([name, value]) => attribute(name, value)),
      ),
    );
    return output;
  }

  initializer(name: string, shape: readonly number[], values: Float32Array): string {
    this.initializers.push(tensor(name, shape, values));
    return name;
  }
}

/** opset 17, input `x`, output `y`; maps are NCHW. Activations and sums are nodes of their own, for the reader to fuse. */
export function onnxOf(given: Net): Bytes {
  const net = netFirst(given);
  const writer = new Writer();
  const names = ["x"];
  net.layers.forEach((layer, k) => names.push(write(writer, layer, k, names, k === net.layers.length - 1)));
  const graph = [
    ...writer.nodes,
    part(2, "net"),
    ...writer.initializers,
    valueInfo(11, "x", shapeFirst(net.input)),
    valueInfo(12, "y"),
  ];
  return joined([whole(1, 8), part(2, "tatami bench"), message(7, ...graph), message(8, part(1, ""), whole(2, 17))]);
}

function write(writer: Writer, layer: Layer, k: number, names: readonly string[], last: boolean): string {
  const end = last ? "y" : `v${k}`;
  const inputs = (typeof layer.from === "number" ? [layer.from] : layer.from).map((at) => names[at]!);
  const activated = (from: string, activation: "none" | "relu" | "relu6"): string => {
    if (activation === "none") return from;
    if (activation === "relu") return writer.node("Relu", [from], end);
    const bounds = [0, 6].map((value) => writer.initializer(`c${k}.${value}`, [], Float32Array.of(value)));
    return writer.node("Clip", [from, ...bounds], end);
  };
  switch (layer.kind) {
    case "conv": {
      const [o, h, w, i] = layer.shape;
      const weights = writer.initializer(`w${k}`, [o, i, h, w], layer.weights);
      const bias = layer.bias === undefined ? [] : [writer.initializer(`b${k}`, [o], layer.bias)];
      const bare = layer.residual === undefined && layer.activation === "none";
      const y = writer.node("Conv", [...inputs, weights, ...bias], bare ? end : `v${k}.conv`, {
        kernel_shape: [h, w],
        strides: [layer.stride, layer.stride],
        pads: layer.padding,
        group: layer.groups,
      });
      if (layer.residual === undefined) return activated(y, layer.activation);
      const sum = layer.activation === "none" ? end : `v${k}.sum`;
      return activated(writer.node("Add", [y, names[layer.residual]!], sum), layer.activation);
    }
    case "maxPool":
    case "avgPool": {
      const two = (value: number): readonly number[] => [value, value];
      return writer.node(layer.kind === "maxPool" ? "MaxPool" : "AveragePool", inputs, end, {
        kernel_shape: two(layer.kernel),
        strides: two(layer.stride),
        pads: [...two(layer.padding), ...two(layer.padding)],
      });
    }
    case "concat":
      return writer.node("Concat", inputs, end, { axis: 1 });
    case "globalPool":
      return writer.node("Flatten", [writer.node("GlobalAveragePool", inputs, `v${k}.mean`)], end, { axis: 1 });
    case "flatten":
      return writer.node("Flatten", inputs, end, { axis: 1 });
    case "linear": {
      const weights = writer.initializer(`w${k}`, layer.shape, layer.weights);
      const bias = layer.bias === undefined ? [] : [writer.initializer(`b${k}`, [layer.shape[0]], layer.bias)];
      const y = layer.activation === "none" ? end : `v${k}.product`;
      return activated(writer.node("Gemm", [...inputs, weights, ...bias], y, { transB: 1 }), layer.activation);
    }
  }
}
