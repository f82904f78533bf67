/**
 * A graph read as one window op and what follows it: y = steps(window(map, weights) + bias). It is walked back from y, through
 * what gives each element from one element or keeps their number, to the nearest op with a window.
 */
import { matchActivation } from "../activation.ts";
import { TatamiError } from "../errors.ts";
import { operandsOf } from "../ops/sentence.ts";
import type { TransposeAttrs } from "../ops/transpose.ts";
import { sizeOf, stridesOf, type Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { windowOf, type WindowReading } from "./windowOf.ts";

/** The address of a cell of the window's result in something that comes after it. */
export type AddressOf = (n: number, f: number, y: number, x: number) => number;

/** Something whose value at a cell is wanted. */
export interface Place {
  readonly of: Tensor;
  readonly at: AddressOf;
}

export interface Reading extends WindowReading {
  /** What is added right after the window and does not depend on the map. */
  readonly bias: Place | undefined;
  readonly steps: readonly (Place & { readonly op: string })[];
}

/** @throws TatamiError `argument` where no window is found. */
export function reading(x: Tensor, y: Tensor, op: string): Reading {
  const live = dependents(x, y);
  const path = pathTo(y, live);
  if (path === undefined) {
    throw new TatamiError(
      "argument",
      `no convolution, pooling or dense layer ends in this output (made by ${y.op.name}); give layers up to one, and what works element by element after it`,
      { op, details: { ends: y.op.name } },
    );
  }
  const window = windowOf(path[0]!)!;
  let at: AddressOf = window.resultAt;
  let bias = window.bias;
  const steps: (Place & { op: string })[] = [];
  for (const [i, node] of path.entries()) {
    if (i === 0) continue;
    at = moved(at, node);
    const pair = operandsOf(node, "add");
    const other = pair?.find((t) => !live.has(t));
    if (other !== undefined && bias === undefined && steps.length === 0)
      bias = { of: other, at: repeated(at, node.shape, other.shape) };
    else if (!isView(node)) steps.push({ op: nameOf(node), of: node, at });
  }
  return { ...window, bias, steps };
}

/** All nodes between `x` and `y` that depend on `x`. */
function dependents(x: Tensor, y: Tensor): Set<Tensor> {
  const live = new Set<Tensor>([x]);
  const done = new Set<Tensor>([x]);
  const open: Tensor[] = [y];
  for (let at = open.at(-1); at !== undefined; at = open.at(-1)) {
    const missing = done.has(at) ? [] : at.inputs.filter((t) => !done.has(t));
    if (missing.length > 0) {
      open.push(...missing);
      continue;
    }
    open.pop();
    done.add(at);
    if (at.inputs.some((t) => live.has(t))) live.add(at);
  }
  return live;
}

/** From the nearest window to `y`; of two ways (a shortcut) the first operand's is tried first. */
function pathTo(y: Tensor, live: ReadonlySet<Tensor>): Tensor[] | undefined {
  const open: Tensor[][] = [[y]];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    const [at] = path as [Tensor];
    if (windowOf(at) !== undefined) return path;
    if (!isView(at) && at.op.pointwise !== true && at.op.kind !== "composite") continue;
    const { z, activation } = matchActivation(at);
    const before = activation === "none" ? at.inputs : [z];
    const ways = before.filter((t) => live.has(t) && sizeOf(t.shape) === sizeOf(at.shape));
    open.push(...ways.reverse().map((t) => [t, ...path]));
  }
  return undefined;
}

/** The same elements, in this order or another. */
function isView(t: Tensor): boolean {
  return t.op.alias === true || t.op.perm !== undefined || t.op.name === "cast";
}

function nameOf(t: Tensor): string {
  const { activation } = matchActivation(t);
  if (activation !== "none") return activation;
  const { fn } = t.attrs as { fn?: string };
  return fn ?? t.op.name;
}

/** An address in a node's operand as the address in the node. */
function moved(at: AddressOf, node: Tensor): AddressOf {
  if (node.op.perm === undefined) return at;
  const { perm } = node.attrs as TransposeAttrs;
  const from = stridesOf(node.inputs[0]!.shape);
  const to = stridesOf(node.shape);
  return (n, f, y, x) => {
    const address = at(n, f, y, x);
    return perm.reduce(
      (sum, axis, i) => sum + (Math.floor(address / from[axis]!) % node.inputs[0]!.shape[axis]!) * to[i]!,
      0,
    );
  };
}

/** An address in a node as that in an operand that is repeated along its axes of size 1. */
function repeated(at: AddressOf, shape: Shape, operand: Shape): AddressOf {
  const strides = stridesOf(shape);
  const own = stridesOf(operand);
  return (n, f, y, x) => {
    const address = at(n, f, y, x);
    return shape.reduce(
      (sum, dim, i) => sum + (operand[i] === 1 ? 0 : (Math.floor(address / strides[i]!) % dim) * own[i]!),
      0,
    );
  };
}
