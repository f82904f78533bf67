import { cpu } from "@tatamijs/backend-cpu";
import { expect, test } from "vitest";
import { open, TatamiError, type BackendChoice } from "./index.ts";
import { rejected } from "./testing/rejected.ts";

test("auto takes the first that opens, and says why not the others", async () => {
  const { name, report } = await open();
  expect(name).toBe("wasm");
  expect(report.chosen).toBe("wasm");
  expect(report.variant).toContain("simd");
  expect(report.rejected.map((one) => one.name)).toEqual(["webgpu"]);
  for (const { why } of report.rejected) expect(why).toContain("not built yet");
});

test("a name, a list in order, a backend of one's own", async () => {
  expect((await open("cpu")).report.rejected).toEqual([]);
  expect((await open(["webgpu", "cpu"])).report.rejected).toHaveLength(1);
  const own = cpu();
  expect(await open(own)).toBe(own);
  expect((await open(["webgpu", cpu()])).name).toBe("cpu");
  const frozen = Object.freeze(cpu());
  expect((await open(frozen)).report.chosen).toBe("cpu");
});

test("what cannot be opened is said with every reason", async () => {
  const error = await rejected(open(["webgpu", "webgpu"]));
  expect(error.code).toBe("backend");
  expect(error.message.match(/webgpu: /g)).toHaveLength(2);
  expect((await rejected(open("webgpu"))).code).toBe("backend");
  for (const wrong of ["gpu", 3, null, [], ["cpu", "gpu"], {}]) {
    const refused = await rejected(open(wrong as BackendChoice));
    expect(refused).toBeInstanceOf(TatamiError);
    expect(refused.code).toBe("argument");
  }
});
