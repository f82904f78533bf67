/** What the room of the filters says, in both languages. */
import type { Both } from "../preferences.ts";
import type { NoCamera } from "./camera.ts";
import type { Preset, Shown } from "./kernels.ts";
import type { SourceName } from "./store.ts";

export interface FilterText {
  readonly title: string;
  readonly lead: string;
  readonly picture: string;
  readonly sources: Readonly<Record<SourceName, string>>;
  readonly source: string;
  readonly asking: string;
  readonly drop: string;
  readonly keys: string;
  readonly split: string;
  readonly start: string;
  readonly stop: string;
  readonly filters: string;
  readonly presets: Readonly<Record<Preset, string>>;
  readonly own: string;
  readonly kernel: string;
  readonly networkWords: string;
  readonly size: string;
  readonly divisor: string;
  readonly offset: string;
  readonly shown: string;
  readonly shownNames: Readonly<Record<Shown, string>>;
  readonly width: string;
  readonly backend: string;
  readonly speed: string;
  readonly run: string;
  readonly rate: string;
  readonly frame: string;
  readonly perSecond: string;
  readonly opening: string;
  readonly magnifier: string;
  readonly ask: string;
  readonly windowName: string;
  readonly weights: string;
  readonly green: string;
  readonly dark: string;
  readonly turned: string;
  readonly library: string;
  readonly numbers: string;
  readonly before: string;
  readonly after: string;
  readonly noCanvas: string;
  readonly broken: string;
  readonly failed: string;
  lost(name: string, reason: string, next: string): string;
  readonly camera: Readonly<Record<NoCamera | "ended", string>>;
  at(y: number, x: number): string;
  cell(y: number, x: number, value: string): string;
  map(map: number): string;
  result(filter: string, source: string): string;
  took(filter: string, backend: string, ms: string): string;
}

