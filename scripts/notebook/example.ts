// The numbers that the notebook's code has too: a small slanted stroke, a filter for upright edges, and what they make.
import { constant, type Tensor } from "@tatamijs/core";

/** (1, 4, 4). */
export const stroke: readonly (readonly (readonly number[])[])[] = [
  [
    [0, 1, 2, 0],
    [0, 2, 1, 0],
    [1, 3, 0, 0],
    [2, 1, 0, 0],
  ],
];

/** (1, 1, 3, 3). */
export const edge: Tensor = constant([
  [
    [
      [1, 0, -1],
      [1, 0, -1],
      [1, 0, -1],
    ],
  ],
]);

/** (3, 4, 4): red, green, blue. */
export const colours: readonly (readonly (readonly number[])[])[] = [
  stroke[0]!,
  [
    [1, 0, 0, 1],
    [0, 1, 0, 0],
    [0, 0, 1, 0],
    [1, 0, 0, 1],
  ],
  [
    [2, 2, 0, 0],
    [2, 2, 0, 0],
    [0, 0, 1, 1],
    [0, 0, 1, 1],
  ],
];

/** (1, 3, 3, 3). */
export const deep: Tensor = constant([
  [
    [
      [1, 0, -1],
      [1, 0, -1],
      [1, 0, -1],
    ],
    [
      [0, 1, 0],
      [1, 1, 1],
      [0, 1, 0],
    ],
    [
      [1, 1, 1],
      [0, 0, 0],
      [-1, -1, -1],
    ],
  ],
]);
