// What core says of its ops, held against the oracle: shapes, folded constants, how ops turn, what is recognised, sizes.
import {
  composites,
  expansion,
  input,
  isFloat,
  node,
  primitives,
  windowGeometry,
  type Composite,
  type Perm,
  type Primitive,
  type Tensor,
} from "@tatamijs/core";
import { describe, expect, test } from "vitest";
import { allCases } from "./cases.ts";
import { compare } from "./compare.ts";
import { kitOf, kits } from "./kits.ts";
import { rng } from "./rng.ts";
import { bringToLife, disagreement, missingDType, opRecord } from "./subject.ts";
import { count, position, toTyped, walk, type Value } from "./value.ts";
import { countWindows, geometryOf, sameWindows } from "./windows.ts";

const cases = allCases().filter((one) => missingDType(one) === undefined);

describe("cases", () => {
  test("are many, and their ids are their own", () => {
    const ids = allCases().map(({ id }) => id);
    expect(ids.length).toBeGreaterThan(1500);
    expect(new Set(ids).size).toBe(ids.length);
    const convolutions = allCases().filter(({ op }) => op.startsWith("conv2d"));
    expect(convolutions.length).toBeGreaterThan(400);
  });

  test("are plain data", () => {
    for (const one of allCases()) expect(structuredClone(one)).toEqual(one);
  });

  test("cover every op, and every op's ids begin with its name", () => {
    const seen = new Set(allCases().map(({ op }) => op));
    expect([...seen].sort()).toEqual([...Object.keys(primitives), ...Object.keys(composites)].sort());
    expect(Object.keys(kits).sort()).toEqual([...seen].sort());
    expect(allCases().filter(({ id, op }) => !id.startsWith(`${op}/`))).toEqual([]);
  });

  test("core, the oracle and the hand agree on all of them", () => {
    const wrong = cases.flatMap((one) => disagreement(bringToLife(one)) ?? []);
    expect(wrong).toEqual([]);
  });
});

describe("sizes", () => {
  const outcome = (f: () => readonly number[]): readonly number[] | string => {
    try {
      return f();
    } catch (error) {
      return (error as { code: string }).code;
    }
  };

  test("core's formula finds as many windows as there are", () => {
    const from = rng(11);
    for (let i = 0; i < 20_000; i++) {
      const pick = {
        size: from.whole(1, 20),
        kernel: from.whole(1, 7),
        stride: from.whole(1, 5),
        before: from.whole(0, 4),
        after: from.whole(0, 4),
        dilation: from.whole(1, 3),
      };
      const rounding = from.pick(["exact", "floor", "ceil"] as const);
      const found = countWindows(pick, rounding);
      const padding = [
        [pick.before, pick.after],
        [0, 0],
      ] as const;
      const said = outcome(
        () =>
          windowGeometry(
            [pick.size, 1],
            [pick.kernel, 1],
            { stride: [pick.stride, 1], dilation: [pick.dilation, 1], padding, rounding },
            "test",
          ).output,
      );
      const floor = countWindows(pick, "floor");
      const wanted = found === undefined ? (floor === undefined ? "size-negative" : "size-fractional") : [found, 1];
      expect(said, JSON.stringify({ ...pick, rounding })).toEqual(wanted);
    }
  });

  test('"same" pads as much as is needed', () => {
    const from = rng(12);
    for (let i = 0; i < 5000; i++) {
      const [size, kernel, stride, dilation] = [
        from.whole(1, 20),
        from.whole(1, 7),
        from.whole(1, 5),
        from.whole(1, 3),
      ];
      const wanted = sameWindows(size, kernel, stride, dilation);
      const said = windowGeometry(
        [size, 1],
        [kernel, 1],
        { stride: [stride, 1], dilation: [dilation, 1], padding: "same" },
        "test",
      );
      expect([said.output[0], said.padding[0], said.padding[2]], `${size} ${kernel} ${stride} ${dilation}`).toEqual([
        wanted.count,
        wanted.before,
        wanted.after,
      ]);
    }
  });

  test("the seed's figures", () => {
    const sizes = [1, 2, 3].map((s) => geometryOf({ h: 7, w: 7, f: 3, s, rounding: "exact" })?.output);
    expect(sizes).toEqual([[5, 5], [3, 3], undefined]);
  });
});

