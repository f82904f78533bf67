/**
 * Filters and matrices as the products read them: groups × taps × depth × columns, the columns in vectors of four, what is
 * beyond the last column or the last row of depth 0.
 */
import type { Pack, Spec } from "@tatamijs/core/backend";
import type { Dispatch, GpuKernel, Part } from "../kernel.ts";
import { perThread } from "../shader.ts";
import { storageOf } from "../values.ts";

/** Where element (group, tap, k, n) of the packed form comes from: the sum of its steps, in elements. */
export interface Panels {
  readonly groups: number;
  readonly taps: number;
  readonly depth: number;
  readonly columns: number;
  readonly steps: readonly [group: number, tap: number, depth: number, column: number];
  /** Added to every place. Default 0. */
  readonly start?: number;
  /** Rows of depth, those beyond `depth` being 0. Default: `depth`. */
  readonly rows?: number;
}

/** Vectors of four that the packed form has. */
export function vectorsOf({ groups, taps, depth, columns, rows = depth }: Panels): number {
  return groups * taps * rows * Math.ceil(columns / 4);
}

export function panelDispatch(panels: Panels, spec: Spec, from: Part, to: Part): Dispatch[] {
  const { taps, depth, columns, steps, start = 0, rows = depth } = panels;
  const threads = vectorsOf(panels);
  if (threads === 0) return [];
  return [
    perThread({
      label: "panels",
      threads,
      uniforms: {
        taps,
        depth,
        rows,
        columns,
        wide: Math.ceil(columns / 4),
        start,
        s0: steps[0],
        s1: steps[1],
        s2: steps[2],
        s3: steps[3],
      },
      bindings: [
        { name: "x", of: storageOf(spec.dtype), part: from },
        { name: "y", of: "vec4f", part: to, write: true },
      ],
      body: `  let j = i % u.wide;
  let r = i / u.wide;
  let k = r % u.rows;
  let q = r / u.rows;
  let first = u.start + (q / u.taps) * u.s0 + (q % u.taps) * u.s1 + k * u.s2;
  var v = vec4f();
  if (k < u.depth) {
    for (var e = 0u; e < 4u; e++) {
      let n = 4u * j + e;
      if (n < u.columns) { v[e] = f32(x[first + n * u.s3]); }
    }
  }
  y[i] = v;`,
    }),
  ];
}

/** Operand `input`, packed by the engine once per value. */
export function packOf(input: number, spec: Spec, panels: Panels): Pack {
  const kernel: GpuKernel = {
    variant: "panels of 4",
    dispatches: ({ inputs: [x], output }) => panelDispatch(panels, spec, x!, output),
  };
  return { input, key: `panels ${JSON.stringify(panels)}`, bytes: Math.max(16, vectorsOf(panels) * 16), kernel };
}
