/** What the reading room says, in both languages. */
import type { Both } from "../preferences.ts";
import type { Shown } from "./network.ts";

/** `Convolution 5 × 5, relu` */
function named(names: Readonly<Record<Shown["kind"], string>>, relu: string): (map: Shown) => string {
  return ({ kind, size, active }) =>
    `${names[kind]}${size === 0 ? "" : ` ${size} × ${size}`}${active && kind !== "scores" ? relu : ""}`;
}

export interface ReadText {
  readonly title: string;
  readonly lead: string;
  readonly pad: string;
  readonly padKeys: string;
  readonly undo: string;
  readonly clear: string;
  readonly samples: string;
  readonly says: string;
  readonly empty: string;
  readonly opening: string;
  readonly backend: string;
  readonly layers: string;
  readonly layersLead: string;
  readonly seen: string;
  readonly ask: string;
  readonly which: string;
  readonly networks: Readonly<Record<"shipped" | "own", string>>;
  readonly whole: string;
  readonly why: string;
  readonly biggest: string;
  readonly close: string;
  lost(name: string, reason: string, next: string): string;
  failed(next: string): string;
  readonly digit: string;
  readonly share: string;
  nameOf(map: Shown): string;
  map(f: number): string;
  reads(digit: number, percent: number): string;
  took(ms: string): string;
  field(rows: string, columns: string): string;
}

export const readText: Both<ReadText> = {
  en: {
    title: "Read my writing",
    lead: "Draw a digit. The network was trained with tatami, and reads it here, in this page.",
    pad: "Drawing pad",
    padKeys: "Draw with a pointer, or with the keyboard: arrow keys move the pen, Space puts it down and lifts it.",
    undo: "Undo",
    clear: "Clear",
    samples: "Samples",
    says: "What it reads",
    empty: "Nothing drawn yet.",
    opening: "Opening the network",
    backend: "Backend",
    layers: "Through the layers",
    layersLead: "From the pixels to the answer. Press any cell to see which numbers made it.",
    seen: "What the network sees",
    ask: "Press a cell of any map.",
    which: "Network",
    networks: { shipped: "Ours", own: "Trained here" },
    nameOf: named(
      {
        conv: "Convolution",
        pool: "Max pool",
        norm: "Batch norm",
        dropout: "Dropout",
        dense: "Linear",
        scores: "Scores",
      },
      ", relu",
    ),
    whole: "This layer reads all numbers of the layer before.",
    why: "How this number came to be",
    biggest: "Largest products",
    close: "Close",
    lost: (name, reason, next) => `The ${name} device was lost (${reason}). Reading goes on, on ${next}.`,
    failed: (next) => `This did not work. Reading goes on, on ${next}.`,
    digit: "Digit",
    share: "Probability",
    map: (f) => `Map ${f}`,
    reads: (digit, percent) => `Reads ${digit}, ${percent} %`,
    took: (ms) => `${ms} ms from stroke to answer`,
    field: (rows, columns) => `Looks at rows ${rows} and columns ${columns} of the picture (framed).`,
  },
  ja: {
    title: "手書きを読む",
    lead: "数字を書いてください。tatami で学習したネットワークが、この頁の中で読みます。",
    pad: "書くところ",
    padKeys: "指やペンやマウスで書けます。キーボードでは、矢印キーでペンを動かし、スペースで下ろしたり上げたりします。",
    undo: "元に戻す",
    clear: "消す",
    samples: "見本",
    says: "読んだ結果",
    empty: "まだ何も書かれていません。",
    opening: "ネットワークを開いています",
    backend: "バックエンド",
    layers: "層をたどる",
    layersLead: "画素から答えまで。どのマスでも、押すと元になった数が見えます。",
    seen: "ネットワークが見る絵",
    ask: "図のマスを押してください。",
    which: "ネットワーク",
    networks: { shipped: "備え付け", own: "ここで学習" },
    nameOf: named(
      {
        conv: "畳み込み",
        pool: "最大プール",
        norm: "バッチ正規化",
        dropout: "ドロップアウト",
        dense: "全結合",
        scores: "点数",
      },
      "、relu",
    ),
    whole: "この層は、前の層のすべての数を読みます。",
    why: "この数ができるまで",
    biggest: "大きい積",
    close: "閉じる",
    lost: (name, reason, next) => `${name} のデバイスが失われました（${reason}）。${next} で読み続けます。`,
    failed: (next) => `うまくいきませんでした。${next} で読み続けます。`,
    digit: "数字",
    share: "確率",
    map: (f) => `図 ${f}`,
    reads: (digit, percent) => `${digit} と読みました。${percent} %`,
    took: (ms) => `書いてから答えまで ${ms} ミリ秒`,
    field: (rows, columns) => `絵の ${rows} 行、${columns} 列を見ています（枠の中）。`,
  },
};
