/**
 * Receptive fields: how much of the input one element of a map can see.
 *
 * Read off the graph, not off the layers: through a window of extent E = D·(F − 1) + 1 moved by S, a field of r elements
 * whose centres are j apart becomes r' = r + (E − 1)·j and j' = j·S (Araujo, Norris and Sim 2019). A transposed
 * convolution goes the other way: j' = j/S, and an element is reached by at most ⌈E/S⌉ elements. Branches that meet
 * take the larger.
 */
import type { Geometry, Tensor } from "@tatamijs/core";

/** Along one axis: elements seen, and the distance between the fields of neighbours. */
interface Reach {
  readonly size: number;
  readonly jump: number;
}

export type Field = readonly [height: Reach, width: Reach];

/** The field of `to`, by way of tensors whose field is `known`; what is found on the way is added there. */
export function fieldOf(to: Tensor, known: Map<Tensor, Field>): Field | undefined {
  const stack: Tensor[] = [to];
  const seen = new Set<Tensor>();
  while (stack.length > 0) {
    const y = stack.at(-1)!;
    if (known.has(y)) {
      stack.pop();
      continue;
    }
    const open = seen.has(y) ? [] : y.inputs.filter((x) => !known.has(x) && !seen.has(x));
    seen.add(y);
    if (open.length > 0) {
      stack.push(...open);
      continue;
    }
    stack.pop();
    const fields = y.inputs.flatMap((x) => known.get(x) ?? []);
    if (fields.length > 0) known.set(y, through(y, larger(fields)));
  }
  return known.get(to);
}

function larger(fields: readonly Reach[]): Field {
  // `fields` is flat: height, width, height, width, …
  const along = (axis: 0 | 1): Reach =>
    fields
      .filter((_, i) => i % 2 === axis)
      .reduce((a, b) => ({ size: Math.max(a.size, b.size), jump: Math.max(a.jump, b.jump) }));
  return [along(0), along(1)];
}

function through(y: Tensor, field: Field): Field {
  const window = geometryOf(y);
  if (window === undefined) return field;
  const shrinks = y.shape[1] === window.output[0] && y.shape[2] === window.output[1];
  const along = (axis: 0 | 1): Reach => {
    const { size, jump } = field[axis];
    const span = window.dilation[axis] * (window.kernel[axis] - 1) + 1;
    const step = window.stride[axis];
    return shrinks
      ? { size: size + (span - 1) * jump, jump: jump * step }
      : { size: size + (Math.ceil(span / step) - 1) * jump, jump: jump / step };
  };
  return [along(0), along(1)];
}

/** Any op with a window says it in its attributes. */
function geometryOf(y: Tensor): Geometry | undefined {
  const attrs = y.attrs as Partial<Geometry> | null | undefined;
  const windowed =
    attrs?.kernel !== undefined &&
    attrs.stride !== undefined &&
    attrs.dilation !== undefined &&
    attrs.output !== undefined;
  return windowed ? (attrs as Geometry) : undefined;
}
