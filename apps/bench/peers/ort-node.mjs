/** onnxruntime-node, its CPU provider: what native code reaches. */
import * as ort from "onnxruntime-node";
import { runnerOf } from "./onnxruntime.mjs";

export const create = async ({ threads }) =>
  runnerOf(ort, ort.env.versions.node ?? ort.env.versions.common, {
    executionProviders: ["cpu"],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
  });
