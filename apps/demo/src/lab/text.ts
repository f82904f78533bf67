/** What the Conv Lab says, in both languages. */
import type { Both } from "../preferences.ts";

export interface LabText {
  readonly lead: string;
  readonly more: string;
  readonly tour: string;
  readonly previous: string;
  readonly next: string;
  readonly input: string;
  readonly filter: string;
  readonly output: string;
  readonly window: string;
  readonly matrix: string;
  readonly views: string;
  readonly play: string;
  readonly pause: string;
  readonly scrub: string;
  readonly look: string;
  readonly draw: string;
  readonly tool: string;
  readonly pen: string;
  readonly sum: string;
  readonly products: string;
  readonly bias: string;
  readonly padding: string;
  readonly stride: string;
  readonly dilation: string;
  readonly rounding: string;
  readonly groups: string;
  readonly kernel: string;
  readonly channels: string;
  readonly filters: string;
  readonly batch: string;
  readonly op: string;
  readonly ops: { readonly conv2d: string; readonly maxPool2d: string; readonly avgPool2d: string };
  readonly height: string;
  readonly width: string;
  readonly sides: readonly [string, string, string, string];
  readonly rows: string;
  readonly columns: string;
  readonly settings: string;
  readonly size: string;
  readonly error: string;
  readonly fixes: string;
  readonly code: string;
  readonly copy: string;
  readonly copied: string;
  readonly link: string;
  readonly save: string;
  readonly open: string;
  readonly broken: string;
  readonly tooLong: string;
  readonly maximum: string;
  readonly mean: string;
  readonly pick: string;
  readonly nothing: string;
  readonly undo: string;
  readonly fill: string;
  readonly picture: string;
  readonly noPicture: string;
  readonly fills: { readonly clear: string; readonly ring: string; readonly steps: string; readonly noise: string };
  readonly kinds: string;
  readonly kernels: Readonly<Record<"edge" | "blur" | "sharpen" | "identity", string>>;
  readonly matrixLead: string;
  readonly matrixWindows: string;
  readonly matrixFilters: string;
  readonly matrixProduct: string;
  readonly matrixKeys: string;
  readonly noMatrix: string;
  readonly keys: string;
  readonly drawKeys: string;
  channel(c: number): string;
  image(n: number): string;
  filterOf(f: number): string;
  at(y: number, x: number): string;
  /** For a screen reader, at each step of the window. */
  step(y: number, x: number, value: string): string;
  cell(y: number, x: number, value: string): string;
  feeds(y: number, x: number, count: number): string;
  sizeOf(rows: number, columns: number): string;
}

