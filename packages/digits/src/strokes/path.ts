/**
 * The little language in which glyphs are written down, and the curves that it means.
 *
 *   "20,30 50,5 80,30 18,95 | 82,95 / 30,50 70,50"
 *
 * Points are x,y in a box of 0 to 100, y downwards. A pen goes smoothly through the points (a centripetal Catmull–Rom
 * spline: it passes through each point and makes no cusps or loops of its own), turns sharply at `|`, is lifted at `/`,
 * and a trailing `o` leads it smoothly back to where it began.
 */

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** One pen-down: control points, which of them are sharp turns, and whether the curve closes. */
export interface Stroke {
  readonly points: readonly Point[];
  readonly corners: ReadonlySet<number>;
  readonly closed: boolean;
}

/** Parses a glyph. Glyphs are our own source text, checked by a test, so a mistake is a plain Error at load. */
export function parseGlyph(text: string): readonly Stroke[] {
  return text.split("/").map((part) => {
    const points: Point[] = [];
    const corners = new Set<number>();
    let closed = false;
    for (const token of part.trim().split(/\s+/)) {
      const [, x, y] = /^(\d+),(\d+)$/.exec(token) ?? [];
      if (token === "|") corners.add(points.length - 1);
      else if (token === "o") closed = true;
      else if (x !== undefined && y !== undefined && !closed) points.push({ x: Number(x), y: Number(y) });
      else throw new Error(`glyph "${text}": "${token}" is no point, "|" or final "o"`);
    }
    if (points.length < 2) throw new Error(`glyph "${text}" has a stroke of fewer than two points`);
    return { points, corners, closed };
  });
}

/** The curve of a stroke as a polyline with steps of about `step` units. */
export function trace(stroke: Stroke, step: number): readonly Point[] {
  const { points, corners, closed } = stroke;
  const last = points.length - 1;
  const line: Point[] = [at(points, 0)];
  for (let i = 0; i < (closed ? points.length : last); i++) {
    const from = at(points, i);
    const to = at(points, (i + 1) % points.length);
    // At an end or a sharp turn there is no neighbour: its mirror image makes the curve leave straight.
    const before = corners.has(i) || (!closed && i === 0) ? mirror(from, to) : at(points, (i + last) % points.length);
    const ends = corners.has(i + 1) || (!closed && i + 1 === last);
    const after = ends ? mirror(to, from) : at(points, (i + 2) % points.length);
    const steps = Math.max(1, Math.ceil(distance(from, to) / step));
    for (let k = 1; k <= steps; k++) line.push(spline(before, from, to, after, k / steps));
  }
  return line;
}

/** Catmull–Rom between `b` and `c` at u in 0..1, centripetal (knots √distance apart), by Barry and Goldman's pyramid. */
function spline(a: Point, b: Point, c: Point, d: Point, u: number): Point {
  const t1 = knot(a, b);
  const t2 = t1 + knot(b, c);
  const t3 = t2 + knot(c, d);
  const t = t1 + u * (t2 - t1);
  const a1 = mix(a, b, t / t1);
  const a2 = mix(b, c, (t - t1) / (t2 - t1));
  const a3 = mix(c, d, (t - t2) / (t3 - t2));
  return mix(mix(a1, a2, t / t2), mix(a2, a3, (t - t1) / (t3 - t1)), (t - t1) / (t2 - t1));
}

/** Never 0, so that two equal points divide nothing by zero. */
function knot(a: Point, b: Point): number {
  return Math.max(1e-3, Math.sqrt(distance(a, b)));
}

function distance(a: Point, b: Point): number {
  const [dx, dy] = [a.x - b.x, a.y - b.y];
  // Products, not `** 2`: a runtime's power function may round differently.
  return Math.sqrt(dx * dx + dy * dy);
}

function mix(a: Point, b: Point, u: number): Point {
  return { x: a.x + (b.x - a.x) * u, y: a.y + (b.y - a.y) * u };
}

function mirror(centre: Point, point: Point): Point {
  return { x: 2 * centre.x - point.x, y: 2 * centre.y - point.y };
}

function at(points: readonly Point[], index: number): Point {
  const point = points[index];
  if (point === undefined) throw new RangeError(`no point ${index} of ${points.length}`);
  return point;
}