export const filterText: Both<FilterText> = {
  en: {
    title: "A picture through a convolution",
    lead: "One small kernel, moved over every pixel: it blurs, sharpens, or finds the edges. Here the library does it as fast as a camera sees.",
    picture: "Picture",
    sources: { room: "Tea room", hills: "Hills", picture: "Your picture", camera: "Camera" },
    source: "What is filtered",
    asking: "Asking for the camera",
    drop: "Drop a picture here",
    keys: "Press or use the arrow keys to see how a pixel came to be.",
    split: "How much is left as it was",
    start: "Start",
    stop: "Stop",
    filters: "Filter",
    presets: {
      none: "None",
      blur: "Blur",
      sharpen: "Sharpen",
      sobel: "Sobel",
      across: "Sobel →",
      emboss: "Emboss",
      outline: "Outline",
      network: "Trained",
    },
    own: "Your own",
    kernel: "Kernel",
    networkWords:
      "The first layer of the network that reads digits: twelve kernels that nobody wrote down. They were found by training, and look for strokes.",
    size: "Size",
    divisor: "Divide by",
    offset: "Add",
    shown: "Shown as",
    shownNames: { colour: "Colours", grey: "Brightness", signed: "Signed", edges: "Edges" },
    width: "Width",
    backend: "Backend",
    speed: "Speed",
    run: "Convolution",
    rate: "Speed",
    frame: "Whole frame",
    perSecond: "Frames a second",
    opening: "Opening the backend",
    magnifier: "Magnifier",
    ask: "Press a pixel of the picture.",
    windowName: "Pixels",
    weights: "Kernel",
    green: "Of the three colours, green is shown.",
    dark: "Darkness of the picture: 0 paper, 1 ink.",
    turned: "kernel turned",
    library: "The library says",
    numbers: "The picture as numbers: means of 6 × 8 blocks",
    before: "Before",
    after: "After",
    noCanvas: "This browser cannot draw from a worker, which this room needs.",
    broken: "This file is no picture that the browser can read.",
    failed: "This did not work:",
    lost: (name, reason, next) => `The ${name} device was lost (${reason}). The filters go on, on ${next}.`,
    camera: {
      refused:
        "The camera was refused. Allow it for this page in the browser's settings, or use a picture of your own.",
      missing: "No camera was found on this device. Use a picture of your own.",
      taken: "The camera is in use elsewhere. Close what uses it and choose it again.",
      insecure: "Browsers give a camera only to pages that come over https or from this very machine.",
      failed: "The camera did not start. Use a picture of your own.",
      ended: "The camera was switched off.",
    },
    at: (y, x) => `Row ${y}, column ${x}`,
    cell: (y, x, value) => `Row ${y}, column ${x}: ${value}`,
    map: (map) => `Map ${map}`,
    result: (filter, source) => `${source}, through ${filter}`,
    took: (filter, backend, ms) => `${filter} on ${backend}: ${ms} milliseconds`,
  },
  ja: {
    title: "写真を畳み込む",
    lead: "小さなカーネルを一つ、すべての画素の上で動かすと、ぼけ、くっきりし、輪郭が見つかります。カメラの速さで、ライブラリーが計算します。",
    picture: "写真",
    sources: { room: "茶室", hills: "山並み", picture: "自分の写真", camera: "カメラ" },
    source: "かけるもの",
    asking: "カメラの許可を待っています",
    drop: "ここに写真を落とす",
    keys: "押すか矢印キーで、画素の値ができるまでが見えます。",
    split: "元のまま残すところ",
    start: "動かす",
    stop: "止める",
    filters: "フィルター",
    presets: {
      none: "なし",
      blur: "ぼかし",
      sharpen: "鮮明化",
      sobel: "ソーベル",
      across: "ソーベル →",
      emboss: "浮き彫り",
      outline: "輪郭",
      network: "学習した層",
    },
    own: "自作",
    kernel: "カーネル",
    networkWords:
      "数字を読むネットワークの第一層です。誰かが書いたのではない十二のカーネルで、学習によって見つかり、線を探します。",
    size: "大きさ",
    divisor: "割る数",
    offset: "足す数",
    shown: "見せ方",
    shownNames: { colour: "色", grey: "明るさ", signed: "正負", edges: "輪郭の強さ" },
    width: "幅",
    backend: "バックエンド",
    speed: "速さ",
    run: "畳み込み",
    rate: "速さ",
    frame: "一コマ全体",
    perSecond: "毎秒のコマ数",
    opening: "バックエンドを開いています",
    magnifier: "虫めがね",
    ask: "写真の画素を押してください。",
    windowName: "画素",
    weights: "カーネル",
    green: "三色のうち緑を見せています。",
    dark: "写真の暗さです。0 が紙、1 が墨。",
    turned: "転置したカーネル",
    library: "ライブラリーの答",
    numbers: "数で見る写真：6 × 8 に分けた平均",
    before: "前",
    after: "後",
    noCanvas: "このブラウザーはワーカーから描けません。この部屋にはそれが要ります。",
    broken: "このファイルは、ブラウザーが読める写真ではありません。",
    failed: "うまくいきませんでした。",
    lost: (name, reason, next) => `${name} のデバイスが失われました（${reason}）。${next} で続けます。`,
    camera: {
      refused: "カメラの使用が断られました。ブラウザーの設定でこの頁に許可するか、自分の写真を使ってください。",
      missing: "この端末にカメラが見つかりません。自分の写真を使ってください。",
      taken: "カメラはほかで使われています。使っているものを閉じて、もう一度選んでください。",
      insecure: "ブラウザーは、https で来た頁かこの端末自身の頁にだけカメラを渡します。",
      failed: "カメラが始まりませんでした。自分の写真を使ってください。",
      ended: "カメラが切られました。",
    },
    at: (y, x) => `${y} 行 ${x} 列`,
    cell: (y, x, value) => `${y} 行 ${x} 列：${value}`,
    map: (map) => `図 ${map}`,
    result: (filter, source) => `${source}に${filter}をかけたもの`,
    took: (filter, backend, ms) => `${backend} で${filter}：${ms} ミリ秒`,
  },
};
