/** The guided tour, in the order in which a lesson brings in what it needs: each step is a lab and what to see in it. */
import type { Both } from "../preferences.ts";
import { changed, type Lab } from "./state.ts";

export interface Stop {
  readonly title: Both<string>;
  readonly body: Both<string>;
  readonly lab: Lab;
}

const plain: Lab = {
  op: "conv2d",
  n: 1,
  c: 1,
  h: 4,
  w: 4,
  fn: 1,
  kernel: [3, 3],
  stride: [1, 1],
  padding: [0, 0, 0, 0],
  dilation: [1, 1],
  groups: 1,
  bias: false,
  rounding: "exact",
  x: [1, 2, 3, 0, 0, 1, 2, 3, 3, 0, 1, 2, 2, 3, 0, 1],
  k: [2, 0, 1, 0, 1, 2, 1, 0, 2],
  b: [3],
};

const seven: Lab = {
  ...plain,
  h: 7,
  w: 7,
  x: [
    1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3,
    0, 1, 2, 3, 0, 1, 2, 3, 0, 1,
  ],
};

/** A ring: something to find edges of. */
const ring: Lab = {
  ...plain,
  h: 10,
  w: 10,
  padding: [1, 1, 1, 1],
  x: Array.from({ length: 100 }, (_, i) => {
    const distance = Math.hypot(Math.floor(i / 10) - 4.5, (i % 10) - 4.5);
    return distance > 2 && distance < 4.2 ? 9 : 0;
  }),
  k: [1, 0, -1, 2, 0, -2, 1, 0, -1],
};

const three = changed(plain, { c: 3 });
const edges: Lab = {
  ...changed(ring, { fn: 3, bias: true }),
  k: [1, 0, -1, 2, 0, -2, 1, 0, -1, 1, 2, 1, 0, 0, 0, -1, -2, -1, 0, 1, 0, 1, -4, 1, 0, 1, 0],
  b: [0, 0, 1],
};

export const tour: readonly Stop[] = [
  {
    title: { en: "Slide, multiply, add", ja: "ずらして、掛けて、足す" },
    body: {
      en: "A 3 × 3 filter lies on the input. Each number is multiplied by the one above it, the nine products are added, and the sum is one cell of the output. Then the filter moves on by one.",
      ja: "3 × 3 のフィルターを入力に重ねます。重なった数どうしを掛け、九つの積を足すと、出力の一マスになります。それからフィルターを一つずらします。",
    },
    lab: plain,
  },
  {
    title: { en: "Bias", ja: "バイアス" },
    body: {
      en: "One number is added to every sum. A filter has one bias, however large it is.",
      ja: "すべての和に同じ数を一つ足します。フィルターがどんなに大きくても、バイアスは一つです。",
    },
    lab: { ...plain, bias: true },
  },
  {
    title: { en: "Padding", ja: "パディング" },
    body: {
      en: "A border of zeros lets the filter stand on the edge too. With one row and column on each side, a 3 × 3 filter keeps the size: 4 × 4 gives 4 × 4.",
      ja: "まわりを 0 で囲むと、フィルターは端の上にも立てます。一列ずつ囲めば、3 × 3 のフィルターで大きさは変わりません。4 × 4 は 4 × 4 のままです。",
    },
    lab: { ...plain, bias: true, padding: [1, 1, 1, 1] },
  },
  {
    title: { en: "Stride", ja: "ストライド" },
    body: {
      en: "The filter moves by two at a time. The output shrinks to about half in each direction.",
      ja: "フィルターを二つずつずらします。出力は縦横ともおよそ半分になります。",
    },
    lab: { ...seven, stride: [2, 2] },
  },
  {
    title: { en: "Does the size fit?", ja: "大きさは合っているか" },
    body: {
      en: "With stride 3 the formula gives 2.33 and not a whole number: the last row and column would be read by no window. tatami calls that an error and works out what would fit. Try a fix.",
      ja: "ストライド 3 では式の答が 2.33 になり、整数になりません。最後の行と列をどの窓も読まないからです。tatami はこれを誤りとし、合う値を計算して示します。直してみましょう。",
    },
    lab: { ...seven, stride: [3, 3] },
  },
  {
    title: { en: "Channels", ja: "チャンネル" },
    body: {
      en: "A colour picture has three channels. The filter has as many, each channel meets its own part of the filter, and all products go into one sum.",
      ja: "色のある絵にはチャンネルが三つあります。フィルターにも同じ数だけあり、チャンネルごとに掛けて、積はすべて一つの和になります。",
    },
    lab: three,
  },
  {
    title: { en: "Several filters", ja: "複数のフィルター" },
    body: {
      en: "Every filter gives an output map of its own. These three find vertical edges, horizontal edges and both. In a network the numbers are learned.",
      ja: "フィルターごとに一枚の出力ができます。この三枚は、縦の縁、横の縁、両方の縁を見つけます。ネットワークでは、この数を学習で決めます。",
    },
    lab: edges,
  },
  {
    title: { en: "A batch", ja: "バッチ" },
    body: {
      en: "Several inputs go through the same filters at once. They do not touch each other: the result is as if each went alone.",
      ja: "いくつもの入力を、同じフィルターに一度に通します。互いに混ざることはなく、一枚ずつ通したときと同じ結果になります。",
    },
    lab: changed(edges, { n: 3 }),
  },
  {
    title: { en: "Pooling", ja: "プーリング" },
    body: {
      en: "Pooling slides a window too, but learns nothing: it keeps the largest number of each window, so that a feature counts wherever exactly it stands.",
      ja: "プーリングも窓をずらしますが、学習する数はありません。窓の中で一番大きい数だけを残すので、特徴が少し動いても結果はあまり変わりません。",
    },
    lab: {
      ...plain,
      op: "maxPool2d",
      kernel: [2, 2],
      stride: [2, 2],
      x: [1, 2, 1, 0, 0, 1, 2, 3, 3, 0, 1, 2, 2, 4, 0, 1],
      k: [1, 0, 0, 1],
    },
  },
];
