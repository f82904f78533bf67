import { describe, expect, test } from "vitest";
import { assembly } from "./testing/assembly.ts";

const here = typeof Float16Array !== "undefined";

describe.skipIf(!here)(`f16 and f32${here ? "" : " (skipped: no Float16Array here)"}`, () => {
  for (const build of ["simd", "relaxed"] as const) {
    test(`${build}: every half widens to the float that it is, and rounds back to itself`, async () => {
      const { bytes, base, call } = await assembly(build);
      const count = 65536;
      const halves = new Uint16Array(bytes, base, count).map((_, i) => i);
      new Uint16Array(bytes, base, count).set(halves);
      const wide = base + count * 2;
      call("widen", count / 8192, [wide, base, count]);
      const values = new Float16Array(halves.buffer);
      const got = new Float32Array(bytes, wide, count);
      expect(values.findIndex((value, i) => !Object.is(value, got[i]))).toBe(-1);
      const back = wide + count * 4;
      call("round", count / 8192, [back, wide, count]);
      const again = new Float16Array(bytes, back, count);
      expect(values.findIndex((value, i) => !Object.is(value, again[i]))).toBe(-1);
    });

    test(`${build}: floats round to the nearest half, ties to even`, async () => {
      const { bytes, base, call } = await assembly(build);
      // Each half, the middle between it and the next, and the floats beside both; what is beyond the largest; NaNs.
      const list: number[] = [
        65519.996,
        65520,
        65536,
        1e10,
        Infinity,
        NaN,
        2 ** -25,
        2 ** -25 * 1.0000001,
        2 ** -26,
        1e-40,
      ];
      const word = new DataView(new ArrayBuffer(4));
      for (let bits = 0; bits < 0x7bff; bits++) {
        const [low, high] = new Float16Array(Uint16Array.of(bits, bits + 1).buffer);
        for (const value of [low!, (low! + high!) / 2]) {
          word.setFloat32(0, value);
          for (const beside of [-1, 0, 1]) {
            const at = word.getInt32(0) + beside;
            if (at < 0) continue;
            const one = new DataView(new ArrayBuffer(4));
            one.setInt32(0, at);
            list.push(one.getFloat32(0));
          }
        }
      }
      const floats = Float32Array.from([...list, ...list.map((x) => -x)]);
      const count = floats.length;
      new Float32Array(bytes, base, count).set(floats);
      const to = base + Math.ceil(count / 16) * 64;
      call("round", Math.ceil(count / 8192), [to, base, count]);
      const got = new Float16Array(bytes, to, count);
      const wanted = Float16Array.from(floats);
      expect(wanted.findIndex((value, i) => !Object.is(value, got[i]))).toBe(-1);
    });
  }
});
