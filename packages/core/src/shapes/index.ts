/** What other packages build typed signatures of. */
export type { Broadcast, Broadcasting } from "./broadcasting.ts";
export type { Conv1d, Conv2d, ConvTranspose2d, Grouped } from "./convolution.ts";
export type * from "./layers.ts";
export type { Linear, Matmul } from "./matmul.ts";
export type { Concat, Flatten, Reshape, Transpose } from "./movement.ts";
export type { Pool2d } from "./pool.ts";
export type { Fits, Made, ShapeError } from "./result.ts";
export type { Apply, Placed, Residual, Rule, Ruled, Sequence } from "./rule.ts";
