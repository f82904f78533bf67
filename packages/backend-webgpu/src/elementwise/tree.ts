/**
 * The values of all threads of a workgroup joined, in a tree: at each level a thread joins its value with that of the thread
 * whose number differs in one bit, so that all end with the same value. The lowest bits are the neighbours', which a subgroup
 * exchanges by itself where there are subgroups; the order is the same without, and so are the bits of the result.
 */

/** Threads of a tree, a workgroup's. */
export const lanes = 64;

/** Declares what `joined` needs, for values of `type`. */
export const treeMemory = (type: "f32" | "i32"): string => `var<workgroup> parts: array<${type}, ${lanes}>;`;

/**
 * WGSL that joins variable `value` of all lanes.
 * @param join - an expression of `a` and `b`, in which they may change places.
 * @param subgroup - the least size of subgroups; 1 where there are none.
 */
export function joined(value: string, join: string, subgroup: number): string {
  const near = Math.min(subgroup, lanes);
  const exchanges: string[] = [];
  for (let bit = 1; bit < near; bit *= 2)
    exchanges.push(`  { let a = ${value}; let b = subgroupShuffleXor(${value}, ${bit}u); ${value} = ${join}; }`);
  if (near === lanes) return exchanges.join("\n");
  return `${exchanges.join("\n")}
  for (var bit = ${near}u; bit < ${lanes}u; bit *= 2u) {
    parts[lane] = ${value};
    workgroupBarrier();
    let a = ${value};
    let b = parts[lane ^ bit];
    ${value} = ${join};
    workgroupBarrier();
  }`;
}
