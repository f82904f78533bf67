/** Laws of the convolution triad and the block, over geometries that reach different kernels. */
import { composites, node, primitives, type ConvAttrs, type OpName, type Tensor } from "@tatamijs/core";
import { windows, type WindowCase } from "../windows.ts";
import { add, sub, concat, conv, inner, part, type Law } from "./sentences.ts";

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
    ...(groups === 1
      ? [
          law("filters-are-independent", (leaf) => {
            const [a, f] = [leaf(x), leaf(w)];
            const half = Math.ceil(w[0]! / 2);
            const rest = part(f, 0, half, w[0]! - half);
            return [conv(a, f, attrs), concat(3, conv(a, part(f, 0, 0, half), attrs), conv(a, rest, attrs))];
          }),
        ]
      : []),
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

export const convolutionLaws = (): Law[] => geometries.flatMap(convLaws);
