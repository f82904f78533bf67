/** Laws of everything else. */
import { composites, node, primitives, type Tensor } from "@tatamijs/core";
import { windows } from "../windows.ts";
import {
  add,
  mul,
  sub,
  neg,
  concat,
  transpose,
  reduce,
  matmul,
  conv,
  inner,
  part,
  type Law,
  type Leaf,
} from "./sentences.ts";

const perm = [2, 0, 3, 1] as const;
const back = [1, 3, 0, 2] as const;
const box = { starts: [1, 0, 2], sizes: [2, 3, 2], steps: [1, 1, 2] };
const pool = { ...windows({ h: 8, w: 6, f: 2, s: 2 }), fn: "max" as const, countIncludePad: false };
const overlapping = {
  ...windows({ h: 7, w: 8, f: [3, 2], s: [2, 1], p: [1, 0] }),
  fn: "avg" as const,
  countIncludePad: true,
};
const doubled = {
  input: [3, 4] as const,
  output: [6, 8] as const,
  scale: [2, 2] as const,
  mode: "linear" as const,
  coordinates: "half-pixel" as const,
  nearest: "floor" as const,
};
const at = (leaf: Leaf): Tensor =>
  node(
    primitives.cast,
    [node(primitives.binary, [node(primitives.unary, [leaf([9])], { fn: "abs" }), leaf([1])], { fn: "minimum" })],
    { dtype: "i32" },
  );

