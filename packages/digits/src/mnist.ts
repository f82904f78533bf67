/** MNIST: which files it is made of, and loading them (obtain.ts says from where). */
import { TatamiError, show } from "@tatamijs/core";
import { obtainPair } from "./obtain.ts";
import type { DataFile, MnistOptions, MnistOutcome } from "./obtain.ts";

export type MnistSplit = "train" | "test";

const FILES: Readonly<Record<MnistSplit, readonly [images: DataFile, labels: DataFile]>> = {
  train: [
    {
      name: "train-images-idx3-ubyte",
      bytes: 47_040_016,
      sha256: "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    },
    {
      name: "train-labels-idx1-ubyte",
      bytes: 60_008,
      sha256: "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    },
  ],
  test: [
    {
      name: "t10k-images-idx3-ubyte",
      bytes: 7_840_016,
      sha256: "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    },
    {
      name: "t10k-labels-idx1-ubyte",
      bytes: 10_008,
      sha256: "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
    },
  ],
};

/**
 * Loads MNIST's 60,000 training or 10,000 test images: from `TATAMI_DATA`, this user's cache, or a download.
 *
 * @throws TatamiError "argument" for an unknown split or a `TATAMI_MNIST_URL` that is no http address. Everything that
 * the world can do (no network, no server, other bytes) is an outcome with a line to print.
 */
export async function loadMnist(split: MnistSplit, options: MnistOptions = {}): Promise<MnistOutcome> {
  if (typeof split !== "string" || !Object.hasOwn(FILES, split)) {
    throw new TatamiError("argument", `split is ${show(split)}, wanted "train" or "test".`, { op: "loadMnist" });
  }
  return obtainPair(FILES[split], options);
}
