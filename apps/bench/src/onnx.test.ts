import { describe, expect, it } from "vitest";
import { NetBuilder } from "./layers.ts";
import { mobileNetV2, resNet18 } from "./networks.ts";
import { onnxOf } from "./onnx.ts";

type Field = number | Uint8Array;
type Message = Map<number, Field[]>;

/** Reads any protobuf message: field number → values, in order. */
function read(bytes: Uint8Array): Message {
  const fields: Message = new Map();
  let at = 0;
  const varint = (): number => {
    let [value, scale] = [0, 1];
    for (;;) {
      const byte = bytes[at++]!;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
      scale *= 128;
    }
  };
  while (at < bytes.length) {
    const key = varint();
    const [field, wire] = [key >> 3, key & 7];
    const before = fields.get(field) ?? [];
    if (wire === 0) fields.set(field, [...before, varint()]);
    else {
      const size = wire === 5 ? 4 : varint();
      expect([2, 5]).toContain(wire);
      fields.set(field, [...before, bytes.subarray(at, at + size)]);
      at += size;
    }
  }
  expect(at).toBe(bytes.length);
  return fields;
}

const messages = (message: Message, field: number): Message[] =>
  (message.get(field) ?? []).map((bytes) => read(bytes as Uint8Array));
const texts = (message: Message, field: number): string[] =>
  (message.get(field) ?? []).map((bytes) => new TextDecoder().decode(bytes as Uint8Array));
const graphOf = (bytes: Uint8Array): Message => messages(read(bytes), 7)[0]!;
const attributes = (node: Message): Record<string, unknown> =>
  Object.fromEntries(messages(node, 5).map((one) => [texts(one, 1)[0]!, one.get(8) ?? one.get(3)?.[0]]));

describe("onnxOf", () => {
  it("writes a model that its fields read back from", () => {
    const net = new NetBuilder([2, 6, 5, 3], 1);
    net.linear(
      net.flatten(net.pool("maxPool", net.conv(0, 4, 3, { stride: 2, padding: [0, 1, 2, 300] }), 2, 2)),
      7,
      "relu",
    );
    const made = net.done();
    const bytes = onnxOf(made);
    const model = read(bytes);
    expect(model.get(1)).toEqual([8]);
    expect(messages(model, 8)[0]!.get(2)).toEqual([17]);

    const graph = graphOf(bytes);
    const nodes = messages(graph, 1);
    expect(nodes.map((node) => texts(node, 4)[0])).toEqual(["Conv", "Relu", "MaxPool", "Flatten", "Gemm", "Relu"]);
    expect(attributes(nodes[0]!)).toEqual({ kernel_shape: [3, 3], strides: [2, 2], pads: [0, 1, 2, 300], group: 1 });
    expect(texts(nodes.at(-1)!, 2)).toEqual(["y"]);
    const input = messages(messages(messages(messages(graph, 11)[0]!, 2)[0]!, 1)[0]!, 2)[0]!;
    expect(messages(input, 1).map((dim) => dim.get(1)![0])).toEqual([2, 3, 6, 5]);

    // OHWI → OIHW: element (1, 2, 0, 1) is that of (1, 0, 1, 2) before.
    const weights = messages(graph, 5)[0]!;
    expect(weights.get(1)).toEqual([4, 3, 3, 3]);
    const raw = weights.get(9)![0] as Uint8Array;
    const values = new Float32Array(raw.slice().buffer);
    const [first] = made.layers;
    if (first?.kind !== "conv") throw new Error("the first layer is a convolution");
    expect(values[((1 * 3 + 2) * 3 + 0) * 3 + 1]).toBe(first.weights[((1 * 3 + 0) * 3 + 1) * 3 + 2]);
  });

  it("names each value once, and reads only what is there", () => {
    for (const net of [mobileNetV2(), resNet18()]) {
      const graph = graphOf(onnxOf(net));
      const known = new Set([...messages(graph, 5).map((tensor) => texts(tensor, 8)[0]!), "x"]);
      for (const node of messages(graph, 1)) {
        for (const name of texts(node, 1)) expect(known).toContain(name);
        const [made] = texts(node, 2) as [string];
        expect(known).not.toContain(made);
        known.add(made);
      }
      expect(known).toContain("y");
    }
  });
});
