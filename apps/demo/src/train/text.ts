/** What the training room says, in both languages. */
import type { Both } from "../preferences.ts";
import type { LayerKind, PresetName } from "./layers.ts";
import type { About, State } from "./messages.ts";
import type { Settings, Source } from "./settings.ts";

export interface TrainText {
  readonly title: string;
  readonly lead: string;
  readonly train: string;
  readonly pause: string;
  readonly more: string;
  readonly step: string;
  readonly reset: string;
  readonly figures: string;
  readonly states: Readonly<Record<State | "unfit", string>>;
  readonly epoch: string;
  readonly steps: string;
  readonly loss: string;
  readonly read: string;
  readonly speed: string;
  readonly curves: string;
  readonly lossCurve: string;
  readonly readCurve: string;
  readonly ofTraining: string;
  readonly ofTesting: string;
  readonly perStep: string;
  readonly nothingYet: string;
  readonly filters: string;
  readonly filtersLead: string;
  readonly layer: string;
  readonly weights: string;
  readonly gradients: string;
  readonly filter: string;
  readonly channel: string;
  readonly unit: string;
  readonly confusion: string;
  readonly shows: string;
  readonly readAs: string;
  readonly mistakes: string;
  readonly noMistakes: string;
  readonly network: string;
  readonly presets: Readonly<Record<PresetName, string>>;
  readonly own: string;
  readonly input: string;
  readonly scores: string;
  readonly kinds: Readonly<Record<LayerKind, string>>;
  readonly numbersOf: Readonly<Record<"filters" | "size" | "stride" | "padding" | "units" | "percent", string>>;
  readonly add: string;
  readonly kind: string;
  readonly up: string;
  readonly down: string;
  readonly remove: string;
  readonly learning: string;
  readonly optimizer: string;
  readonly optimizers: Readonly<Record<Settings["optimizer"], string>>;
  readonly rate: string;
  readonly batch: string;
  readonly epochs: string;
  readonly seed: string;
  readonly anew: string;
  readonly backend: string;
  readonly digits: string;
  readonly sources: Readonly<Record<Source, string>>;
  readonly drop: string;
  readonly choose: string;
  readonly file: string;
  readonly fileLead: string;
  readonly save: string;
  readonly load: string;
  readonly use: string;
  readonly wrong: Readonly<Record<About, string>>;
  readonly stopped: string;
  counts(training: string, testing: string): string;
  parameters(count: string): string;
  rowOf(index: number, name: string): string;
  mistake(is: number, read: number, percent: number): string;
  misread(wrong: string, count: string): string;
  testOf(count: string): string;
  loaded(step: string): string;
  lost(name: string, reason: string, step: string): string;
  goesOn(name: string): string;
  progress(step: string, loss: string, percent: string): string;
  cell(is: number, read: number): string;
}

