/** What stands in the Conv Lab: an op, its sizes and its numbers, as plain data. Maps are (N, C, H, W), filters (FN, C/groups, FH, FW). */
export type LabOp = "conv2d" | "maxPool2d" | "avgPool2d";
export type Two = readonly [number, number];
export type Sides = readonly [top: number, left: number, bottom: number, right: number];

export interface Lab {
  readonly op: LabOp;
  readonly n: number;
  readonly c: number;
  readonly h: number;
  readonly w: number;
  readonly fn: number;
  readonly kernel: Two;
  readonly stride: Two;
  readonly padding: Sides;
  readonly dilation: Two;
  readonly groups: number;
  readonly bias: boolean;
  readonly rounding: "exact" | "floor";
  /** Whole numbers from −128 to 127. */
  readonly x: readonly number[];
  /** Hundredths from −99.99 to 99.99. */
  readonly k: readonly number[];
  readonly b: readonly number[];
}

/** The largest that the room shows. */
export const most = { n: 3, c: 8, size: 32, fn: 8, kernel: 7, stride: 8, padding: 6, dilation: 4 } as const;

export const channelsPerGroup = (lab: Pick<Lab, "c" | "groups">): number => Math.max(1, Math.floor(lab.c / lab.groups));

/** Copies what two boxes of numbers share; what is new comes from `fill`. Both have four axes. */
function reshaped(
  values: readonly number[],
  from: readonly number[],
  to: readonly number[],
  fill: (at: readonly number[]) => number,
): number[] {
  const out: number[] = [];
  const [A = 0, B = 0, C = 0, D = 0] = to;
  for (let a = 0; a < A; a++)
    for (let b = 0; b < B; b++)
      for (let c = 0; c < C; c++)
        for (let d = 0; d < D; d++) {
          const at = [a, b, c, d];
          const shared = at.every((v, i) => v < from[i]!);
          out.push(shared ? values[((a * from[1]! + b) * from[2]! + c) * from[3]! + d]! : fill(at));
        }
  return out;
}

/** The same lab with other settings; numbers are kept where they still have a place, and new places get lively ones. */
export function changed(lab: Lab, change: Partial<Omit<Lab, "x" | "k" | "b">>): Lab {
  const next = { ...lab, ...change };
  if (next.op !== "conv2d") next.groups = 1;
  // Groups must divide channels and filters: the nearest number below that does.
  while (next.groups > 1 && (next.c % next.groups !== 0 || next.fn % next.groups !== 0)) next.groups--;
  const x = reshaped(
    lab.x,
    [lab.n, lab.c, lab.h, lab.w],
    [next.n, next.c, next.h, next.w],
    ([n = 0, c = 0, y = 0, x = 0]) =>
      y < lab.h && x < lab.w ? lab.x[y * lab.w + ((x + n + c) % lab.w)]! : lively(n * 7 + c * 5 + y * 3 + x * 2),
  );
  const k = reshaped(
    lab.k,
    [lab.fn, channelsPerGroup(lab), ...lab.kernel],
    [next.fn, channelsPerGroup(next), ...next.kernel],
    ([f = 0, c = 0, i = 0, j = 0]) => ((f * 2 + c + i * 2 + j * (f + 1)) % 3) - 1,
  );
  const b = Array.from({ length: next.fn }, (_, f) => lab.b[f] ?? f);
  return { ...next, x, k, b };
}

/** A small number that differs from its neighbours. */
const lively = (i: number): number => (i * i + 3 * i) % 5;

/** Changes one number of `x`, `k` or `b`. */
export function withNumber(lab: Lab, where: "x" | "k" | "b", at: number, value: number): Lab {
  const limit = where === "x" ? 127 : 99.99;
  const whole = where === "x" ? Math.round(value) : Math.round(value * 100) / 100;
  const kept = Math.max(where === "x" ? -128 : -limit, Math.min(limit, whole));
  if (!Number.isFinite(kept) || lab[where][at] === kept) return lab;
  return { ...lab, [where]: lab[where].with(at, kept) };
}
