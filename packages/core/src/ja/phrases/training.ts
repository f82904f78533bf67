/** What training, data sets and checkpoints complain of. */
import type { Phrase } from "../phrase.ts";

export const training: readonly Phrase[] = [
  // Stopped, or gone wrong.
  ["stopped by the signal", "signal によって止められました"],
  [
    "training was stopped by its signal after step {step} (epoch {epoch}, batch {batch}); the weights are kept, and fit goes on from error.details.checkpoint when given as resume",
    "学習は signal によって、ステップ {step} (エポック {epoch}、バッチ {batch}) の後で止められました。重みは残っています。error.details.checkpoint を resume に渡せば、続きから始まります",
  ],
  [
    "training was stopped by its signal before its first step; nothing was changed",
    "学習は、最初のステップの前に signal によって止められました。何も変わっていません",
  ],
  [
    "the device was lost during training. The host has a copy of step {step}: open a session on another backend and give error.details.checkpoint as resume, or give fit a function reopen that does",
    "学習中にデバイスが失われました。ステップ {step} の写しが残っています。別のバックエンドでセッションを開き、error.details.checkpoint を resume に渡すか、そうする関数 reopen を fit に渡してください",
  ],
  [
    "the loss is {loss} at step {step} (epoch {epoch}, learning rate {rate}). The model is put back to step {kept}. {how}.",
    "ステップ {step} (エポック {epoch}、学習率 {rate}) で損失が {loss} になりました。モデルはステップ {kept} に戻してあります。{how}。",
  ],
  // What fit is given.
  [
    "loss gave shape {shape}, wanted a single number; take its mean",
    "損失の形が {shape} です。平均をとって一つの数にしてください",
  ],
  [
    "loss gave {a}; give a function that returns a tensor, such as {fn}",
    "loss が {a} を返しました。テンソルを返す関数 (たとえば {fn}) を渡してください",
  ],
  [
    "a target is {a} (sample {i} of its batch), but the model knows the classes 0 to {most}; correct the labels, or give the model {n} outputs",
    "正解が {a} です (バッチの {i} 番目) が、モデルのクラスは 0 から {most} です。ラベルを直すか、モデルの出力を {n} 個にしてください",
  ],
  [
    "the checkpoint was made with seed {a} and batchSize {b}, this run has {c} and {d}; resume with the same, or load its weights alone",
    "チェックポイントは seed {a}、batchSize {b} で作られましたが、今は {c} と {d} です。同じ値で再開するか、重みだけを読み込んでください",
  ],
  [
    "the checkpoint does not fit {what}: {why}; nothing was changed. Use the optimiser and the model it was made with.",
    "チェックポイントが {what} に合いません: {why}。何も変えていません。作ったときの最適化とモデルを使ってください。",
  ],
  [
    "the schedule gave {a} at step {step}; give a finite factor ≥ 0",
    "ステップ {step} で学習率の計画が {a} を返しました。0 以上の有限の倍率にしてください",
  ],
  [
    "grads has no {name}; give one gradient per parameter",
    "grads に {name} がありません。パラメーターごとに勾配を一つ渡してください",
  ],
  [
    "the data does not say how long it is, so the run has no known number of steps; give {fn}",
    "データの長さがわからないので、ステップ数が決まりません。{fn} を渡してください",
  ],
  [
    "accuracy wants scores [N, K] and classes [N] (i32 or bytes), given {a} and {b}; use measure with a loss",
    "accuracy には得点 [N, K] とクラス [N] (i32 かバイト) が必要ですが、{a} と {b} が渡されました。measure に損失を渡してください",
  ],
  // Samples.
  [
    "a sample's target is {a}; a plain number is a class, so whole: give {x} for a value",
    "標本の正解が {a} です。ただの数はクラス番号なので、整数です。値なら {x} を渡してください",
  ],
  [
    "the function that begins a pass gave {a}; return an iterable of {x}",
    "新しく始める関数が {a} を返しました。{x} を順に返すものを返してください",
  ],
  [
    "sample {i}: its {what} has shape {a}, the first one's {b}; samples of one batch have one shape",
    "標本 {i} の {what} の形が {a} で、最初の標本の {b} と違います。一つのバッチでは形を揃えてください",
  ],
  [
    "sample {i}: its {what} is a {a}, the first one's {b} would cut off fractions; give all samples one type",
    "標本 {i} の {what} は {a} で、最初の標本の {b} では小数が落ちます。すべて同じ型にしてください",
  ],
  [
    "the data gave no sample in epoch {n}; an iterator that is used up cannot begin again: give a function that starts a new pass, {fn}",
    "エポック {n} で標本が一つも来ませんでした。使い切ったイテレーターは初めに戻れません。新しく始める関数 {fn} を渡してください",
  ],
  [
    "{n} samples make no full batch of {m}, and dropLast leaves out the rest; use a smaller batchSize",
    "標本 {n} 個では {m} 個のバッチに足りず、dropLast が残りを捨てます。batchSize を小さくしてください",
  ],
  [
    "{name}: inputs {shape} hold nothing; give at least one sample",
    "{name}: 入力 {shape} が空です。標本を一つ以上渡してください",
  ],
  [
    "{name}: inputs {a} and targets {b} differ along axis 0; give one target per sample",
    "{name}: 入力 {a} と正解 {b} は、軸 0 の大きさが違います。標本ごとに正解を一つにしてください",
  ],
  [
    "{name} has {n} values for shape {shape}, which holds {m}",
    "{name} の値は {n} 個ですが、形 {shape} に入るのは {m} 個です",
  ],
  [
    "samples have {n} axes, wanted pictures (H, W) or (C, H, W)",
    "標本の軸は {n} 本です。(H, W) か (C, H, W) の画像にしてください",
  ],
  [
    "inputs are i32, and augmentation wants f32 or bytes; give a Float32Array",
    "入力が i32 ですが、水増しには f32 かバイトが必要です。Float32Array を渡してください",
  ],
  // Files of weights.
  [
    "{why}. The file is damaged or no safetensors file; write or download it again.",
    "{why}。ファイルが壊れているか、safetensors ではありません。もう一度書き出すか、ダウンロードしてください。",
  ],
  [
    "{why}. The file is damaged or not what its name says; download it again.",
    "{why}。ファイルが壊れているか、名前と中身が違います。もう一度ダウンロードしてください。",
  ],
  ["the checkpoint cannot be read: {why}.", "チェックポイントを読めません: {why}。"],
  [
    "tensor {name} has {n} values, wanted {m} for shape {shape}.",
    "テンソル {name} の値は {n} 個ですが、形 {shape} には {m} 個が必要です。",
  ],
];
