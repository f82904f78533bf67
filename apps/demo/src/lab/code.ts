/** A lab as a program that runs: what a visitor copies into a file. */
import { channelsPerGroup, type Lab } from "./state.ts";

/** Values as nested arrays, the innermost on one line. */
function nested(values: readonly number[], shape: readonly number[], indent: string = ""): string {
  const [size = 0, ...rest] = shape;
  if (rest.length === 0) return `[${values.join(", ")}]`;
  // An axis of one is a pair of brackets more.
  if (size === 1) return `[${nested(values, rest, indent)}]`;
  const each = values.length / size;
  const rows = Array.from({ length: size }, (_, i) =>
    nested(values.slice(i * each, (i + 1) * each), rest, `${indent}  `),
  );
  const line = `[${rows.join(", ")}]`;
  if (line.length + indent.length < 60 && !line.includes("\n")) return line;
  return `[\n${rows.map((row) => `${indent}  ${row},`).join("\n")}\n${indent}]`;
}

/** `1`, or `[1, 2]` where the two differ. */
const pair = ([a, b]: readonly [number, number]): string => (a === b ? `${a}` : `[${a}, ${b}]`);

function paddingText([top, left, bottom, right]: Lab["padding"]): string {
  if (top !== bottom || left !== right) return `[[${top}, ${bottom}], [${left}, ${right}]]`;
  return pair([top, left]);
}

/** Options that differ from what the op takes without them. */
function options(lab: Lab): string {
  const pool = lab.op !== "conv2d";
  const standing = pool ? lab.kernel : [1, 1];
  const list = [
    ...(lab.bias && !pool ? ["bias"] : []),
    ...(lab.stride.some((s, i) => s !== standing[i]) ? [`stride: ${pair(lab.stride)}`] : []),
    ...(lab.padding.some((p) => p > 0) ? [`padding: ${paddingText(lab.padding)}`] : []),
    ...(lab.dilation.some((d) => d !== 1) ? [`dilation: ${pair(lab.dilation)}`] : []),
    ...(lab.groups > 1 ? [`groups: ${lab.groups}`] : []),
    ...(lab.rounding === "floor" ? ['rounding: "floor"'] : []),
  ];
  return list.length === 0 ? "" : `, { ${list.join(", ")} }`;
}

export function codeOf(lab: Lab): string {
  const conv = lab.op === "conv2d";
  const x = nested(lab.x, [lab.n, lab.c, lab.h, lab.w]);
  const w = nested(lab.k, [lab.fn, channelsPerGroup(lab), ...lab.kernel]);
  return [
    `import { constant, ${lab.op}, evaluate } from "tatamijs";`,
    "",
    `const x = constant(${x}); // (N, C, H, W) = (${[lab.n, lab.c, lab.h, lab.w].join(", ")})`,
    ...(conv ? [`const w = constant(${w}); // (FN, C, FH, FW)`] : []),
    ...(conv && lab.bias ? [`const bias = constant([${lab.b.join(", ")}]);`] : []),
    `const y = ${lab.op}(x, ${conv ? "w" : pair(lab.kernel)}${options(lab)});`,
    "const { data, shape } = await evaluate(y);",
    "console.log(shape, data);",
    "",
  ].join("\n");
}
