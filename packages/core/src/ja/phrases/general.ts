/** What fits much: these come after all others. */
import type { Phrase } from "../phrase.ts";

export const general: readonly Phrase[] = [
  [
    "{name} is {a}; give an array of sizes such as {x}",
    "{name} が {a} です。大きさの配列 (たとえば {x}) を渡してください",
  ],
  [
    "{name} {shape} has {n} at axis {axis}; sizes are whole numbers ≥ 0",
    "{name} {shape} の軸 {axis} が {n} です。大きさは 0 以上の整数です",
  ],
  [
    "{name} {shape} has {n} axes; a tensor has at most {most}",
    "{name} {shape} の軸は {n} 本です。テンソルの軸は {most} 本までです",
  ],
  [
    "{name} {shape} has {n} elements; a tensor holds at most {most}",
    "{name} {shape} の要素は {n} 個です。テンソルに入るのは {most} 個までです",
  ],
  ["{name}.shape is {a}; give whole numbers ≥ 0", "{name}.shape が {a} です。0 以上の整数にしてください"],
  [
    "nesterov is {a} with momentum {m}; give {wanted}",
    "momentum が {m} で nesterov が {a} です。{wanted} を渡してください",
  ],
  ["{name} is {a}; give {wanted}", "{name} が {a} です。{wanted} を渡してください"],
  ["{name} is {a}, wanted {wanted}", "{name} が {a} です。{wanted} にしてください"],
];
