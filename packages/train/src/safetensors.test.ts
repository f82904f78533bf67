import { TatamiError } from "@tatamijs/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readSafetensors, writeSafetensors } from "./safetensors.ts";
import type { StoredTensor } from "./safetensors.ts";

/** A file with this header text (padded as given, not by us) and these values. */
function file(header: string, data: Uint8Array | number = 0, claimed?: bigint): Uint8Array {
  const text = new TextEncoder().encode(header);
  const values = typeof data === "number" ? new Uint8Array(data) : data;
  const bytes = new Uint8Array(8 + text.length + values.length);
  new DataView(bytes.buffer).setBigUint64(0, claimed ?? BigInt(text.length), true);
  bytes.set(text, 8);
  bytes.set(values, 8 + text.length);
  return bytes;
}

function entry(dtype: string, shape: readonly number[], begin: number, end: number): string {
  return `{"dtype":"${dtype}","shape":[${shape.join(",")}],"data_offsets":[${begin},${end}]}`;
}

function caught(run: () => unknown): TatamiError {
  try {
    run();
  } catch (error) {
    if (error instanceof TatamiError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

/** "bytes", or "error" for a TatamiError; any other error goes on. */
function outcome(run: () => unknown): string {
  try {
    run();
    return "bytes";
  } catch (error) {
    if (error instanceof TatamiError) return "error";
    throw error;
  }
}

const samples: readonly (readonly [string, StoredTensor])[] = [
  ["0.weight", { dtype: "f32", shape: [2, 3], data: new Float32Array([1, -2, 3.5, Number.NaN, Infinity, -0]) }],
  ["half", { dtype: "f16", shape: [3], data: new Float16Array([1, 0.5, -65504]) }],
  ["1.num_batches_tracked", { dtype: "i64", shape: [], data: new BigInt64Array([-(2n ** 62n)]) }],
  ["counter", { dtype: "i32", shape: [1], data: new Int32Array([-7]) }],
  ["odd", { dtype: "u8", shape: [3], data: new Uint8Array([1, 2, 255]) }],
  ["mask", { dtype: "bool", shape: [1, 2], data: new Uint8Array([0, 1]) }],
  ["empty", { dtype: "f32", shape: [0, 4], data: new Float32Array(0) }],
  ["__proto__", { dtype: "u8", shape: [1], data: new Uint8Array([9]) }],
  ['naïve "畳"\n', { dtype: "u8", shape: [1], data: new Uint8Array([8]) }],
];

describe("writing and reading", () => {
  test("every dtype comes back as it went in", () => {
    const metadata = [["format", "pt"] as const, ["__proto__", "kept"] as const];
    const read = readSafetensors(writeSafetensors({ tensors: samples, metadata }));
    expect(new Map(read.tensors)).toEqual(new Map(samples));
    expect(new Map(read.metadata)).toEqual(new Map(metadata));
  });

  test("equal content gives equal bytes, whatever the order", () => {
    const a = writeSafetensors({
      tensors: samples,
      metadata: [
        ["a", "1"],
        ["b", "2"],
      ],
    });
    const b = writeSafetensors({
      tensors: samples.toReversed(),
      metadata: [
        ["b", "2"],
        ["a", "1"],
      ],
    });
    expect(a).toEqual(b);
  });

  test("the bytes of a small file are these, as the format says", () => {
    const bytes = writeSafetensors({ tensors: [["w", { dtype: "u8", shape: [2], data: new Uint8Array([5, 6]) }]] });
    const header = '{"w":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}   ';
    expect(bytes).toEqual(file(header, new Uint8Array([5, 6])));
  });

  test("a view into a larger buffer is written as itself alone", () => {
    const data = new Float32Array([0, 1, 2, 3]).subarray(1, 3);
    const read = readSafetensors(writeSafetensors({ tensors: [["w", { dtype: "f32", shape: [2], data }]] }));
    expect(read.tensors.get("w")?.data).toEqual(new Float32Array([1, 2]));
  });

  test("values at an odd byte of the file, in bytes at an odd place of memory", () => {
    const values = new Uint8Array(9);
    values.set(new Uint8Array(new Float32Array([1.25, -3]).buffer), 1);
    const bytes = file(`{"a":${entry("U8", [1], 0, 1)},"b":${entry("F32", [2], 1, 9)}}`, values);
    for (const shift of [0, 1, 2, 3, 5]) {
      const memory = new Uint8Array(bytes.length + shift);
      memory.set(bytes, shift);
      const { tensors } = readSafetensors(memory.subarray(shift));
      expect(tensors.get("b")?.data).toEqual(new Float32Array([1.25, -3]));
    }
  });

  test("what was read keeps its values when the file's bytes change", () => {
    const bytes = writeSafetensors({ tensors: samples });
    const { tensors } = readSafetensors(bytes);
    bytes.fill(0);
    expect(tensors.get("counter")?.data).toEqual(new Int32Array([-7]));
  });

  test("BF16 is widened exactly", () => {
    const bits = new Uint16Array([0x3f80, 0xc049, 0x7f80, 0x0001]);
    const { tensors } = readSafetensors(file(`{"w":${entry("BF16", [4], 0, 8)}}`, new Uint8Array(bits.buffer)));
    expect(tensors.get("w")).toEqual({
      dtype: "f32",
      shape: [4],
      data: new Float32Array([1, -3.140625, Infinity, 2 ** -133]),
    });
  });

  test("no tensors, and spaces around", () => {
    expect(readSafetensors(file("{}")).tensors.size).toBe(0);
    expect(readSafetensors(file('{ "__metadata__" : { } } \n\t ')).metadata.size).toBe(0);
  });

  test("any tensors round-trip", () => {
    const tensor = fc.oneof(
      fc.float32Array({ maxLength: 20 }).map((data): StoredTensor => ({ dtype: "f32", shape: [data.length], data })),
      fc.uint8Array({ maxLength: 20 }).map((data): StoredTensor => ({ dtype: "u8", shape: [1, data.length], data })),
      fc.int32Array({ maxLength: 20 }).map((data): StoredTensor => ({ dtype: "i32", shape: [data.length, 1], data })),
    );
    const text = fc.string({ unit: "binary" });
    const name = text.filter((one) => one !== "__metadata__");
    fc.assert(
      fc.property(fc.array(fc.tuple(name, tensor)), fc.array(fc.tuple(text, text)), (pairs, notes) => {
        const tensors = new Map(pairs);
        const metadata = new Map(notes);
        const read = readSafetensors(writeSafetensors({ tensors, metadata }));
        expect(new Map(read.tensors)).toEqual(tensors);
        expect(new Map(read.metadata)).toEqual(metadata);
      }),
    );
  });
});

describe("a file that is damaged or lies", () => {
  const one = entry("F32", [2], 0, 8);
  const cases: readonly (readonly [what: string, bytes: Uint8Array, code: string, text: RegExp])[] = [
    ["empty", new Uint8Array(0), "format", /0 bytes, wanted at least 8/],
    ["shorter than its length word", new Uint8Array(7), "format", /7 bytes, wanted at least 8/],
    ["a header longer than the file", file("{}", 0, 3n), "format", /claims 3 bytes, but only 2 follow/],
    ["a header over the limit", file("{}", 0, 100_000_001n), "format", /wanted at most 100000000/],
    ["a header of 2^64 − 1 bytes", file("{}", 0, 2n ** 64n - 1n), "format", /wanted at most/],
    ["a header of 0 bytes", file("", 4), "format", /wanted 123, an opening brace/],
    ["leading space", file(" {}"), "format", /begins with byte 32/],
    ["no UTF-8", file("{}", 0).map((byte, i) => (i === 9 ? 0xff : byte)), "format", /not valid UTF-8/],
    ["no JSON", file("{]"), "format", /at character 1: found "\]"/],
    ["cut JSON", file('{"w":'), "format", /the header ends/],
    ["cut text", file('{"w'), "format", /ends inside a text/],
    ["text after the end", file("{}x"), "format", /nothing after the closing brace/],
    ["trailing comma", file(`{"w":${one},}`, 8), "format", /a text in double quotes/],
    ["a name twice", file(`{"w":${one},"w":${one}}`, 8), "format", /the key "w" twice/],
    ["a name twice, once escaped", file(`{"w":${one},"\\u0077":${one}}`, 8), "format", /the key "w" twice/],
    [
      "dtype twice",
      file('{"w":{"dtype":"F32","dtype":"U8","shape":[],"data_offsets":[0,1]}}', 1),
      "format",
      /"dtype" twice/,
    ],
    ["metadata twice", file('{"__metadata__":{},"__metadata__":{}}'), "format", /twice/],
    [
      "a metadata key twice",
      file('{"__metadata__":{"a":"1","a":"2"}}'),
      "format",
      /__metadata__ has the key "a" twice/,
    ],
    ["metadata that is no text", file('{"__metadata__":{"a":1}}'), "format", /a text in double quotes/],
    ["a lone surrogate", file('{"__metadata__":{"a":"\\ud800"}}'), "format", /whole characters/],
    ["an unknown key", file('{"w":{"type":"F32"}}'), "format", /tensor "w" has a key "type"/],
    ["no shape", file('{"w":{"dtype":"F32","data_offsets":[0,8]}}', 8), "format", /has no "shape"/],
    ["three offsets", file('{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8,8]}}', 8), "format", /at most 2/],
    ["one offset", file('{"w":{"dtype":"F32","shape":[2],"data_offsets":[0]}}', 8), "format", /wanted two whole/],
    ["a negative size", file(`{"w":${entry("F32", [-2], 0, 8)}}`, 8), "format", /found "-", wanted a whole number/],
    ["a fractional size", file(`{"w":${entry("F32", [2.5], 0, 8)}}`, 8), "format", /a whole number/],
    ["an exponent", file('{"w":{"dtype":"F32","shape":[2e0],"data_offsets":[0,8]}}', 8), "format", /a whole number/],
    ["a leading zero", file('{"w":{"dtype":"F32","shape":[02],"data_offsets":[0,8]}}', 8), "format", /a whole number/],
    ["2^53", file('{"w":{"dtype":"F32","shape":[9007199254740992],"data_offsets":[0,8]}}', 8), "format", /a whole/],
    [
      "a shape of 65 axes",
      file(
        `{"w":${entry(
          "F32",
          Array.from({ length: 65 }, () => 1),
          0,
          4,
        )}}`,
        4,
      ),
      "format",
      /more than 64/,
    ],
    [
      "a size that isn't shape × dtype",
      file(`{"w":${entry("F32", [3], 0, 8)}}`, 8),
      "format",
      /spans 8 bytes, but F32 of shape \[3\] needs 12/,
    ],
    [
      "a product beyond counting",
      file(`{"w":${entry("F32", [2 ** 40, 2 ** 40], 0, 8)}}`, 8),
      "format",
      /more bytes than can be counted/,
    ],
    ["petabytes", file(`{"w":${entry("F32", [2 ** 40], 0, 2 ** 42)}}`, 8), "format", /the file holds only 8 bytes/],
    ["end before begin", file(`{"w":${entry("F32", [0], 8, 4)}}`, 8), "format", /spans -4 bytes/],
    ["truncated values", file(`{"w":${one}}`, 7), "format", /ends at byte 8, but the file holds only 7/],
    ["bytes left over", file(`{"w":${one}}`, 9), "format", /1 bytes follow the last tensor/],
    [
      "a hole at the front",
      file(`{"w":${entry("F32", [1], 4, 8)}}`, 8),
      "format",
      /leaves a hole before it, wanted byte 0/,
    ],
    [
      "a hole",
      file(`{"a":${entry("U8", [1], 0, 1)},"b":${entry("U8", [1], 2, 3)}}`, 3),
      "format",
      /"b" begins at byte 2 and leaves a hole/,
    ],
    [
      "an overlap",
      file(`{"a":${entry("U8", [2], 0, 2)},"b":${entry("U8", [2], 1, 3)}}`, 3),
      "format",
      /"b" begins at byte 1 and overlaps/,
    ],
    ["one place twice", file(`{"a":${one},"b":${one}}`, 8), "format", /overlaps/],
    [
      "a BOOL of 2",
      file(`{"w":${entry("BOOL", [2], 0, 2)}}`, new Uint8Array([1, 2])),
      "format",
      /holds 2 at element 1/,
    ],
    [
      "F64",
      file(`{"w":${entry("F64", [1], 0, 8)}}`, 8),
      "dtype",
      /"w" is of dtype "F64", wanted one of F32, F16, I32.*tensor\.float\(\)/,
    ],
  ];
  test.each(cases)("%s", (_, bytes, code, text) => {
    const error = caught(() => readSafetensors(bytes));
    expect(error.message).toMatch(text);
    expect(error.code).toBe(code);
  });

  test("something other than bytes", () => {
    for (const value of [undefined, null, 3, "x", {}, [], new Float32Array(3), new ArrayBuffer(8)]) {
      expect(caught(() => readSafetensors(value as Uint8Array)).code).toBe("argument");
    }
  });

  test("every truncation of a good file", () => {
    const bytes = writeSafetensors({ tensors: samples, metadata: [["a", "b"]] });
    for (let length = 0; length < bytes.length; length++) {
      expect(caught(() => readSafetensors(bytes.subarray(0, length))).code).toBe("format");
    }
  });

  test("any bytes at all: a reading or a TatamiError", () => {
    const good = writeSafetensors({ tensors: samples, metadata: [["a", "b"]] });
    const edit = fc.tuple(
      fc.nat(good.length - 1),
      fc.oneof(fc.nat(255), fc.constantFrom(...Buffer.from('0129{}[]",:\\'))),
    );
    const mutated = fc.array(edit, { minLength: 1, maxLength: 8 }).map((edits) => {
      const bytes = good.slice();
      for (const [at, byte] of edits) bytes[at] = byte;
      return bytes;
    });
    const headers = fc.string({
      unit: fc.constantFrom("{", "}", '"', ":", ",", "[", "]", "0", "8", "w", " ", "\\", "-"),
    });
    const any = fc.oneof(
      mutated,
      headers.map((text) => file(text, 8)),
      fc.uint8Array({ maxLength: 64 }),
    );
    fc.assert(
      fc.property(any, (bytes) => {
        try {
          const { tensors } = readSafetensors(bytes);
          for (const { shape, data } of tensors.values()) expect(data.length).toBe(shape.reduce((a, b) => a * b, 1));
        } catch (error) {
          if (!(error instanceof TatamiError)) throw error;
        }
      }),
      { numRuns: 5000 },
    );
  });
});

describe("writing what cannot be written", () => {
  const tensor: StoredTensor = { dtype: "f32", shape: [1], data: new Float32Array(1) };
  const cases: readonly (readonly [what: string, input: unknown, code: string, text: RegExp])[] = [
    ["no tensors", {}, "argument", /tensors is undefined, wanted a Map/],
    ["a record", { tensors: { w: tensor } }, "argument", /wanted a Map, or Object.entries/],
    ["no pairs", { tensors: [tensor] }, "argument", /wanted \[name, value\]/],
    [
      "a name twice",
      {
        tensors: [
          ["w", tensor],
          ["w", tensor],
        ],
      },
      "argument",
      /the name "w" twice/,
    ],
    ["a name that is no text", { tensors: [[3, tensor]] }, "argument", /a name in tensors is 3/],
    ["the reserved name", { tensors: [["__metadata__", tensor]] }, "argument", /keeps for metadata/],
    ["no tensor", { tensors: [["w", null]] }, "argument", /tensor "w" is null/],
    ["an unknown dtype", { tensors: [["w", { ...tensor, dtype: "f64" }]] }, "dtype", /"w" is of dtype "f64"/],
    ["an inherited dtype", { tensors: [["w", { ...tensor, dtype: "toString" }]] }, "dtype", /wanted one of f32/],
    ["values of another type", { tensors: [["w", { ...tensor, dtype: "i32" }]] }, "dtype", /wanted a Int32Array/],
    ["a plain array", { tensors: [["w", { ...tensor, data: [1] }]] }, "dtype", /wanted a Float32Array/],
    [
      "too few values",
      { tensors: [["w", { ...tensor, shape: [2] }]] },
      "data-length",
      /1 values, wanted 2 for shape \[2\]/,
    ],
    ["a fractional size", { tensors: [["w", { ...tensor, shape: [0.5] }]] }, "argument", /wanted whole sizes/],
    ["NaN as size", { tensors: [["w", { ...tensor, shape: [Number.NaN] }]] }, "argument", /wanted whole sizes/],
    [
      "a bool of 2",
      { tensors: [["w", { dtype: "bool", shape: [1], data: new Uint8Array([2]) }]] },
      "argument",
      /other than 0 and 1/,
    ],
    ["metadata that is no text", { tensors: [], metadata: [["a", 1]] }, "argument", /metadata "a" is 1/],
    ["a lone surrogate", { tensors: [["\ud800", tensor]] }, "argument", /whole characters/],
  ];
  test.each(cases)("%s", (_, input, code, text) => {
    const error = caught(() => writeSafetensors(input as Parameters<typeof writeSafetensors>[0]));
    expect(error.message).toMatch(text);
    expect(error.code).toBe(code);
  });

  test("any argument at all: bytes or a TatamiError", () => {
    fc.assert(
      fc.property(fc.anything({ withBigInt: true, withNullPrototype: true, withTypedArray: true }), (value) => {
        for (const input of [
          value,
          { tensors: value },
          { tensors: [["w", value]] },
          { tensors: [], metadata: value },
        ]) {
          expect(outcome(() => writeSafetensors(input as Parameters<typeof writeSafetensors>[0]))).toMatch(
            /^(bytes|error)$/,
          );
        }
      }),
      { numRuns: 1000 },
    );
  });
});
