/**
 * Writes assembly/generated/elementwise.ts and rareInstructions.ts: switches of loops, one for each instruction of
 * src/elementwise/instructions.ts.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { firstRare, instructions } from "../src/elementwise/instructions.ts";

/** What an instruction makes of vectors x, y and z; a test gives −1 in the lanes where it holds. */
const vectors: Readonly<Record<string, string>> = {
  copy: "x",
  select: "v128.bitselect(z, y, i32x4.eq(x, zero))",
  "f.neg": "f32x4.neg(x)",
  "f.abs": "f32x4.abs(x)",
  "f.sign": "v128.bitselect(f32x4.splat(1), v128.bitselect(f32x4.splat(-1), x, f32x4.lt(x, zero)), f32x4.gt(x, zero))",
  "f.reciprocal": "f32x4.div(f32x4.splat(1), x)",
  "f.square": "f32x4.mul(x, x)",
  "f.sqrt": "f32x4.sqrt(x)",
  "f.exp": "exp(x)",
  "f.log": "log(x)",
  "f.log1p": "log1p(x)",
  "f.expm1": "expm1(x)",
  "f.sin": "sine(x, 0)",
  "f.cos": "sine(x, 1)",
  "f.tanh": "tanh(x)",
  "f.sigmoid": "sigmoid(x)",
  "f.erf": "erf(x)",
  "f.relu": "f32x4.pmax(x, zero)",
  "f.floor": "f32x4.floor(x)",
  "f.ceil": "f32x4.ceil(x)",
  "f.round": "f32x4.nearest(x)",
  "f.isNaN": "test f32x4.ne(x, x)",
  "f.add": "f32x4.add(x, y)",
  "f.sub": "f32x4.sub(x, y)",
  "f.mul": "f32x4.mul(x, y)",
  "f.div": "f32x4.div(x, y)",
  "f.pow": "pow(x, y)",
  "f.mod": "f32x4.sub(x, f32x4.mul(y, f32x4.floor(f32x4.div(x, y))))",
  "f.maximum": "f32x4.max(x, y)",
  "f.minimum": "f32x4.min(x, y)",
  "f.equal": "test f32x4.eq(x, y)",
  "f.less": "test f32x4.lt(x, y)",
  "f.lessEqual": "test f32x4.le(x, y)",
  "i.neg": "i32x4.neg(x)",
  "i.abs": "i32x4.abs(x)",
  "i.sign": "v128.or(i32x4.shr_s(x, 31), i32x4.shr_u(i32x4.neg(x), 31))",
  "i.square": "i32x4.mul(x, x)",
  "i.relu": "i32x4.max_s(x, zero)",
  "i.not": "test i32x4.eq(x, zero)",
  "i.add": "i32x4.add(x, y)",
  "i.sub": "i32x4.sub(x, y)",
  "i.mul": "i32x4.mul(x, y)",
  "i.div": "lanes divI32",
  "i.mod": "lanes modI32",
  "i.maximum": "i32x4.max_s(x, y)",
  "i.minimum": "i32x4.min_s(x, y)",
  "i.equal": "test i32x4.eq(x, y)",
  "i.less": "test i32x4.lt_s(x, y)",
  "i.lessEqual": "test i32x4.le_s(x, y)",
  "i.and": "test v128.and(i32x4.ne(x, zero), i32x4.ne(y, zero))",
  "i.or": "test i32x4.ne(v128.or(x, y), zero)",
  "i.xor": "test v128.xor(i32x4.ne(x, zero), i32x4.ne(y, zero))",
  "f.toI32": "i32x4.trunc_sat_f32x4_s(x)",
  "f.toU8": "i32x4.min_s(i32x4.max_s(i32x4.trunc_sat_f32x4_s(x), zero), i32x4.splat(255))",
  "f.toBool": "test f32x4.ne(x, zero)",
  "i.toF32": "f32x4.convert_i32x4_s(x)",
  "i.toU8": "i32x4.min_s(i32x4.max_s(x, zero), i32x4.splat(255))",
  "i.toBool": "test i32x4.ne(x, zero)",
};

function loop(name: string): string {
  const text = vectors[name];
  if (text === undefined) throw new Error(`no expression for ${name}`);
  const uses = (operand: string): boolean => text.startsWith("lanes") || new RegExp(`\\b${operand}\\b`).test(text);
  const reads = [
    ["x", "a"],
    ["y", "b"],
    ["z", "c"],
  ].filter(([v]) => uses(v!));
  const load = reads.map(([v, p]) => `${v} = v128.load(${p}); ${p} += 16;`).join(" ");
  let value = text;
  if (text.startsWith("test ")) value = `v128.and(${text.slice(5)}, one)`;
  if (text.startsWith("lanes ")) value = `lanes(x, y, ${text.endsWith("modI32")})`;
  return `for (; d < end; d += 16) { ${load} v128.store(d, ${value}); }`;
}

const cases = instructions.map((name, code) => `case ${code}: // ${name}\n${loop(name)}\nbreak;`);

/** A function with the loops of these. */
const machine = (name: string, its: readonly string[]): string => `
/** Block d ← f(block a, block b, block c), \`bytes\` of each; see src/elementwise/instructions.ts. */
export function ${name}(code: i32, d: usize, a: usize, b: usize, c: usize, bytes: usize): void {
const end = d + bytes;
const zero: v128 = i32x4.splat(0), one: v128 = i32x4.splat(1);
let x: v128, y: v128, z: v128;
switch (code) {
${its.join("\n")}
}
}
`;

const lane = (k: number): string => {
  const of = (v: string): string => `i32x4.extract_lane(${v}, ${k})`;
  return `i32x4.replace_lane(r, ${k}, rest ? modI32(${of("x")}, ${of("y")}) : divI32(${of("x")}, ${of("y")}))`;
};
const lanes = `
function lanes(x: v128, y: v128, rest: bool): v128 {
let r = x;
r = ${lane(0)};
r = ${lane(1)};
r = ${lane(2)};
return ${lane(3)};
}
`;

const folder = join(import.meta.dirname, "..", "assembly", "generated");
mkdirSync(folder, { recursive: true });
writeFileSync(
  join(folder, "elementwise.ts"),
  `// Written by scripts/elementwise.ts.
import { exp } from "../exp";
import { sigmoid, tanh } from "../functions";

/** Codes from here on are rareInstructions.ts's. */
export const firstRare = ${firstRare};
${machine("instruct", cases.slice(0, firstRare))}`,
);
writeFileSync(
  join(folder, "rareInstructions.ts"),
  `// Written by scripts/elementwise.ts.
import { log } from "../exp";
import { divI32, erf, expm1, log1p, modI32, pow, sine } from "../functions";
${lanes}${machine("instructRare", cases.slice(firstRare))}`,
);
