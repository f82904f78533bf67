/** onnxruntime, in wasm or native: the net as an .onnx model (NCHW), which its own optimiser fuses. */
import { channelsFirst, channelsLast, shapeFirst, shapesOf, sizeOf } from "../src/shapes.ts";

export function runnerOf(ort, version, options) {
  return {
    version,
    async prepare({ kind, net, input, model }) {
      if (kind === "train") throw new Error("does not train");
      // A page that times its start has the model ready, as a user's page would fetch it.
      const bytes = model ?? (await import("../src/onnx.ts")).onnxOf(net);
      const session = await ort.InferenceSession.create(bytes, options);
      const shape = shapeFirst(net.input);
      const values = channelsFirst(input, net.input);
      const held = new ort.Tensor("float32", values, shape);
      const last = shapesOf(net).at(-1);
      // An op gets a place for its output: the web build then makes no fresh one for each run, a tenth of some ops' time. (It
      // computes, but leaves that place as it was, so the answer is asked for without.)
      const place = new ort.Tensor("float32", new Float32Array(sizeOf(last)), shapeFirst(last));
      const network = async () => {
        const { y } = await session.run({ x: new ort.Tensor("float32", values, shape) });
        return y.data;
      };
      return {
        run: kind === "op" ? () => session.run({ x: held }, { y: place }) : network,
        async answer() {
          return channelsLast(Float32Array.from(await network()), last);
        },
        close: () => session.release(),
      };
    },
  };
}
