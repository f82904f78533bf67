/** Layers in a row, and a layer beside a shortcut. */
import {
  add,
  showShape,
  sameShape,
  TatamiError,
  type Layer,
  type Placed,
  type Residual,
  type Sequence,
  wrongArgument,
} from "@tatamijs/core";
import { call, checkLayer, module, type Module, type Shaped } from "../module.ts";

/**
 * One layer after the other. States are called `0.weight`, `1.bias`, …; given a record, by its keys.
 *
 *     nn.sequential(nn.conv2d(1, 8, 5), nn.relu())        nn.sequential({ conv: nn.conv2d(1, 8, 5), act: nn.relu() })
 *
 * Types follow the shape through layers in a row; those of a record stand in no order that a type knows.
 * @throws TatamiError `argument` for what is no layer; when called, what a layer throws, led in by the layer's place.
 */
export function sequential<const L extends readonly Layer[]>(
  ...layers: { readonly [K in keyof L]: L[K] & Placed<L, K> }
): Shaped<Sequence<L>>;
export function sequential(layers: Readonly<Record<string, Layer>>): Module;
export function sequential(...layers: readonly Layer[] | readonly [Readonly<Record<string, Layer>>]): Module {
  const [first] = layers;
  const named = layers.length === 1 && typeof first === "object" && first !== null && !("forward" in first);
  const children: Record<string, Layer> = {};
  for (const [name, layer] of Object.entries(named ? first : layers)) {
    if (name === "" || name.includes("."))
      throw wrongArgument("nn.sequential", "a layer's name", name, "a text without dots");
    checkLayer(layer, "nn.sequential", `layer ${name}`);
    children[name] = layer;
  }
  const row = Object.entries(children);
  return module("sequential", {
    children,
    forward: (x, context) => row.reduce((y, [name, layer]) => inLayer(name, () => call(layer, y, context)), x),
  });
}

/** Errors say in which layer they came about; what was thrown there stays as their cause. */
function inLayer<T>(name: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof TatamiError)) throw error;
    const { code, text, op, details, layers } = error;
    throw new TatamiError(code, text, { op, details, layers: [name, ...layers], cause: error });
  }
}

/**
 * body(x) + shortcut(x) (He et al., 2015); the shortcut is x itself unless given, such as a 1×1 convolution where shapes
 * change. States are called `body.…` and `shortcut.…`.
 * @throws TatamiError `argument`; when called, `shape` where the two sides differ.
 */
export function residual<const B extends Layer, const S extends Layer | undefined = undefined>(
  body: B,
  shortcut?: S,
): Shaped<Residual<B, S>>;
export function residual(body: Layer, shortcut?: Layer): Module {
  checkLayer(body, "nn.residual", "body");
  if (shortcut !== undefined) checkLayer(shortcut, "nn.residual", "shortcut");
  return module("residual", {
    children: shortcut === undefined ? { body } : { body, shortcut },
    forward(x, context) {
      const main = call(body, x, context);
      const side = shortcut === undefined ? x : call(shortcut, x, context);
      if (sameShape(main.shape, side.shape)) return add(main, side);
      throw new TatamiError(
        "shape",
        `the body gives ${showShape(main.shape)}, the shortcut ${showShape(side.shape)}; give a shortcut with the body's channels and stride, such as nn.conv2d(${x.shape[1] ?? 1}, ${main.shape[1] ?? 1}, 1)`,
        { op: "nn.residual", details: { body: main.shape, shortcut: side.shape } },
      );
    },
  });
}
