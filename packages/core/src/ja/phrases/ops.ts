/** What functions of tensors complain of. */
import type { Phrase } from "../phrase.ts";

export const ops: readonly Phrase[] = [
  // Channels and groups.
  [
    "x has {c} channels, the filters take {d}; use filters of shape {shape}",
    "x は {c} チャンネルですが、フィルターが受け取るのは {d} チャンネルです。フィルターの形を {shape} にしてください",
  ],
  [
    "dy has {c} channels, the filters number {n}; they must be equal",
    "dy は {c} チャンネルですが、フィルターは {n} 枚です。同じ数にしてください",
  ],
  [
    "groups is {g}; give a whole number that divides the {c} channels",
    "groups が {g} です。チャンネル数 {c} を割り切る整数にしてください",
  ],
  [
    "{g} groups do not divide {what}; use a divisor of both {a} and {b}",
    "{g} グループでは{what}を等分できません。{a} と {b} の公約数にしてください",
  ],
  [
    "bias is {a}, wanted {b}: one number per filter",
    "bias の形が {a} です。フィルターごとに一つの数、{b} にしてください",
  ],
  ["bias is {a}, wanted {b}: one number per output", "bias の形が {a} です。出力ごとに一つの数、{b} にしてください"],
  [
    "{name} is {a}, wanted {b}: one number per channel",
    "{name} の形が {a} です。チャンネルごとに一つの数、{b} にしてください",
  ],
  // How many axes.
  [
    "{name} has {n} axes (shape {shape}), wanted {m}: {meaning}",
    "{name} の軸は {n} 本 (形は {shape}) ですが、{m} 本が必要です: {meaning}",
  ],
  ["x has {n} axes, wanted at least {m}", "x の軸は {n} 本ですが、少なくとも {m} 本が必要です"],
  ["{x} have shape {a}, wanted {b}", "{x} の形が {a} です。{b} にしてください"],
  ["x has shape {a}, wanted {b}", "x の形が {a} です。{b} にしてください"],
  [
    "an operand is a scalar, wanted at least 1 axis; use mul",
    "スカラーが渡されましたが、軸が少なくとも 1 本必要です。mul を使ってください",
  ],
  ["operands have {a} and {b} axes, wanted 4 and 4", "二つの軸の数が {a} 本と {b} 本です。どちらも 4 本にしてください"],
  [
    "operands have {a} and {b} axes, wanted one rank of at least 2; reshape",
    "二つの軸の数が {a} 本と {b} 本です。reshape で、2 本以上の同じ数にしてください",
  ],
  [
    "operands have {a} and {b} axes, wanted one rank; reshape one",
    "二つの軸の数が {a} 本と {b} 本です。片方を reshape して、同じ数にしてください",
  ],
  [
    "operands have {a}, {b} and {c} axes, wanted one rank; reshape",
    "三つの軸の数が {a} 本、{b} 本、{c} 本です。reshape して、同じ数にしてください",
  ],
  [
    'the shape is {shape} with layout "NHWC"; give (N, C, H, W), or leave layout out',
    'layout が "NHWC" で、形が {shape} です。形を (N, C, H, W) にするか、layout を省いてください',
  ],
  // Axes.
  ["{name} is {a}, but the tensor {rest}", "{name} が {a} ですが、テンソルは{rest}"],
  [
    "{name} {axes} names an axis twice; name each axis once",
    "{name} {axes} は同じ軸を二度挙げています。軸は一度ずつ挙げてください",
  ],
  [
    "perm is {perm}; give each of the {n} axes once, such as {example}",
    "perm が {perm} です。{n} 本の軸を一度ずつ、たとえば {example} のように並べてください",
  ],
  ["perm is {perm}; name each axis from 0 on once", "perm が {perm} です。0 からの軸を一度ずつ挙げてください"],
  [
    "start is axis {a}, after end, axis {b}; flatten from the first to the last",
    "start が軸 {a} で、end の軸 {b} より後ろです。前の軸から後ろの軸へ平らにしてください",
  ],
  [
    "axis {axis} of {shape} has size {n}; only axes of size 1 can go",
    "{shape} の軸 {axis} の大きさは {n} です。取り除けるのは大きさ 1 の軸だけです",
  ],
  // Shapes beside each other.
  [
    "shapes {a} and {b} do not broadcast: {m} against {n}, {where}; sizes must be equal or 1",
    "形 {a} と {b} はブロードキャストできません。{where} {m} と {n} が向かい合っています。同じ大きさか 1 にしてください",
  ],
  [
    "{a} does not broadcast to {b}; sizes must be equal or 1",
    "{a} を {b} にブロードキャストすることはできません。大きさは同じか 1 でなければなりません",
  ],
  [
    "{a} has {m} columns, {b} has {n} rows; they must be equal",
    "{a} は {m} 列、{b} は {n} 行です。同じ数にしてください",
  ],
  [
    "x {x} has {m} features, w {w} takes {n}; use w of shape {shape}",
    "x {x} の特徴は {m} 個ですが、w {w} が受け取るのは {n} 個です。w の形を {shape} にしてください",
  ],
  [
    "{a} and {b} differ beside axis {axis}; all other sizes must be equal",
    "{a} と {b} は軸 {axis} のほかでも違っています。ほかの大きさはすべて同じにしてください",
  ],
  [
    "sizes {sizes} add up to {sum}, axis {axis} of {shape} has {n}; they must be equal",
    "sizes {sizes} の和は {sum} ですが、{shape} の軸 {axis} の大きさは {n} です。同じにしてください",
  ],
  ["x has batch {a}, dy {b}; they must be equal", "x のバッチは {a}、dy のバッチは {b} です。同じにしてください"],
  [
    "{a} has {m} elements, {b} has {n}; the numbers must be equal",
    "{a} の要素は {m} 個、{b} の要素は {n} 個です。同じ数にしてください",
  ],
  [
    "{a} has {n} elements, which {b} cannot hold; use one −1 where the other sizes divide",
    "{a} の要素は {n} 個で、{b} には収まりません。−1 は一つだけ、残りの大きさで割り切れるところに使ってください",
  ],
  [
    "normalizedShape is {a}, but x ends otherwise: {b}; give the sizes of its last axes",
    "normalizedShape が {a} ですが、x の形 {b} の終わりと違います。最後の軸の大きさを渡してください",
  ],
  [
    "targets are {dtype} of shape {shape}, wanted classes (i32) of shape {a} or probabilities (f32) of shape {b}",
    "正解は {dtype} で形が {shape} です。形 {a} のクラス番号 (i32) か、形 {b} の確率 (f32) にしてください",
  ],
  ["filters are {a}, geometry says {b}", "フィルターは {a} ですが、geometry では {b} です"],
  ["the map is {a}, wanted {b}, which its geometry says", "入力の形が {a} です。geometry のとおり {b} にしてください"],
  [
    "{m} indices for {n} slices along axis {axis}; give one index per slice",
    "軸 {axis} に沿った {n} 個に対して、添字が {m} 個です。一つずつにしてください",
  ],
  ["counter is {a}, wanted {b}", "counter の形が {a} です。{b} にしてください"],
  // Parts of a tensor.
  ["from {a}, {b} elements in steps of {c} do not lie in {d}", "{a} から {c} おきの {b} 個は、{d} に収まりません"],
  [
    "{n} elements from {start} do not lie in axis {axis} of {shape}; use 0 ≤ start, start + size ≤ {most}",
    "{start} からの {n} 個は、{shape} の軸 {axis} に収まりません。0 ≤ start、start + size ≤ {most} にしてください",
  ],
  [
    "{mode} padding of {n} at axis {axis} of {shape} needs more elements than there are; use at most {most}",
    "{shape} の軸 {axis} の {mode} パディング {n} には要素が足りません。{most} 以下にしてください",
  ],
  [
    "window {o} of axis {axis} lies in the padding alone; use padding smaller than the kernel",
    "軸 {axis} の窓 {o} が、パディングの中だけにあります。パディングをカーネルより小さくしてください",
  ],
  [
    "outputPadding is {n}; use 0 to {most}: less than the stride ({s}) or the dilation ({d})",
    "outputPadding が {n} です。ストライド ({s}) かダイレーション ({d}) より小さい、0 から {most} までにしてください",
  ],
  [
    'padding is "same", which a transposed convolution does not define; give numbers',
    'padding が "same" ですが、転置畳み込みにはありません。数で渡してください',
  ],
  // Empty.
  [
    "{name} {shape} is empty (axis {axis} has size 0); it needs an element",
    "{name} {shape} は空です (軸 {axis} の大きさが 0)。要素が必要です",
  ],
  [
    "x {shape} has no element along axis {axis}: its {fn} is not defined",
    "x {shape} には軸 {axis} に沿った要素がないので、{fn} が定まりません",
  ],
  ["x {shape} has no element along axis {axis}", "x {shape} には、軸 {axis} に沿った要素がありません"],
  [
    "{n} elements of {shape} with correction {c}: the divisor {d} must be positive; use correction 0, or more elements",
    "{shape} の要素 {n} 個に correction {c} では、割る数 {d} が正になりません。correction を 0 にするか、要素を増やしてください",
  ],
  // Values.
  [
    "{n} values for shape {shape}, which holds {m}; give as many values as the shape holds",
    "値が {n} 個ですが、形 {shape} に入るのは {m} 個です。形に合う数の値を渡してください",
  ],
  ["{what} has {n} values, its shape holds {m}", "{what} の値は {n} 個ですが、形に入るのは {m} 個です"],
  [
    "values hold {a}; give numbers, nested evenly, or a {types}",
    "値の中に {a} があります。同じ長さの入れ子にした数か、{types} を渡してください",
  ],
  [
    'value {a} at {i} is none that {dtype} holds; round it first, or use "f32"',
    '{i} 番目の値 {a} は {dtype} に入りません。先に丸めるか、"f32" を使ってください',
  ],
  [
    "value is {a}, which is no {dtype}; give a number from {least} to {most}",
    "value が {a} で、{dtype} の値ではありません。{least} から {most} までの数を渡してください",
  ],
  ["{n} elements of {dtype} ({bytes} bytes) cannot be had", "{dtype} の要素 {n} 個 ({bytes} バイト) を確保できません"],
  [
    "{n} elements of {dtype} at byte {at} do not lie in {where}",
    "{at} バイト目からの {dtype} の要素 {n} 個は、{where} に収まりません",
  ],
  ["{name} holds {a}; give whole numbers{more}", "{name} に {a} があります。整数{more}にしてください"],
  // Element types.
  ["dtype is {a}; use one of {b}", "dtype が {a} です。{b} のどれかにしてください"],
  [
    "indices are {dtype} with {n} axes, wanted i32 with 1; use cast and reshape",
    "添字が {dtype} で軸が {n} 本です。cast と reshape で、軸 1 本の i32 にしてください",
  ],
  ["inputs are {a} and {b}; cast them to one dtype", "dtype が {a} と {b} です。cast で揃えてください"],
  [
    "operands are {a}, {b}, {c}; wanted bool and two of one dtype; use cast",
    "dtype が {a}、{b}、{c} です。cast で、bool と、同じ dtype 二つにしてください",
  ],
  [
    'targets are bool, wanted classes (i32) or probabilities (f32); use cast(targets, "f32")',
    '正解が bool です。クラス番号 (i32) か確率 (f32) にしてください: cast(targets, "f32")',
  ],
  [
    'this runtime has no Float16Array, so dtype "f16" cannot be used; use "f32"',
    'この実行環境には Float16Array がないので、dtype "f16" は使えません。"f32" にしてください',
  ],
  ["{name} is {a}, wanted {b}; use cast({x})", "{name} は {a} ですが、{b} が必要です。cast({x}) を使ってください"],
  [
    "tensor {name} is of dtype {a}, wanted one of {b}. {how}",
    "テンソル {name} の dtype は {a} ですが、{b} のどれかが必要です。{how}",
  ],
  [
    "tensor {name} is of dtype {a}, wanted one of {b}.",
    "テンソル {name} の dtype は {a} ですが、{b} のどれかが必要です。",
  ],
  [
    "tensor {name} of dtype {a} has {b}, wanted a {c}.",
    "テンソル {name} は dtype {a} で値が {b} です。{c} にしてください。",
  ],
  [
    "tensor {name} is F16, and this runtime has no Float16Array. Use {runtimes} or later, or store the tensor as F32.",
    "テンソル {name} は F16 ですが、この実行環境には Float16Array がありません。{runtimes} 以後を使うか、F32 で保存してください。",
  ],
  ["operands are {a}, wanted one of {b}; use cast", "dtype が {a} です。cast で、どれも {b} にしてください"],
  ["x is {a}, wanted {b}; use cast", "x の dtype が {a} です。cast で {b} にしてください"],
  // The rest.
  [
    "max pooling has no second derivative; use average pooling where one is needed",
    "最大プーリングに二階微分はありません。要るところでは平均プーリングを使ってください",
  ],
  [
    "its rule failed on these inputs and attrs ({why}); are they as its record documents?",
    "この入力と属性では規則が失敗しました ({why})。レコードの説明どおりの形になっていますか",
  ],
  ["beta is 0; give another number", "beta が 0 です。ほかの数にしてください"],
  ["inputs are {a}; give an array of tensors", "inputs が {a} です。テンソルの配列を渡してください"],
  [
    "mean and variance are missing; give both ([C]), or training: true to use those of x",
    "mean と variance がありません。両方 ([C]) を渡すか、x 自身のものを使う training: true にしてください",
  ],
  [
    "neither least nor most is given; give at least one number",
    "least も most もありません。少なくとも一つの数を渡してください",
  ],
  ["y is {a}; give the node of a composite", "y が {a} です。合成演算のノードを渡してください"],
  // Kernels of a backend.
  [
    'a prepare gave {a}; give a kernel (an object), or decline("why")',
    'prepare が {a} を返しました。カーネル (オブジェクト) か decline("理由") を返してください',
  ],
  [
    "kernels.{op} is {a}; give (call) => kernel, or leave it out to decline {what}",
    "kernels.{op} が {a} です。(call) => kernel にするか、省いて {what} を断ってください",
  ],
  [
    "kernels.{op}: there is no such op; the ops are {names}",
    "kernels.{op}: そういう演算はありません。演算は {names} です",
  ],
  // Explanations.
  [
    "no convolution, pooling or dense layer ends in this output (made by {op}); give layers up to one, and what works element by element after it",
    "この出力 ({op} が作ったもの) は、畳み込み・プーリング・全結合層の結果ではありません。そのどれかまでの層と、その後に要素ごとに働くものだけを渡してください",
  ],
  [
    "a layer asked for random numbers; explanations are of predictions",
    "層が乱数を求めましたが、説明できるのは予測だけです",
  ],
  ["the layer is {op}; give a convolution or a dense layer", "層が {op} です。畳み込みか全結合層を渡してください"],
  [
    "{name} is {a}; the map (N, C, H, W) is {shape}: use 0 to {most}",
    "{name} が {a} です。マップ (N, C, H, W) は {shape} なので、0 から {most} までにしてください",
  ],
  [
    "{op} is not worked out here; give the last layer alone, and as its input the map that a program computed",
    "{op} はここでは計算しません。最後の層だけを渡し、その入力にはプログラムで計算したマップを渡してください",
  ],
  [
    "it depends on an input besides the one that is given; use constants",
    "渡された入力のほかの入力にも依存しています。定数にしてください",
  ],
];
