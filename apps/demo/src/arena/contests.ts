/** What the backends are timed on: layers on their own, and whole networks. What is computed stands in `models.ts`. */
import type { Both } from "../preferences.ts";

export interface Contest {
  readonly id: string;
  readonly kind: "layer" | "network";
  readonly title: Both<string>;
  /** Sizes, which need no translation. */
  readonly sizes: string;
  /** (N, C, H, W), or (rows, features). */
  readonly input: readonly number[];
}

export const contests: readonly Contest[] = [
  {
    id: "conv3",
    kind: "layer",
    title: { en: "Convolution 3 × 3", ja: "畳み込み 3 × 3" },
    sizes: "64 → 64, 56 × 56",
    input: [1, 64, 56, 56],
  },
  {
    id: "conv1",
    kind: "layer",
    title: { en: "Convolution 1 × 1", ja: "畳み込み 1 × 1" },
    sizes: "128 → 128, 28 × 28",
    input: [1, 128, 28, 28],
  },
  {
    id: "depthwise",
    kind: "layer",
    title: { en: "Depthwise 3 × 3", ja: "チャネル別 3 × 3" },
    sizes: "96, 56 × 56",
    input: [1, 96, 56, 56],
  },
  {
    id: "strided",
    kind: "layer",
    title: { en: "Convolution 5 × 5, stride 2", ja: "畳み込み 5 × 5、ストライド 2" },
    sizes: "3 → 32, 112 × 112",
    input: [1, 3, 112, 112],
  },
  {
    id: "pool",
    kind: "layer",
    title: { en: "Max pooling 2 × 2", ja: "最大プーリング 2 × 2" },
    sizes: "64, 56 × 56",
    input: [1, 64, 56, 56],
  },
  {
    id: "linear",
    kind: "layer",
    title: { en: "Linear", ja: "全結合" },
    sizes: "1280 → 1000",
    input: [1, 1280],
  },
  {
    id: "digits",
    kind: "network",
    title: { en: "Read my writing", ja: "手書きを読む" },
    sizes: "1 × 28 × 28",
    input: [1, 1, 28, 28],
  },
  {
    id: "digits32",
    kind: "network",
    title: { en: "The same, 32 drawings", ja: "同じものを 32 枚" },
    sizes: "32 × 1 × 28 × 28",
    input: [32, 1, 28, 28],
  },
  {
    id: "resnet",
    kind: "network",
    title: { en: "ResNet-20", ja: "ResNet-20" },
    sizes: "3 × 32 × 32",
    input: [1, 3, 32, 32],
  },
];