export const trainText: Both<TrainText> = {
  en: {
    title: "Train in the page",
    lead: "A network that has learned nothing meets digits. It learns here, on your device; nothing leaves the page.",
    train: "Train",
    pause: "Pause",
    more: "Train on",
    step: "One step",
    reset: "Start over",
    figures: "How it is going",
    states: {
      preparing: "Getting ready",
      ready: "Ready",
      running: "Training",
      paused: "Paused",
      done: "Done",
      unfit: "A layer does not fit",
    },
    epoch: "Epoch",
    steps: "Step",
    loss: "Loss",
    read: "Read",
    speed: "Steps/s",
    curves: "Learning curves",
    lossCurve: "Loss",
    readCurve: "Digits read, of those it never learned from",
    ofTraining: "training",
    ofTesting: "held back",
    perStep: "each step",
    nothingYet: "The first points come with the first steps.",
    filters: "Filters and their gradients",
    filtersLead:
      "Blue is above zero, orange below. A gradient says which way the loss rises; the step goes the other way.",
    layer: "Layer",
    weights: "Filters",
    gradients: "Gradients of the last step",
    filter: "Filter",
    channel: "Channel",
    unit: "Unit",
    confusion: "What is taken for what",
    shows: "shows",
    readAs: "read as",
    mistakes: "The mistakes",
    noMistakes: "None in this test.",
    network: "Network",
    presets: { small: "Small", lenet: "LeNet", deep: "Deeper", dense: "No filters" },
    own: "Your own",
    input: "Picture",
    scores: "Scores",
    kinds: {
      conv: "Convolution",
      pool: "Max pooling",
      norm: "Batch norm",
      dropout: "Dropout",
      dense: "Dense",
    },
    numbersOf: {
      filters: "filters",
      size: "size",
      stride: "stride",
      padding: "padding",
      units: "units",
      percent: "percent",
    },
    add: "Add a layer",
    kind: "Kind of layer",
    up: "Move up",
    down: "Move down",
    remove: "Remove",
    learning: "Learning",
    optimizer: "Optimiser",
    optimizers: { adamw: "AdamW", adam: "Adam", momentum: "SGD, momentum 0.9", sgd: "SGD" },
    rate: "Learning rate",
    batch: "Batch",
    epochs: "Epochs",
    seed: "Seed",
    anew: "The same seed gives the same run. A change of network, learning or digits begins a new one; the backend may change on the way.",
    backend: "Backend",
    digits: "Digits",
    sources: { drawn: "Drawn here", site: "MNIST", files: "Your MNIST" },
    drop: "Have MNIST's four IDX files? Drop them anywhere on this page, packed or not, or",
    choose: "choose them",
    file: "Weights",
    fileLead: "A safetensors file with PyTorch's names. Drop one here to begin with its weights.",
    save: "Save weights",
    load: "Load weights",
    use: "Read my writing with it",
    wrong: {
      backend: "This backend cannot be had.",
      data: "These files cannot be used.",
      weights: "These weights were not loaded.",
      training: "The training stopped.",
    },
    stopped: "Nothing was lost: go on, or change something.",
    counts: (training, testing) => `${training} to learn from, ${testing} held back to test with`,
    parameters: (count) => `${count} weights`,
    rowOf: (index, name) => `${index}. ${name}`,
    mistake: (is, read, percent) => `A ${is}, read as ${read} (${percent} %)`,
    misread: (wrong, count) => `${wrong} of ${count}, the surest first`,
    testOf: (count) => `${count} pictures that it never learned from`,
    loaded: (step) => `Step ${step}`,
    lost: (name, reason, step) =>
      `The ${name} device was lost (${reason}). The run goes on from its copy of step ${step}`,
    goesOn: (name) => `, on ${name}.`,
    progress: (step, loss, percent) => `Step ${step}: loss ${loss}, ${percent} % read`,
    cell: (is, read) => `${is} read as ${read}`,
  },
  ja: {
    title: "頁の中で学習する",
    lead: "まだ何も知らないネットワークが数字に出会い、この端末の上で学びます。外へは何も送られません。",
    train: "学習する",
    pause: "一時停止",
    more: "続けて学習",
    step: "一歩だけ",
    reset: "初めから",
    figures: "いまの様子",
    states: {
      preparing: "準備中",
      ready: "準備完了",
      running: "学習中",
      paused: "停止中",
      done: "完了",
      unfit: "合わない層があります",
    },
    epoch: "エポック",
    steps: "ステップ",
    loss: "損失",
    read: "正解率",
    speed: "歩/秒",
    curves: "学習曲線",
    lossCurve: "損失",
    readCurve: "学習に使わない数字の正解率",
    ofTraining: "学習用",
    ofTesting: "検証用",
    perStep: "一歩ごと",
    nothingYet: "最初の一歩から点が打たれます。",
    filters: "フィルターと勾配",
    filtersLead: "青は正、橙は負です。勾配は損失が増える向きを示し、重みはその逆へ動きます。",
    layer: "層",
    weights: "フィルター",
    gradients: "直前の一歩の勾配",
    filter: "フィルター",
    channel: "チャンネル",
    unit: "ユニット",
    confusion: "どれをどれと読んだか（混同行列）",
    shows: "正解",
    readAs: "読み",
    mistakes: "読み違い",
    noMistakes: "この検証では一つもありません。",
    network: "ネットワーク",
    presets: { small: "小さい", lenet: "LeNet", deep: "深い", dense: "フィルターなし" },
    own: "自作",
    input: "絵",
    scores: "点数",
    kinds: {
      conv: "畳み込み",
      pool: "最大プール",
      norm: "バッチ正規化",
      dropout: "ドロップアウト",
      dense: "全結合",
    },
    numbersOf: {
      filters: "枚数",
      size: "大きさ",
      stride: "ストライド",
      padding: "パディング",
      units: "個数",
      percent: "百分率",
    },
    add: "層を足す",
    kind: "層の種類",
    up: "上へ",
    down: "下へ",
    remove: "取り除く",
    learning: "学び方",
    optimizer: "最適化手法",
    optimizers: { adamw: "AdamW", adam: "Adam", momentum: "SGD、慣性 0.9", sgd: "SGD" },
    rate: "学習率",
    batch: "バッチ",
    epochs: "エポック数",
    seed: "シード",
    anew: "同じシードなら同じ結果になります。ネットワーク、学び方、数字を変えると初めからになります。バックエンドは途中でも変えられます。",
    backend: "バックエンド",
    digits: "数字",
    sources: { drawn: "ここで描いた数字", site: "MNIST", files: "手元の MNIST" },
    drop: "MNIST の IDX ファイル四つをお持ちなら、この頁にドロップするか（圧縮のままで構いません）、",
    choose: "選んでください",
    file: "重み",
    fileLead: "PyTorch と同じ名前の safetensors ファイルです。ドロップすると、その重みから始まります。",
    save: "重みを保存",
    load: "重みを読み込む",
    use: "このネットワークで手書きを読む",
    wrong: {
      backend: "このバックエンドは使えません。",
      data: "これらのファイルは使えません。",
      weights: "重みは読み込まれませんでした。",
      training: "学習が止まりました。",
    },
    stopped: "失われたものはありません。続けるか、何かを変えてください。",
    counts: (training, testing) => `学習用 ${training} 枚、検証用 ${testing} 枚`,
    parameters: (count) => `重み ${count} 個`,
    rowOf: (index, name) => `${index}. ${name}`,
    mistake: (is, read, percent) => `${is} を ${read} と読みました（${percent} %）`,
    misread: (wrong, count) => `${count} 枚中 ${wrong} 枚、自信の強い順`,
    testOf: (count) => `学習に使わない ${count} 枚`,
    loaded: (step) => `${step} ステップ`,
    lost: (name, reason, step) => `${name} のデバイスが失われました（${reason}）。${step} ステップの控えから続けます`,
    goesOn: (name) => `（${name}）。`,
    progress: (step, loss, percent) => `${step} ステップ、損失 ${loss}、正解率 ${percent} %`,
    cell: (is, read) => `${is} を ${read} と読んだ数`,
  },
};
