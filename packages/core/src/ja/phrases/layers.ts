/** What layers, their states and losses complain of. */
import type { Phrase } from "../phrase.ts";

export const layers: readonly Phrase[] = [
  [
    "x {x} has {c} channels, the layer normalises {d}; use {fn}",
    "x {x} は {c} チャンネルですが、この層が正規化するのは {d} チャンネルです。{fn} にしてください",
  ],
  [
    "x {x} has {c} channels, the layer normalises {d}",
    "x {x} は {c} チャンネルですが、この層が正規化するのは {d} チャンネルです",
  ],
  [
    "{g} groups do not divide {c} channels; use a divisor of {n}",
    "{g} グループでは {c} チャンネルを等分できません。{n} の約数にしてください",
  ],
  [
    "normalizedShape is {a}; give the sizes of the last axes, each ≥ 1",
    "normalizedShape が {a} です。最後の軸の大きさを、それぞれ 1 以上で渡してください",
  ],
  [
    "output is {a}, target {b}; they must be equal (reshape the target)",
    "出力の形が {a}、正解の形が {b} です。同じにしてください (正解を reshape します)",
  ],
  [
    "the body gives {a}, the shortcut {b}; give a shortcut with the body's channels and stride, such as {fn}",
    "本体の出力は {a}、近道の出力は {b} です。本体と同じチャンネル数とストライドの近道を渡してください (たとえば {fn})",
  ],
  [
    "x {x} has one value per channel, whose variance is 0; train with batches of at least 2 (fit: dropLast)",
    "x {x} はチャンネルごとに値が一つで、分散が 0 です。バッチを 2 以上にして学習してください (fit では dropLast)",
  ],
  [
    "two states are called {name}; rename a child or a state",
    "{name} という状態が二つあります。子か状態の名前を変えてください",
  ],
  [
    "{name} is made by {op}; a layer's states are state(…) or one transpose of it",
    "{name} は {op} が作ったものです。層の状態は state(…) か、その転置一つです",
  ],
  [
    "a layer asked for random numbers outside training; draw them if context.training",
    "学習中でないのに層が乱数を求めました。context.training が true のときだけ引いてください",
  ],
  [
    "update takes a state and its next value, given {a} and {b}",
    "update には状態と次の値を渡します。渡されたのは {a} と {b} です",
  ],
  [
    "{n} values for a state of shape {shape}, which holds {m}",
    "形 {shape} の状態に入るのは {m} 個ですが、値が {n} 個です",
  ],
  [
    "the tensors do not fit the model; nothing was changed.\n  {list}\nBuild the model that the file was saved from, or load its own file.",
    "テンソルがモデルに合わないので、何も変えていません。\n  {list}\nファイルに保存したときのモデルを作るか、このモデルのファイルを読み込んでください。",
  ],
];
