/** The parts of digits that need files or a network. */
export type { DownloadProgress } from "./download.ts";
export { loadMnist } from "./mnist.ts";
export type { MnistSplit } from "./mnist.ts";
export type { MnistOptions, MnistOutcome } from "./obtain.ts";
export { loadDigits, shippedWeights } from "./weights.ts";
export type { TrainedNetwork } from "./weights.ts";
