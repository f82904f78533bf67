/** The door for authors of backends. */
import { describe, expect, test } from "vitest";
import * as backend from "./backend.ts";
import type { Attrs, Backend, Call, Kernel, Kernels } from "./backend.ts";
import * as core from "./index.ts";

describe("kernelTable", () => {
  const relu: Kernel = { inPlace: [0] };
  const kernels: Kernels<Kernel> = backend.kernelTable<Kernel>({
    unary: ({ attrs }) => (attrs.fn === "relu" ? relu : backend.decline(`no ${attrs.fn}`)),
    softmax: () => ({ scratch: 16 }),
  });
  const call = <N extends backend.OpName>(op: N, attrs: Attrs<N>): Call<N> => ({
    op,
    attrs,
    inputs: [{ shape: [2], dtype: "f32" }],
    output: { shape: [2], dtype: "f32" },
  });

  test("answers with kernels, and declines by name what it does not have", async () => {
    expect(await kernels.unary(call("unary", { fn: "relu" }))).toBe(relu);
    const answer = await kernels.unary(call("unary", { fn: "erf" }));
    expect(backend.isDeclined(answer) && answer.declined).toBe("no erf");
    const missing = await kernels.detach(call("detach", {}));
    expect(backend.isDeclined(missing) && missing.declined).toBe("no kernel for detach");
    expect(Object.keys(kernels).toSorted()).toEqual([...backend.primitiveNames, "softmax"].toSorted());
    expect(kernels.gelu).toBeUndefined();
  });

  test("refuses names that are no ops and kernels that are no functions", () => {
    const table = backend.kernelTable as (table: unknown) => unknown;
    expect(() => table({ convolve: () => relu })).toThrow("kernels.convolve: there is no such op");
    expect(() => table({ unary: relu })).toThrow("give (call) => kernel");
    expect(() => table(null)).toThrow(backend.TatamiError);
    expect(() => backend.isDeclined(undefined as never)).toThrow('decline("why")');
  });
});

test("both doors lead to one house: one error class, one set of names", () => {
  expect(backend.TatamiError).toBe(core.TatamiError);
  expect(backend.primitiveNames).toBe(core.primitiveNames);
  expect(backend.contractVersion).toMatch(/^\d+\.\d+$/);
  const anyBackend = (b: Backend): string => b.name;
  expect(typeof anyBackend).toBe("function");
});

test("records are named as their tables name them, and leaves are in neither", () => {
  for (const [name, op] of Object.entries({ ...core.primitives, ...core.composites })) expect(op.name).toBe(name);
  expect(Object.values(core.primitives).every((op) => op.leaf === undefined)).toBe(true);
  expect(core.input([1]).op.kind === "primitive" && core.input([1]).op).toMatchObject({ leaf: "input" });
});