export const labText: Both<LabText> = {
  en: {
    lead: "See a convolution. Touch it.",
    more: "Point at the maps, change any number, follow the sum.",
    tour: "Guided tour",
    previous: "Back",
    next: "Next",
    input: "Input",
    filter: "Filter",
    output: "Output",
    window: "Sliding window",
    matrix: "As a matrix product",
    views: "View",
    play: "Play",
    pause: "Pause",
    scrub: "Position of the window",
    look: "Look",
    draw: "Draw",
    tool: "Pointer on the input",
    pen: "Pen value",
    sum: "Sum",
    products: "Products",
    bias: "Bias",
    padding: "Padding",
    stride: "Stride",
    dilation: "Dilation",
    rounding: "Rounding",
    groups: "Groups",
    kernel: "Kernel",
    channels: "Channels",
    filters: "Filters",
    batch: "Batch",
    op: "Operation",
    ops: { conv2d: "Convolution", maxPool2d: "Max pool", avgPool2d: "Mean pool" },
    height: "height",
    width: "width",
    sides: ["top", "left", "bottom", "right"],
    rows: "Rows",
    columns: "Columns",
    settings: "Sizes and settings",
    size: "Size of the output",
    error: "This size is an error",
    fixes: "What would fit",
    code: "As TypeScript",
    copy: "Copy",
    copied: "Copied",
    link: "Copy link",
    save: "Save as file",
    open: "Open file",
    broken: "This is no Conv Lab file: it is damaged, or made by another version.",
    tooLong: "Too large for a link. Save it as a file to share it.",
    maximum: "the largest",
    mean: "the mean",
    pick: "Press a cell to see every output that it feeds.",
    nothing: "No window fits: there is no output.",
    undo: "Undo",
    fill: "Fill with",
    picture: "Picture…",
    noPicture: "This file is no picture that the browser can read.",
    fills: { clear: "Zeros", ring: "Ring", steps: "Steps", noise: "Random" },
    kinds: "Filter",
    kernels: { edge: "Edge", blur: "Blur", sharpen: "Sharpen", identity: "Identity" },
    matrixLead:
      "Every window laid flat is one row, every filter one column. The convolution is then a single product of matrices, which is how fast libraries compute it.",
    matrixWindows: "Windows",
    matrixFilters: "Filters",
    matrixProduct: "Output",
    matrixKeys: "Arrow keys go from row to row and along it.",
    noMatrix: "Pooling multiplies by nothing, so it is no product of matrices.",
    keys: "Arrow keys move the window, Space plays, Escape stops.",
    drawKeys: "Arrow keys move the pen, Space writes.",
    channel: (c) => `Channel ${c}`,
    image: (n) => `Image ${n}`,
    filterOf: (f) => `Filter ${f}`,
    at: (y, x) => `row ${y}, column ${x}`,
    step: (y, x, value) => `Row ${y}, column ${x}: ${value}`,
    cell: (y, x, value) => `row ${y}, column ${x}, ${value}`,
    feeds: (y, x, count) =>
      `The input cell in row ${y}, column ${x} feeds ${count} ${count === 1 ? "cell" : "cells"} of this output map.`,
    sizeOf: (rows, columns) => `${rows} × ${columns}`,
  },
  ja: {
    lead: "畳み込みを、見て、触る。",
    more: "図に触れ、数を変え、和ができるまでを追えます。",
    tour: "道案内",
    previous: "戻る",
    next: "次へ",
    input: "入力",
    filter: "フィルター",
    output: "出力",
    window: "窓をずらす",
    matrix: "行列の積として",
    views: "見方",
    play: "再生",
    pause: "停止",
    scrub: "窓の位置",
    look: "見る",
    draw: "描く",
    tool: "入力の上での操作",
    pen: "ペンの値",
    sum: "和",
    products: "積",
    bias: "バイアス",
    padding: "パディング",
    stride: "ストライド",
    dilation: "ダイレーション",
    rounding: "端数",
    groups: "グループ",
    kernel: "カーネル",
    channels: "チャンネル",
    filters: "フィルター数",
    batch: "バッチ",
    op: "演算",
    ops: { conv2d: "畳み込み", maxPool2d: "最大プール", avgPool2d: "平均プール" },
    height: "縦",
    width: "横",
    sides: ["上", "左", "下", "右"],
    rows: "行数",
    columns: "列数",
    settings: "大きさと設定",
    size: "出力の大きさ",
    error: "この大きさは誤りです",
    fixes: "合う値",
    code: "TypeScript で書くと",
    copy: "コピー",
    copied: "コピーしました",
    link: "リンクをコピー",
    save: "ファイルに保存",
    open: "ファイルを開く",
    broken: "畳み込み実験室のファイルではありません。壊れているか、別の版のものです。",
    tooLong: "リンクにするには大きすぎます。ファイルに保存すれば渡せます。",
    maximum: "最大値",
    mean: "平均",
    pick: "マスを押すと、そのマスが届く出力がすべて見えます。",
    nothing: "窓が一つも入らないので、出力はありません。",
    undo: "元に戻す",
    fill: "塗りつぶす",
    picture: "写真…",
    noPicture: "このファイルは、ブラウザーが読める写真ではありません。",
    fills: { clear: "0", ring: "輪", steps: "階段", noise: "乱数" },
    kinds: "フィルター",
    kernels: { edge: "縁", blur: "ぼかし", sharpen: "鮮明", identity: "そのまま" },
    matrixLead:
      "窓を一つずつ平らに並べたものが行、フィルターが列です。畳み込みは一つの行列の積になり、速いライブラリはこの形で計算します。",
    matrixWindows: "窓",
    matrixFilters: "フィルター",
    matrixProduct: "出力",
    matrixKeys: "矢印キーで、行から行へ、また行に沿って動きます。",
    noMatrix: "プーリングは掛け算をしないので、行列の積にはなりません。",
    keys: "矢印キーで窓を動かし、スペースで再生、Escape で停止します。",
    drawKeys: "矢印キーでペンを動かし、スペースで書きます。",
    channel: (c) => `チャンネル ${c}`,
    image: (n) => `画像 ${n}`,
    filterOf: (f) => `フィルター ${f}`,
    at: (y, x) => `${y} 行 ${x} 列`,
    step: (y, x, value) => `${y} 行 ${x} 列、${value}`,
    cell: (y, x, value) => `${y} 行 ${x} 列、${value}`,
    feeds: (y, x, count) => `入力の ${y} 行 ${x} 列のマスは、この出力の ${count} マスに届きます。`,
    sizeOf: (rows, columns) => `${rows} × ${columns}`,
  },
};
