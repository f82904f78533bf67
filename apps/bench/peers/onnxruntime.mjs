/** onnxruntime, in wasm, native, or on WebGPU: the net as an .onnx model (NCHW), which its own optimiser fuses. */
import { channelsFirst, channelsLast, shapeFirst, shapesOf, sizeOf } from "../src/shapes.ts";

/** `onDevice` puts a tensor into a GPU's memory. */
export function runnerOf(ort, version, options, onDevice) {
  return {
    version,
    async translate(task) {
      return { ...task, model: (await import("../src/onnx.ts")).onnxOf(task.net) };
    },
    async prepare({ kind, net, input, model }) {
      if (kind === "train") throw new Error("does not train");
      const session = await ort.InferenceSession.create(model, options);
      const shape = shapeFirst(net.input);
      const values = channelsFirst(input, net.input);
      const held = kind === "op" && onDevice ? await onDevice(values, shape) : new ort.Tensor("float32", values, shape);
      const last = shapesOf(net).at(-1);
      // An op gets a place for its output: the web build then makes no fresh one for each run, a tenth of some ops' time. (It
      // computes, but leaves that place as it was, so the answer is asked for without.)
      const place = new ort.Tensor("float32", new Float32Array(sizeOf(last)), shapeFirst(last));
      const network = async () => {
        const { y } = await session.run({ x: new ort.Tensor("float32", values, shape) });
        return y.data;
      };
      return {
        run:
          kind !== "op"
            ? network
            : onDevice
              ? () => session.run({ x: held })
              : () => session.run({ x: held }, { y: place }),
        async answer() {
          return channelsLast(Float32Array.from(await network()), last);
        },
        close: () => session.release(),
      };
    },
  };
}
