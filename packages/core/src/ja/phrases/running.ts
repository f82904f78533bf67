/** What programs, sessions and backends complain of. */
import type { Phrase } from "../phrase.ts";

export const running: readonly Phrase[] = [
  [
    "{name} has {n} values and shape {a}, the program was compiled for {b}; give that shape, or leave out the input shape when compiling: each shape then gets its own program",
    "{name} の値は {n} 個で形が {a} ですが、プログラムは {b} のためにコンパイルされています。その形で渡すか、コンパイルのときに入力の形を省いてください。省くと、形ごとにプログラムが作られます",
  ],
  [
    "{name} is no WebAssembly: it begins with {text}; is that a server's page for a file that it has not got?",
    "{name} は WebAssembly ではありません。{text} で始まっています。ファイルがないときにサーバーが返すページではありませんか",
  ],
  [
    "{name} is no safetensors file: it begins with {text}; is that a server's page for a file that it has not got?",
    "{name} は safetensors ファイルではありません。{text} で始まっています。ファイルがないときにサーバーが返すページではありませんか",
  ],
  ["{name} is no option; those are {names}", "{name} というオプションはありません。オプションは {names} です"],
  // Inputs of a program.
  [
    "input {i} holds {a}, the program was compiled for {b}; give {fn}, or compile with input: {said}",
    "入力 {i} の中身は {a} ですが、プログラムは {b} のためにコンパイルされています。{fn} を渡すか、input: {said} を付けてコンパイルしてください",
  ],
  [
    "the value depends on an input of shape {shape}, and evaluate gives none; compile it as a function of its inputs",
    "値が形 {shape} の入力に依存していますが、evaluate は入力を渡しません。入力の関数としてコンパイルしてください",
  ],
  ["the program takes {n} inputs, {m} were given", "プログラムの入力は {n} 個ですが、{m} 個が渡されました"],
  ["the model takes 1 input, {m} were given", "モデルの入力は 1 個ですが、{m} 個が渡されました"],
  [
    "the graph needs {op} [{shape}], which is not among inputs; add it",
    "グラフには {op} [{shape}] が必要ですが、inputs にありません。加えてください",
  ],
  ["inputs names one input twice; name each once", "inputs が同じ入力を二度挙げています。一度ずつにしてください"],
  [
    "inputs[{i}] is made by {op}; give what input() made",
    "inputs[{i}] は {op} が作ったものです。input() が作ったものを渡してください",
  ],
  [
    "input {name} is {a}, which does not say its shape; give { data, shape }, or compile with input: [...]",
    "入力 {name} が {a} で、形がわかりません。{ data, shape } を渡すか、input: [...] を付けてコンパイルしてください",
  ],
  [
    "input {name} is {a}, which holds no values; give { data, shape } with a typed array",
    "入力 {name} が {a} で、値がありません。型付き配列の { data, shape } を渡してください",
  ],
  [
    "input {name} is {a}; give { data, shape }: its shape says which program runs",
    "入力 {name} が {a} です。{ data, shape } を渡してください。その形でどのプログラムを実行するかが決まります",
  ],
  ["input {name} holds {a}; give a typed array", "入力 {name} の中身が {a} です。型付き配列を渡してください"],
  // States.
  [
    "two states have the path {path}; make a state once, outside the function that builds the graph, or give it no name",
    "名前が {path} の状態が二つあります。状態はグラフを作る関数の外で一度だけ作るか、名前を付けないでください",
  ],
  ["{name} gets two values in one run; give it one", "{name} に、一度の実行で値が二つ入ります。一つにしてください"],
  [
    "{name} is made by {op}; give a state, or a transposition of one",
    "{name} は {op} が作ったものです。状態か、その転置を渡してください",
  ],
  [
    "{name} is {a}, its new value {b}; they must be equal (reshape, cast)",
    "{name} は {a}、新しい値は {b} です。同じにしてください (reshape、cast)",
  ],
  [
    "{name} is a transpose of its state; give the stored form, {fn}",
    "{name} は状態の転置です。保存されている形、{fn} を渡してください",
  ],
  // Gradients.
  [
    "loss is {dtype} {shape}; give a float of one element, such as its mean or sum",
    "損失が {dtype} {shape} です。平均や和など、要素一つの浮動小数にしてください",
  ],
  [
    "{op} has no gradient{why}; put detach around it, or leave it out of the loss",
    "{op} には勾配がありません{why}。detach で包むか、損失から外してください",
  ],
  // Programs and sessions.
  ["the program is closed; compile it again", "プログラムは閉じられています。もう一度コンパイルしてください"],
  [
    "the session is closed; open another with openSession",
    "セッションは閉じられています。openSession で開き直してください",
  ],
  ["run of a program after its close(); link it again", "閉じたプログラムが実行されました。もう一度 link してください"],
  ["nothing has run yet; call step or run first", "まだ何も実行されていません。先に step か run を呼んでください"],
  [
    "output is {a}, but the program has {n}; use 0 to {most}",
    "output が {a} ですが、プログラムの出力は {n} 個です。0 から {most} までにしてください",
  ],
  [
    "{n} bytes in one piece are more than {name} can give ({most}); use a smaller batch",
    "{name} が一度に確保できるのは {most} までで、{n} バイトは確保できません。バッチを小さくしてください",
  ],
  // Backends.
  ["no backend could be opened.\n{list}", "どのバックエンドも開けませんでした。\n{list}"],
  ["the backend failed: {why}", "バックエンドが失敗しました: {why}"],
  [
    "{what} on the {name} backend after close(); open another with {fn}",
    "{name} バックエンドは閉じられているので、{what} はできません。{fn} で開き直してください",
  ],
  [
    "the {name} backend was closed; open another with {fn}",
    "{name} バックエンドは閉じられました。{fn} で開き直してください",
  ],
  ["the {name} backend was closed meanwhile", "{name} バックエンドは、その間に閉じられました"],
  [
    "the device of {name} was lost ({why}); open a backend again and load a checkpoint",
    "{name} のデバイスが失われました ({why})。バックエンドを開き直し、チェックポイントを読み込んでください",
  ],
  [
    "the GPU device was lost ({why}), and what it held with it; open a backend again",
    "GPU デバイスが、持っていたデータごと失われました ({why})。バックエンドを開き直してください",
  ],
  [
    "the worker of the backend is gone ({why}); open another with {fn}",
    "バックエンドのワーカーがなくなりました ({why})。{fn} で開き直してください",
  ],
  [
    "alloc of {n} bytes was refused; use a smaller batch, or close sessions",
    "{n} バイトのメモリーを確保できませんでした。バッチを小さくするか、セッションを閉じてください",
  ],
  [
    "linear memory of {n} bytes was refused {m} more; use a smaller batch, or close sessions",
    "線形メモリー {n} バイトに、あと {m} バイトを足せませんでした。バッチを小さくするか、セッションを閉じてください",
  ],
  [
    "{what}: the GPU gives no more memory; use a smaller batch",
    "{what}: GPU のメモリーが足りません。バッチを小さくしてください",
  ],
  [
    "the machine gives no memory to WebAssembly; close other pages",
    "WebAssembly のメモリーを確保できません。ほかのページを閉じてください",
  ],
  [
    "a kernel could not be fetched; serve all files of one build",
    "カーネルを取得できませんでした。同じビルドのファイルをすべて配信してください",
  ],
  ["a worker could not be started ({why})", "ワーカーを起動できませんでした ({why})"],
  [
    "a worker did not finish its part within {s} s, so its result is lost; run it again, now on one thread",
    "ワーカーが {s} 秒以内に終わらず、その結果は失われました。もう一度実行してください (これからは一つのスレッドです)",
  ],
  [
    "the kernels in {url} could not be loaded: {why}. A bundler or server must carry the package's folder workers along",
    "{url} のカーネルを読み込めませんでした: {why}。バンドラーやサーバーは、パッケージのフォルダー workers も運ばなければなりません",
  ],
  [
    "{why}. A bundler or server must carry the package's folder binaries along; else give wasm({ binary }), or import @tatamijs/backend-wasm/inline",
    "{why}。バンドラーやサーバーは、パッケージのフォルダー binaries も運ばなければなりません。そうでなければ wasm({ binary }) を渡すか、@tatamijs/backend-wasm/inline を読み込んでください",
  ],
  [
    "binary is a WebAssembly module, but not one of this package: give a file of its folder binaries, as it is (a tool that strips sections takes {name} away)",
    "binary は WebAssembly モジュールですが、このパッケージのものではありません。フォルダー binaries のファイルを、そのまま渡してください (セクションを取り除く道具は {name} を消してしまいます)",
  ],
  [
    "binary is {name}, which lives in shared memory, and {why}; or give {file}",
    "binary は共有メモリーで動く {name} ですが、{why}。{file} を渡すこともできます",
  ],
  [
    "this browser has no WebGPU (navigator.gpu); use wasm()",
    "このブラウザーには WebGPU (navigator.gpu) がありません。wasm() を使ってください",
  ],
  [
    "Node has no WebGPU of its own; install the npm package webgpu (Dawn), or use wasm()",
    "Node に WebGPU はありません。npm の webgpu パッケージ (Dawn) を入れるか、wasm() を使ってください",
  ],
  [
    "WebGPU is here, but it finds no adapter ({why}); use wasm()",
    "WebGPU はありますが、アダプターが見つかりません ({why})。wasm() を使ってください",
  ],
  [
    "the only adapter is {name}, a processor that plays a GPU, where wasm() is many times faster; ask for webgpu by name to have it all the same",
    "アダプターは GPU の代わりをする CPU、{name} だけで、wasm() の方が何倍も速くなります。それでも使うなら、webgpu を名前で指定してください",
  ],
  [
    "f16 was asked for, and this adapter has no shader-f16; leave f16 out",
    "f16 が求められましたが、このアダプターに shader-f16 がありません。f16 を省いてください",
  ],
  ["the adapter gives no device: {why}", "アダプターからデバイスを得られません: {why}"],
  [
    "it computes wrongly here: {what} gives {a} where {b} is right; its driver may be at fault",
    "ここでは計算を誤ります: {what} が {b} でなく {a} になりました。ドライバーのせいかもしれません",
  ],
  ['the list of backends is empty; use "auto" or a name', 'バックエンドの並びが空です。"auto" か名前を渡してください'],
  [
    '{a} is no backend; use "auto", {names}, a list of those, or a backend object',
    '{a} はバックエンドではありません。"auto"、{names}、それらの配列、バックエンドのオブジェクトのどれかを渡してください',
  ],
  // Models and their files.
  [
    "the function gave {a}; return a tensor or an array of tensors",
    "関数が {a} を返しました。テンソルか、テンソルの配列を返してください",
  ],
  [
    "{a} is no tensor; give a tensor or an array of tensors",
    "{a} はテンソルではありません。テンソルか、テンソルの配列を渡してください",
  ],
  [
    "the model is in use on {n} backends ({names}), which may hold different weights; say which: {fn}",
    "モデルは {n} 個のバックエンド ({names}) で使われていて、重みが違うかもしれません。どれかを指定してください: {fn}",
  ],
  [
    "{n} bytes cannot be saved to {path}: there are no files here. Leave out the path and offer the bytes for download",
    "ここにはファイルがないので、{path} に {n} バイトを保存できません。path を省き、バイト列をダウンロードさせてください",
  ],
  [
    "{url} could not be fetched: {why}. Check the address and the network.",
    "{url} を取得できませんでした: {why}。アドレスとネットワークを確かめてください。",
  ],
  ["{url} answered {status}. Check the address.", "{url} の応答は {status} でした。アドレスを確かめてください。"],
  ["no file at {path}. Check the path.", "{path} にファイルがありません。パスを確かめてください。"],
  ["cannot read {path}: {why}.", "{path} を読めません: {why}。"],
  ["cannot save {n} bytes to {path}: {why}. {how}.", "{n} バイトを {path} に保存できません: {why}。{how}。"],
];
