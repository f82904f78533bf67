// What brings each code about, and what to do: the examples of docs/errors.md, which `pnpm errors` runs and writes.
import type { ErrorCode } from "../../packages/core/src/errors.ts";

export interface Example {
  readonly fix: { readonly en: string; readonly ja: string };
  /** Statements, after `imports`; the last one throws. */
  readonly code: string;
}

/** What the examples begin with. */
export const imports = `import {
  add, adamw, argmax, compile, constant, conv2d, evaluate, fit, gather, gradients, load, nn,
  readSafetensors, relu, resize2d, save, state, sum, writeSafetensors, zeros,
} from "tatamijs";
import { explain } from "@tatamijs/core/explain";
import { cpu } from "@tatamijs/backend-cpu";
import { wasm } from "@tatamijs/backend-wasm";
`;

const digits = `const model = nn.sequential([nn.flatten(), nn.linear(4, 2)]);
const data = {
  inputs: { data: new Float32Array(8).fill(1), shape: [2, 1, 2, 2] },
  targets: { data: Int32Array.of(0, 1), shape: [2] },
};`;

export const examples: Readonly<Record<ErrorCode, Example>> = {
  argument: {
    fix: { en: "Give what the text names.", ja: "文が挙げる値を渡してください。" },
    code: `conv2d(zeros([1, 3, 8, 8]), zeros([4, 3, 3, 3]), { stride: 0 });`,
  },
  rank: {
    fix: {
      en: "Reshape to the axes that the text names; a single image is a batch of one.",
      ja: "文が挙げる軸になるように reshape してください。画像一枚は、一枚だけのバッチです。",
    },
    code: `conv2d(zeros([8, 8]), zeros([4, 3, 3, 3]));`,
  },
  shape: {
    fix: {
      en: "Compare the two shapes axis by axis, from the last one on.",
      ja: "二つの形を、最後の軸から順に見くらべてください。",
    },
    code: `add(zeros([2, 3]), zeros([2, 4]));`,
  },
  dtype: {
    fix: { en: "Convert with cast.", ja: "cast で変換してください。" },
    code: `gather(zeros([3]), zeros([1]));`,
  },
  axis: {
    fix: {
      en: "Name an axis that is there; negative ones count from the end.",
      ja: "ある軸を挙げてください。負の数は後ろから数えます。",
    },
    code: `sum(zeros([2, 3]), { axis: 2 });`,
  },
  channels: {
    fix: {
      en: "Filters are (FN, C, FH, FW): C is that of the data, divided by groups.",
      ja: "フィルターは (FN, C, FH, FW) です。C はデータのチャンネル数を groups で割ったものです。",
    },
    code: `conv2d(zeros([1, 3, 8, 8]), zeros([4, 1, 3, 3]));`,
  },
  groups: {
    fix: {
      en: "Choose a number that divides channels and filters.",
      ja: "チャンネル数とフィルター数の両方を割り切る数を選んでください。",
    },
    code: `conv2d(zeros([1, 4, 8, 8]), zeros([6, 1, 3, 3]), { groups: 4 });`,
  },
  "size-fractional": {
    fix: {
      en: "Take one of error.fixes: another stride, padding, a crop, or rounding.",
      ja: "error.fixes のどれかを使ってください。ストライド、パディング、切り取り、丸めがあります。",
    },
    code: `conv2d(zeros([1, 1, 7, 7]), zeros([1, 1, 3, 3]), { stride: 3 });`,
  },
  "size-negative": {
    fix: {
      en: "Pad the input, or take a smaller kernel.",
      ja: "入力にパディングを付けるか、フィルターを小さくしてください。",
    },
    code: `conv2d(zeros([1, 1, 2, 2]), zeros([1, 1, 3, 3]));`,
  },
  "zero-size": {
    fix: {
      en: "Look where the empty axis comes from: a slice, or a data set without rows.",
      ja: "空の軸がどこから来たかを見てください。slice か、行のないデータセットです。",
    },
    code: `argmax(zeros([2, 0]), { axis: 1 });`,
  },
  "data-length": {
    fix: {
      en: "A shape holds the product of its sizes; give as many values.",
      ja: "形の要素数は大きさの積です。同じ数の値を渡してください。",
    },
    code: `constant([1, 2, 3, 4, 5], [2, 3]);`,
  },
  input: {
    fix: {
      en: "Give each input the shape and type that it was declared with.",
      ja: "各入力に、宣言したとおりの形と型の値を渡してください。",
    },
    code: `const predict = await compile(nn.linear(4, 2), { input: [1, 4], backend: await cpu() });
await predict(new Float32Array(5));`,
  },
  state: {
    fix: {
      en: "Give each state a name of its own; use it in the session that holds it.",
      ja: "状態にはそれぞれ別の名前を付け、それを持つセッションで使ってください。",
    },
    code: `const a = state([1, 2], [2], "w");
const b = state([3, 4], [2], "w");
await evaluate(add(a, b), { backend: await cpu() });`,
  },
  gradient: {
    fix: {
      en: "Reduce the loss to one number: sum or mean.",
      ja: "損失を sum や mean で一つの数にしてください。",
    },
    code: `const w = state([1, 2], [2], "w");
gradients(relu(w), [w]);`,
  },
  declined: {
    fix: {
      en: "Give what it can do: for explain, the last layer alone and the map before it; for a kernel, other sizes or another backend.",
      ja: "できることだけを渡してください。explain なら最後の層とその前のマップだけ、カーネルなら別の大きさか別のバックエンドです。",
    },
    code: `const layer = (x) => conv2d(resize2d(x, 8), zeros([1, 1, 3, 3]));
explain(layer, zeros([1, 1, 4, 4]), { n: 0, f: 0, y: 0, x: 0 });`,
  },
  backend: {
    fix: {
      en: 'The text says what could not be had; open("auto") takes the next backend by itself.',
      ja: '何が得られなかったかは文にあります。open("auto") は自動で次のバックエンドを使います。',
    },
    code: `await wasm({ binary: new Uint8Array(8) });`,
  },
  "out-of-memory": {
    fix: {
      en: "Use a smaller batch; close programs and sessions that are done.",
      ja: "バッチを小さくするか、終わったプログラムやセッションを閉じてください。",
    },
    code: `const backend = { ...(await cpu()) };
const small = { ...backend, traits: { ...backend.traits, maxBytes: 1024 } };
await evaluate(relu(zeros([64, 64])), { backend: small });`,
  },
  "device-lost": {
    fix: {
      en: "fit and open do it themselves; by hand: open a backend again and load the last checkpoint.",
      ja: "fit と open は自動で立て直します。手で行うなら、バックエンドを開き直し、最後のチェックポイントを読み込んでください。",
    },
    code: `const backend = { ...(await cpu()), lost: Promise.resolve({ reason: "unplugged" }) };
await evaluate(relu(zeros([2])), { backend });`,
  },
  closed: {
    fix: { en: "Open it again, or close it later.", ja: "開き直すか、もっとあとで閉じてください。" },
    code: `const backend = await cpu();
await backend.close();
await evaluate(relu(zeros([2])), { backend });`,
  },
  format: {
    fix: {
      en: "Download or write the file again; look whether it is of this format at all.",
      ja: "ファイルを取り直すか、書き直してください。そもそもその形式かどうかも確かめてください。",
    },
    code: `readSafetensors(new Uint8Array(4));`,
  },
  weights: {
    fix: {
      en: "Build the model that the weights were saved from; the text names what differs.",
      ja: "重みを保存したときと同じモデルを作ってください。違いは文にあります。",
    },
    code: `const other = writeSafetensors({ tensors: Object.entries({ "0.weight": { dtype: "f32", shape: [2, 3], data: new Float32Array(6) } }) });
await load(nn.sequential([nn.linear(4, 2)]), other);`,
  },
  "not-found": {
    fix: {
      en: "Look at the path; relative ones begin at the working directory.",
      ja: "パスを確かめてください。相対パスは作業ディレクトリから始まります。",
    },
    code: `await load(nn.linear(4, 2), "no-such-file.safetensors");`,
  },
  io: {
    fix: {
      en: "The text says what the system said; what was there before is still there.",
      ja: "システムが言ったことは文にあります。前からあったファイルはそのままです。",
    },
    code: `await save(nn.linear(4, 2), "no-such-folder/weights.safetensors");`,
  },
  "not-finite": {
    fix: {
      en: "Lower the rate, clip the gradients, look at the data; the model is where it last was well.",
      ja: "学習率を下げ、勾配を切り詰め、データを確かめてください。モデルは最後に正常だった時点に戻っています。",
    },
    code: `${digits}
for await (const _ of fit(model, data, { loss: nn.crossEntropy, optimizer: adamw({ lr: 1e38 }), epochs: 9, backend: await cpu() }));`,
  },
  aborted: {
    fix: {
      en: "Nothing is wrong: a signal asked for it. The checkpoint resumes what was begun.",
      ja: "異常ではありません。シグナルによる停止です。チェックポイントから続けられます。",
    },
    code: `${digits}
const signal = AbortSignal.abort();
for await (const _ of fit(model, data, { loss: nn.crossEntropy, optimizer: adamw({ lr: 0.1 }), epochs: 9, signal, backend: await cpu() }));`,
  },
  internal: {
    fix: {
      en: "Please report it with what led there; error.cause is what happened.",
      ja: "そこに至った手順を添えて報告してください。何が起きたかは error.cause にあります。",
    },
    code: `const whole = await cpu();
const unary = () => ({ bind: () => () => { throw new Error("a bug"); } });
const backend = { ...whole, kernels: { ...whole.kernels, unary } };
await evaluate(relu(zeros([2])), { backend });`,
  },
};
