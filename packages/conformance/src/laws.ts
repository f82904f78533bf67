/**
 * Laws: two graphs that must give the same numbers, whatever they are. They need no oracle, so they would also show an
 * oracle and a backend that are wrong in the same way. Inputs are whole numbers, so both sides are exact; a kernel that says
 * it is not exact is held to 2⁻¹² of the largest element.
 */
import {
  composites,
  input,
  node,
  primitives,
  type ConvAttrs,
  type OpName,
  type Tensor,
  type TypedArray,
} from "@tatamijs/core";
import { materialise, integers } from "./fill.ts";
import { isInexact } from "./kernel.ts";
import type { AnyBackend } from "./memory.ts";
import type { Result } from "./result.ts";
import { evaluateOn } from "./run.ts";
import { toTyped } from "./value.ts";
import { windows, type WindowCase } from "./windows.ts";

/** Makes a leaf of whole numbers. */
type Leaf = (shape: readonly number[]) => Tensor;

export interface Law {
  readonly id: string;
  readonly op: OpName;
  /** Left and right side over the same leaves. */
  sides(leaf: Leaf): readonly [Tensor, Tensor];
}

const add = (a: Tensor, b: Tensor): Tensor => node(primitives.binary, [a, b], { fn: "add" });
const mul = (a: Tensor, b: Tensor): Tensor => node(primitives.binary, [a, b], { fn: "mul" });
const sub = (a: Tensor, b: Tensor): Tensor => node(primitives.binary, [a, b], { fn: "sub" });
const neg = (x: Tensor): Tensor => node(primitives.unary, [x], { fn: "neg" });
const concat = (axis: number, ...parts: Tensor[]): Tensor => node(primitives.concat, parts, { axis });
const transpose = (x: Tensor, perm: readonly number[]): Tensor => node(primitives.transpose, [x], { perm });
const reduce = (fn: "sum" | "max" | "min", x: Tensor, axes: readonly number[]): Tensor =>
  node(primitives.reduce, [x], { fn, axes });
const matmul = (a: Tensor, b: Tensor, ta = false, tb = false): Tensor => node(primitives.matmul, [a, b], { ta, tb });
const conv = (x: Tensor, w: Tensor, attrs: ConvAttrs): Tensor => node(primitives.conv2d, [x, w], attrs);
const all = (x: Tensor): number[] => x.shape.map((_, axis) => axis);
/** ⟨a, b⟩. */
const inner = (a: Tensor, b: Tensor): Tensor =>
  node(primitives.reshape, [reduce("sum", mul(a, b), all(a))], { shape: [1] });

/** `size` elements from `start` along an axis. */
function part(x: Tensor, axis: number, start: number, size: number, step = 1): Tensor {
  const at = <T>(special: T, other: (i: number) => T): T[] => x.shape.map((_, i) => (i === axis ? special : other(i)));
  return node(primitives.slice, [x], {
    starts: at(start, () => 0),
    sizes: at(size, (i) => x.shape[i]!),
    steps: at(step, () => 1),
  });
}

interface Geometry {
  readonly name: string;
  readonly c: WindowCase & {
    readonly n: number;
    readonly channels: number;
    readonly filters: number;
    readonly g?: number;
  };
}

const geometries: readonly Geometry[] = [
  { name: "3x3", c: { n: 2, h: 6, w: 7, f: 3, p: 1, channels: 4, filters: 5 } },
  { name: "3x3-valid", c: { n: 2, h: 9, w: 8, f: 3, channels: 5, filters: 8 } },
  { name: "1x1", c: { n: 2, h: 4, w: 5, f: 1, channels: 7, filters: 9 } },
  { name: "strided", c: { n: 2, h: 7, w: 9, f: 3, s: 2, p: 1, channels: 3, filters: 4 } },
  { name: "rectangular", c: { n: 2, h: 6, w: 8, f: [2, 3], s: [1, 2], p: [0, 1, 1, 2], channels: 3, filters: 4 } },
  { name: "dilated", c: { n: 2, h: 9, w: 8, f: 3, d: 2, p: 1, channels: 2, filters: 3 } },
  { name: "grouped", c: { n: 2, h: 6, w: 6, f: 3, p: 1, channels: 6, filters: 8, g: 2 } },
  { name: "depthwise", c: { n: 2, h: 6, w: 7, f: 3, p: 1, channels: 4, filters: 4, g: 4 } },
];

const attrsOf = ({ c }: Geometry): ConvAttrs => ({ ...windows(c), groups: c.g ?? 1 });

const shapesOf = ({ c }: Geometry): { x: number[]; w: number[]; y: number[] } => {
  const { input, kernel, output } = windows(c);
  return {
    x: [c.n, ...input, c.channels],
    w: [c.filters, ...kernel, c.channels / (c.g ?? 1)],
    y: [c.n, ...output, c.filters],
  };
};