export const otherLaws: readonly Law[] = [
  {
    id: "law/matmul/associative",
    op: "matmul",
    sides: (leaf) => {
      const [a, b, c] = [leaf([5, 7]), leaf([7, 9]), leaf([9, 3])];
      return [matmul(matmul(a, b), c), matmul(a, matmul(b, c))];
    },
  },
  {
    id: "law/matmul/turned",
    op: "matmul",
    sides: (leaf) => {
      const [a, b] = [leaf([7, 5]), leaf([9, 7])];
      return [matmul(a, b, true, true), matmul(transpose(a, [1, 0]), transpose(b, [1, 0]))];
    },
  },
  {
    id: "law/matmul/product-turned",
    op: "matmul",
    sides: (leaf) => {
      const [a, b] = [leaf([5, 8]), leaf([8, 6])];
      return [transpose(matmul(a, b), [1, 0]), matmul(b, a, true, true)];
    },
  },
  {
    id: "law/matmul/batch-is-singles",
    op: "matmul",
    sides: (leaf) => {
      const [a, b] = [leaf([2, 4, 5]), leaf([2, 5, 3])];
      return [
        matmul(a, b),
        concat(0, matmul(part(a, 0, 0, 1), part(b, 0, 0, 1)), matmul(part(a, 0, 1, 1), part(b, 0, 1, 1))),
      ];
    },
  },
  {
    id: "law/matmul/is-1x1-convolution",
    op: "matmul",
    sides: (leaf) => {
      const [x, w] = [leaf([12, 5]), leaf([7, 5])];
      const attrs = { ...windows({ h: 3, w: 4, f: 1 }), groups: 1 };
      const map = node(primitives.reshape, [x], { shape: [1, 3, 4, 5] });
      const filters = node(primitives.reshape, [w], { shape: [7, 1, 1, 5] });
      return [matmul(x, w, false, true), node(primitives.reshape, [conv(map, filters, attrs)], { shape: [12, 7] })];
    },
  },
  {
    id: "law/linear/is-its-parts",
    op: "linear",
    sides: (leaf) => {
      const [x, w, b] = [leaf([4, 6]), leaf([5, 6]), leaf([5])];
      return [
        node(composites.linear, [x, w, b], { tb: true, bias: true, activation: "relu" }),
        node(primitives.unary, [add(matmul(x, w, false, true), node(primitives.reshape, [b], { shape: [1, 5] }))], {
          fn: "relu",
        }),
      ];
    },
  },
  {
    id: "law/transpose/there-and-back",
    op: "transpose",
    sides: (leaf) => {
      const x = leaf([2, 3, 4, 5]);
      return [transpose(transpose(x, perm), back), node(primitives.unary, [x], { fn: "copy" })];
    },
  },
  {
    id: "law/transpose/commutes-with-add",
    op: "transpose",
    sides: (leaf) => {
      const [a, b] = [leaf([2, 3, 4, 5]), leaf([2, 1, 4, 1])];
      return [transpose(add(a, b), perm), add(transpose(a, perm), transpose(b, perm))];
    },
  },
  {
    id: "law/concat/parts",
    op: "concat",
    sides: (leaf) => {
      const x = leaf([3, 7]);
      return [concat(1, part(x, 1, 0, 3), part(x, 1, 3, 4)), node(primitives.detach, [x], {})];
    },
  },
  {
    id: "law/slice/adjoint-pad",
    op: "slice",
    sides: (leaf) => {
      const [x, y] = [leaf([4, 3, 6]), leaf([2, 3, 2])];
      const padded = node(primitives.pad, [y], { before: box.starts, after: [1, 0, 1], interior: [0, 0, 1], value: 0 });
      return [inner(node(primitives.slice, [x], box), y), inner(x, padded)];
    },
  },
  {
    id: "law/broadcast/adjoint-sum",
    op: "broadcast",
    sides: (leaf) => {
      const [x, y] = [leaf([3, 1, 5]), leaf([3, 4, 5])];
      return [inner(node(primitives.broadcast, [x], { shape: [3, 4, 5] }), y), inner(x, reduce("sum", y, [1]))];
    },
  },
  {
    id: "law/gather/adjoint-scatterAdd",
    op: "scatterAdd",
    sides: (leaf) => {
      const [x, y, index] = [leaf([6, 5]), leaf([9, 5]), at(leaf)];
      return [
        inner(node(primitives.gather, [x, index], { axis: 0 }), y),
        inner(x, node(primitives.scatterAdd, [y, index], { axis: 0, size: 6 })),
      ];
    },
  },
  {
    id: "law/reduce/in-two-steps",
    op: "reduce",
    sides: (leaf) => {
      const x = leaf([3, 4, 5]);
      return [reduce("sum", x, [0, 2]), reduce("sum", reduce("sum", x, [2]), [0])];
    },
  },
  {
    id: "law/reduce/min-is-max",
    op: "reduce",
    sides: (leaf) => {
      const x = leaf([3, 4, 5]);
      return [reduce("min", x, [1]), neg(reduce("max", neg(x), [1]))];
    },
  },
  {
    id: "law/reduce/sum-is-matmul",
    op: "reduce",
    sides: (leaf) => {
      const x = leaf([6, 9]);
      const one = node(primitives.unary, [sub(part(x, 0, 0, 1), part(x, 0, 0, 1))], { fn: "exp" });
      return [reduce("sum", x, [1]), matmul(x, one, false, true)];
    },
  },
  {
    id: "law/argReduce/picks-the-extreme",
    op: "argReduce",
    sides: (leaf) => {
      const x = leaf([1, 9]);
      const index = node(primitives.reshape, [node(primitives.argReduce, [x], { fn: "max", axis: 1 })], { shape: [1] });
      return [node(primitives.gather, [x, index], { axis: 1 }), reduce("max", x, [1])];
    },
  },
  {
    id: "law/pool2d/max-is-reduce",
    op: "pool2d",
    sides: (leaf) => {
      const x = leaf([1, 8, 6, 3]);
      const split = node(primitives.reshape, [x], { shape: [4, 2, 3, 2, 3] });
      return [
        node(primitives.pool2d, [x], pool),
        node(primitives.reshape, [reduce("max", split, [1, 3])], { shape: [1, 4, 3, 3] }),
      ];
    },
  },
  {
    id: "law/pool2d/max-keeps-order",
    op: "pool2d",
    sides: (leaf) => {
      const x = leaf([1, 8, 6, 3]);
      const double = (t: Tensor): Tensor => add(t, t);
      return [node(primitives.pool2d, [double(x)], pool), double(node(primitives.pool2d, [x], pool))];
    },
  },
  {
    id: "law/pool2d/average-of-four-adjoint",
    op: "pool2dGrad",
    sides: (leaf) => {
      const [x, y] = [leaf([2, 8, 6, 3]), leaf([2, 4, 3, 3])];
      const mean = { ...pool, fn: "avg" as const, countIncludePad: true };
      return [inner(node(primitives.pool2d, [x], mean), y), inner(x, node(primitives.pool2dGrad, [y], mean))];
    },
  },
  {
    id: "law/pool2d/average-is-linear",
    op: "pool2d",
    sides: (leaf) => {
      const x = leaf([1, 7, 8, 2]);
      const twice = (t: Tensor): Tensor => add(t, t);
      return [node(primitives.pool2d, [twice(x)], overlapping), twice(node(primitives.pool2d, [x], overlapping))];
    },
  },
  {
    id: "law/resize2d/adjoint",
    op: "resize2dGrad",
    sides: (leaf) => {
      const [x, y] = [leaf([2, 3, 4, 3]), leaf([2, 6, 8, 3])];
      return [inner(node(primitives.resize2d, [x], doubled), y), inner(x, node(primitives.resize2dGrad, [y], doubled))];
    },
  },
  {
    id: "law/select/max",
    op: "select",
    sides: (leaf) => {
      const [a, b] = [leaf([4, 5]), leaf([1, 5])];
      return [
        node(primitives.select, [node(primitives.binary, [a, b], { fn: "less" }), b, a], {}),
        node(primitives.binary, [a, b], { fn: "maximum" }),
      ];
    },
  },
  {
    id: "law/cast/there-and-back",
    op: "cast",
    sides: (leaf) => {
      const x = leaf([4, 5]);
      return [
        node(primitives.cast, [node(primitives.cast, [x], { dtype: "i32" })], { dtype: "f32" }),
        node(primitives.unary, [x], { fn: "copy" }),
      ];
    },
  },
  {
    id: "law/binary/distributive",
    op: "binary",
    sides: (leaf) => {
      const [a, b, c] = [leaf([3, 5]), leaf([3, 5]), leaf([1, 5])];
      return [mul(add(a, b), c), add(mul(a, c), mul(b, c))];
    },
  },
  {
    id: "law/map/is-its-steps",
    op: "map",
    sides: (leaf) => {
      const [a, b] = [leaf([3, 5]), leaf([1, 5])];
      const steps = [
        { op: "binary" as const, attrs: { fn: "mul" as const }, inputs: [0, 1] },
        { op: "unary" as const, attrs: { fn: "relu" as const }, inputs: [2] },
      ];
      return [node(composites.map, [a, b], { steps }), node(primitives.unary, [mul(a, b)], { fn: "relu" })];
    },
  },
];
