/** What all layers of this package are: a `Layer` that also knows what it is called and what stands inside it. */
import {
  checkOptions,
  isTensor,
  show,
  TatamiError,
  type Apply,
  type Context,
  type Fits,
  type Layer,
  type Made,
  type Rule,
  type Ruled,
  type Shape,
  type Tensor,
  wrongArgument,
} from "@tatamijs/core";

export interface Module extends Layer {
  /** As it is written: `conv2d(1, 8, 5)`. */
  readonly label: string;
  readonly buffers: readonly string[];
  /** Layers inside, by the first part of their states' names. */
  readonly children: Readonly<Record<string, Layer>>;
  /** Multiply–accumulates of one call. */
  macs?(x: Tensor, y: Tensor): number;
  /** Each output element depends on the whole map. */
  readonly sees?: "all";
}

/** A module whose type knows what shape it makes of which: `model.forward(input([1, 1, 28, 28]), …)` has its own. */
export interface Shaped<R extends Rule> extends Module, Ruled<R> {
  forward<const X extends Shape>(x: Tensor<X> & Fits<Apply<R, X>>, context: Context): Made<Apply<R, X>>;
}

/** A context that wants to hear of every call of a layer that has no layers inside (`summary`). */
export interface Tracing extends Context {
  trace(layer: Layer, x: Tensor, y: Tensor): void;
}

export interface Definition {
  readonly state?: Readonly<Record<string, Tensor>>;
  readonly buffers?: readonly string[];
  readonly children?: Readonly<Record<string, Layer>>;
  macs?(x: Tensor, y: Tensor): number;
  readonly sees?: "all";
  forward(x: Tensor, context: Context): Tensor;
}

/**
 * A layer of your own: states and children under their names, and the function.
 *
 *     const block = nn.module("block", { children: { conv, norm }, forward: (x, ctx) => relu(norm.forward(conv.forward(x, ctx), ctx)) });
 *
 * has the states `conv.weight`, `norm.weight`, …. Types follow shapes through it where it is given a rule, `nn.module<Same>(…)`.
 * @throws TatamiError `argument` for a forward that is no function and children that are no layers, `state` when two states have one name.
 */
export function module<R extends Rule = Rule>(label: string, definition: Definition): Shaped<R> {
  if (typeof label !== "string") throw wrongArgument("nn.module", "label", label, "a text");
  const { children = {}, macs, sees } = checkOptions(definition, label, "definition");
  if (typeof definition.forward !== "function") {
    throw wrongArgument(label, "forward", definition.forward, "a function (x, context) => y");
  }
  const state: Record<string, Tensor> = {};
  const put = (name: string, value: Tensor): void => {
    if (Object.hasOwn(state, name)) {
      throw new TatamiError("state", `two states are called ${show(name)}; rename a child or a state`, { op: label });
    }
    state[name] = value;
  };
  const { buffers: named = [] } = definition;
  if (!Array.isArray(named)) throw wrongArgument(label, "buffers", named, "names of states");
  const buffers: string[] = [...named];
  for (const [name, value] of Object.entries(checkOptions(definition.state ?? {}, label, "state"))) put(name, value);
  for (const [prefix, child] of Object.entries(checkOptions(children, label, "children"))) {
    checkLayer(child, label, prefix);
    for (const [name, value] of Object.entries(child.state)) put(`${prefix}.${name}`, value);
    buffers.push(...(child.buffers ?? []).map((name) => `${prefix}.${name}`));
  }
  const plain = Object.keys(children).length === 0;
  const made: Module = {
    label,
    state,
    buffers,
    children,
    ...(macs === undefined ? {} : { macs }),
    ...(sees === undefined ? {} : { sees }),
    forward(x, context) {
      if (!isTensor(x)) {
        throw wrongArgument(label, "x", x, "a tensor, such as input([1, 1, 28, 28])");
      }
      const y = definition.forward(x, checkContext(context, label));
      if (plain && isTracing(context)) context.trace(made, x, y);
      return y;
    },
  };
  // The rule is a promise of whoever says it: types alone know it.
  return made as Shaped<R>;
}

/** Calls a layer that may be a user's own record: in a trace it is one row, whatever it does inside. */
export function call(layer: Layer, x: Tensor, context: Context): Tensor {
  if (!isTracing(context) || isModule(layer)) return layer.forward(x, context);
  const { trace: _, ...quiet } = context;
  const y = layer.forward(x, quiet);
  context.trace(layer, x, y);
  return y;
}

export function isModule(layer: Layer): layer is Module {
  return "label" in layer && "children" in layer;
}

function isTracing(context: Context): context is Tracing {
  return "trace" in context;
}

/** @throws TatamiError `argument` when `value` is no layer. */
export function checkLayer(value: unknown, op: string, name: string): asserts value is Layer {
  const given = value as Partial<Layer> | null | undefined;
  if (typeof given?.forward === "function" && typeof given.state === "object" && given.state !== null) return;
  const hint = typeof value === "function" ? ": call it, or wrap a plain function as nn.lambda((x) => …)" : "";
  throw wrongArgument(op, name, value, `a layer { state, forward }, such as nn.relu()${hint}`);
}

function checkContext(value: unknown, op: string): Context {
  const given = value as Partial<Context> | null | undefined;
  if (typeof given?.training === "boolean" && typeof given.random === "function") return value as Context;
  throw wrongArgument(op, "context", value, "nn.inference() or nn.training(), or compile the model");
}