describe("op records", () => {
  const foldable = Object.values(primitives as Readonly<Record<string, Primitive<unknown>>>).filter(
    ({ value }) => value !== undefined,
  );
  test.each(foldable)("$name: constants fold to what the oracle says", (record) => {
    for (const one of cases.filter((each) => each.op === record.name)) {
      const { values, meaning, y, whole } = bringToLife(one);
      const folded = record.value!(
        values.map(({ dtype, data }) => toTyped(dtype, data)),
        one.attrs,
        y,
        y.inputs,
      );
      expect(compare(folded, meaning, { whole, inexact: false }), one.id).toBeUndefined();
    }
  });

  test.each(Object.keys(kits).filter((op) => opRecord(op).turn !== undefined))("%s turns with its operands", (op) => {
    const record = opRecord(op);
    const from = rng(5);
    for (const one of cases.filter((each) => each.op === op)) {
      const { values, meaning } = bringToLife(one);
      const perm = shuffled(meaning.shape.length, from);
      const turned = kitOf(one.op).meaning(
        values.map((x) => (x.shape.length === perm.length ? turn(x, perm) : x)),
        record.turn!(perm, one.attrs),
      );
      const wanted = turn({ shape: meaning.shape, dtype: meaning.dtype, data: meaning.values }, perm);
      expect(turned.shape, one.id).toEqual(wanted.shape);
      expect(
        [...turned.values].every(
          (v, i) => Object.is(v, wanted.data[i]) || Math.abs(v - wanted.data[i]!) <= 1e-9 * (1 + Math.abs(v)),
        ),
        one.id,
      ).toBe(true);
    }
  });

  test.each(["matmul", "linear"] as const)("%s reads a turned operand", (op) => {
    for (const one of cases.filter((each) => each.op === op)) {
      const { values, meaning } = bringToLife(one);
      values.forEach((x, k) => {
        const rank = x.shape.length;
        const perm = x.shape.map((_, axis) => (axis < rank - 2 ? axis : 2 * rank - 3 - axis));
        const attrs: unknown = rank < 2 ? undefined : opRecord(op).reads!(k, perm, one.attrs);
        if (attrs === undefined) return;
        const got = kitOf(op).meaning(values.with(k, turn(x, perm)), attrs);
        expect(compare(got.values, meaning, { whole: false, inexact: false }), one.id).toBeUndefined();
      });
    }
  });

  const recognisable = Object.values(composites as Readonly<Record<string, Composite<unknown>>>).filter(
    ({ match }) => match !== undefined,
  );
  test.each(recognisable)("$name: what is recognised in its expansion means the same", (record) => {
    let recognised = 0;
    for (const one of cases.filter((each) => each.op === record.name)) {
      const { y } = bringToLife(one);
      const opened = expansion(y);
      const found = record.match!(opened);
      if (found === undefined) continue;
      recognised++;
      const again = node(record, found.inputs, found.attrs);
      expect(printed(expansion(again)), one.id).toBe(printed(opened));
      expect(found.inside, one.id).not.toContain(opened);
    }
    expect(recognised).toBeGreaterThan(0);
  });

  test("a float op has a gradient, or says that it has none", () => {
    const without = Object.values(primitives).filter(({ grad }) => grad === undefined);
    expect(without.map(({ name }) => name)).toEqual([]);
    const grads = cases.filter((one) => one.tags.includes("grad"));
    expect(grads.every((one) => isFloat(bringToLife(one).y.dtype))).toBe(true);
  });
});

function shuffled(rank: number, from: ReturnType<typeof rng>): number[] {
  const perm = Array.from({ length: rank }, (_, i) => i);
  for (let i = rank - 1; i > 0; i--) {
    const j = from.whole(0, i);
    [perm[i], perm[j]] = [perm[j]!, perm[i]!];
  }
  return perm;
}

function turn(x: Value, perm: Perm): Value {
  const shape = perm.map((axis) => x.shape[axis]!);
  const data = new Float64Array(count(shape));
  walk(shape, (index, i) => {
    const at = perm.map(() => 0);
    perm.forEach((axis, k) => (at[axis] = index[k]!));
    data[i] = x.data[position(x.shape, at)]!;
  });
  return { shape, dtype: x.dtype, data };
}

/** A graph as text: equal texts, equal graphs. A reshape to the same shape is nothing. */
function printed(y: Tensor): string {
  const names = new Map<Tensor, number>();
  const lines: string[] = [];
  const visit = (t: Tensor): number => {
    const known = names.get(t);
    if (known !== undefined) return known;
    const from = t.inputs.map(visit);
    if (t.op.name === "reshape" && t.inputs[0]!.op.name === "reshape") {
      return visit({ ...t, inputs: t.inputs[0]!.inputs });
    }
    if (t.op.name === "reshape" && t.inputs[0]!.shape.join() === t.shape.join()) return from[0]!;
    const kind = t.op.kind === "primitive" ? t.op.leaf : undefined;
    const values = kind === "constant" ? Array.from(t.data!).join() : "";
    const line = `${t.op.name}(${from.join()}) ${JSON.stringify(t.attrs)} ${values}`;
    // A leaf is itself and no other, a constant is its values.
    const same = kind === undefined || kind === "constant" ? lines.indexOf(line) : -1;
    const id = same >= 0 ? same : lines.push(line) - 1;
    names.set(t, id);
    return id;
  };
  visit(y);
  return lines.join("\n");
}

test("printed tells graphs apart", () => {
  const [a, b] = [input([2]), input([2])];
  const add = (p: Tensor, q: Tensor): string => printed(node(primitives.binary, [p, q], { fn: "add" }));
  expect(add(a, b)).toBe(add(a, b));
  expect(add(a, a)).not.toBe(add(a, b));
});