function convLaws(geometry: Geometry): Law[] {
  const attrs = attrsOf(geometry);
  const { x, w, y } = shapesOf(geometry);
  const { groups, stride, input, output } = attrs;
  const single = (t: Tensor, n: number): Tensor => part(t, 0, n, 1);
  const law = (name: string, sides: Law["sides"], op: OpName = "conv2d"): Law => ({
    id: `law/${op}/${name}/${geometry.name}`,
    op,
    sides,
  });
  const unpadded = attrs.padding.every((p) => p === 0);
  return [
    law("linear-in-x", (leaf) => {
      const [a, b, f] = [leaf(x), leaf(x), leaf(w)];
      return [conv(add(a, b), f, attrs), add(conv(a, f, attrs), conv(b, f, attrs))];
    }),
    law("linear-in-w", (leaf) => {
      const [a, f, g] = [leaf(x), leaf(w), leaf(w)];
      return [conv(a, sub(f, g), attrs), sub(conv(a, f, attrs), conv(a, g, attrs))];
    }),
    law("batch-is-singles", (leaf) => {
      const [a, f] = [leaf(x), leaf(w)];
      return [conv(a, f, attrs), concat(0, ...Array.from({ length: x[0]! }, (_, n) => conv(single(a, n), f, attrs)))];
    }),
    law("filters-are-independent", (leaf) => {
      const [a, f] = [leaf(x), leaf(w)];
      const half = Math.ceil(w[0]! / groups / 2) * (groups === 1 ? 1 : 0);
      if (half === 0 || half === w[0]) return [conv(a, f, attrs), conv(a, f, attrs)];
      return [
        conv(a, f, attrs),
        concat(3, conv(a, part(f, 0, 0, half), attrs), conv(a, part(f, 0, half, w[0]! - half), attrs)),
      ];
    }),
    law("groups-are-concat", (leaf) => {
      const [a, f] = [leaf(x), leaf(w)];
      const [perIn, perOut] = [x[3]! / groups, w[0]! / groups];
      const one = (g: number): Tensor =>
        conv(part(a, 3, g * perIn, perIn), part(f, 0, g * perOut, perOut), { ...attrs, groups: 1 });
      return [
        conv(a, f, attrs),
        groups === 1 ? one(0) : concat(3, ...Array.from({ length: groups }, (_, g) => one(g))),
      ];
    }),
    law(
      "adjoint-input",
      (leaf) => {
        const [a, f, dy] = [leaf(x), leaf(w), leaf(y)];
        return [inner(conv(a, f, attrs), dy), inner(a, node(primitives.conv2dInputGrad, [dy, f], attrs))];
      },
      "conv2dInputGrad",
    ),
    law(
      "adjoint-weight",
      (leaf) => {
        const [a, f, dy] = [leaf(x), leaf(w), leaf(y)];
        return [inner(conv(a, f, attrs), dy), inner(f, node(primitives.conv2dWeightGrad, [a, dy], attrs))];
      },
      "conv2dWeightGrad",
    ),
    // Without padding: the map one stride further down is the output one row further down.
    ...(unpadded
      ? [
          law("shift", (leaf) => {
            const [a, f] = [leaf(x), leaf(w)];
            const shorter = {
              ...attrs,
              input: [input[0] - stride[0], input[1]] as const,
              output: [output[0] - 1, output[1]] as const,
            };
            return [
              part(conv(a, f, attrs), 1, 1, output[0] - 1),
              conv(part(a, 1, stride[0], input[0] - stride[0]), f, shorter),
            ];
          }),
        ]
      : []),
    law(
      "block-is-its-parts",
      (leaf) => {
        const [a, f, bias, residual] = [leaf(x), leaf(w), leaf([w[0]!]), leaf(y)];
        const along = node(primitives.reshape, [bias], { shape: [1, 1, 1, w[0]!] });
        const whole = node(composites.convBlock, [a, f, bias, residual], {
          ...attrs,
          bias: true,
          residual: true,
          activation: "relu",
        });
        return [whole, node(primitives.unary, [add(add(conv(a, f, attrs), along), residual)], { fn: "relu" })];
      },
      "convBlock",
    ),
  ];
}

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

const others: readonly Law[] = [
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

/** All laws. */
export function allLaws(): readonly Law[] {
  return [...geometries.flatMap(convLaws), ...others];
}

/** Runs both sides in one program, so that they share their leaves. */
export async function checkLaw(backend: AnyBackend, law: Law): Promise<Result> {
  const base = { id: law.id, op: law.op, check: "law" as const };
  const feeds = new Map<Tensor, TypedArray>();
  const leaf: Leaf = (shape) => {
    const made = input([...shape]);
    feeds.set(made, toTyped("f32", materialise(integers(shape, -3, 3), law.id, feeds.size).data));
    return made;
  };
  try {
    const sides = law.sides(leaf);
    const ran = await evaluateOn(backend, sides, feeds);
    if (ran.runs === undefined) return { ...base, status: "declined", reason: ran.prepared.declined[0]!.reason };
    const [left, right] = ran.runs[0]! as readonly [TypedArray, TypedArray];
    const largest = Array.from(right).reduce((most, x) => Math.max(most, Math.abs(x)), 1);
    const tolerance = isInexact(ran.prepared) ? largest * 2 ** -12 : 0;
    const off = left.findIndex((x: number, i: number) => !(Math.abs(x - right[i]!) <= tolerance));
    if (off >= 0 || left.length !== right.length)
      return {
        ...base,
        status: "fail",
        reason: `element ${off} is ${left[off]} on the left, ${right[off]} on the right`,
      };
    return {
      ...base,
      status: ran.fault === undefined ? "pass" : "fail",
      ...(ran.fault === undefined ? {} : { reason: ran.fault }),
    };
  } catch (error) {
    return {
      ...base,
      status: "fail",
      reason: `threw ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    };
  }
}
