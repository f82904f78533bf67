/** Errors in Japanese: of sizes from their numbers, of others by phrases; and who speaks what when. */
import { afterEach, describe, expect, test } from "vitest";
import * as t from "../index.ts";
import { japanese, meanings } from "../ja.ts";
import { translated, type Phrase } from "./phrase.ts";
import { phrases } from "./phrases.ts";
import { parts } from "./phrases/parts.ts";

// Plain tensors, which types do not follow: what is wrong here is wrong on purpose.
const input: (shape: t.Shape, dtype?: t.DType) => t.Tensor = t.input;
const image = input([1, 3, 8, 8]);

function errorOf(f: () => unknown): t.TatamiError {
  try {
    f();
  } catch (error) {
    if (error instanceof t.TatamiError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

const seed = (): unknown => t.conv2d(input([10, 3, 7, 7]), input([8, 3, 3, 3]), { stride: 3 });

test.each<[string, () => unknown, string]>([
  [
    "the seed's lesson",
    seed,
    'conv2d: OH = (7 + 2·0 − 3)/3 + 1 = 2.33… は整数ではありません。ストライド 1・2・4、パディング 1 (OH = 3)、6 行に切り詰めた入力 (OH = 2)、rounding: "floor" (OH = 2、最後の 1 行は使われません)、rounding: "ceil" (OH = 3) のいずれかにしてください。',
  ],
  [
    "one dimension",
    () => t.conv1d(input([3, 8]), input([4, 3, 3]), { stride: 2 }),
    'conv1d: OW = (8 + 2·0 − 3)/2 + 1 = 3.5 は整数ではありません。ストライド 1・5、パディング [0, 1] (OW = 4)、7 列に切り詰めた入力 (OW = 3)、rounding: "floor" (OW = 3、最後の 1 列は使われません)、rounding: "ceil" (OW = 4) のいずれかにしてください。',
  ],
  [
    "a kernel too large",
    () => t.conv2d(input([1, 3, 2, 9]), input([8, 3, 5, 5])),
    "conv2d: カーネルは 5 行にわたりますが、パディングを含めた入力は 2 行 (2 + 0 + 0) しかありません。OH = (2 + 2·0 − 5)/1 + 1 は 1 より小さくなります。パディング 2 (OH = 2)、パディング [[0, 3], …] (OH = 1)、大きさ 2 のカーネル (OH = 1) のいずれかにしてください。",
  ],
  [
    "a transposed convolution of nothing",
    () => t.convTranspose2d(input([1, 3, 1, 4]), input([3, 8, 3, 3]), { padding: 2 }),
    "convTranspose2d: OH = (1 − 1)·1 − 2 − 2 + 3 + 0 = -1 は 1 より小さくなっています。パディング 1 (OH = 1) 以下にしてください。",
  ],
  [
    "channels",
    () => t.conv2d(image, input([4, 2, 3, 3])),
    "conv2d: x は 3 チャンネルですが、フィルターが受け取るのは 2 チャンネルです。フィルターの形を (FN, 3, FH, FW) にしてください",
  ],
  [
    "a rank",
    () => t.conv2d(input([8, 8]), input([4, 1, 3, 3])),
    "conv2d: x の軸は 2 本 (形は [8, 8]) ですが、3 か 4 本が必要です: (C, H, W) か (N, C, H, W)",
  ],
  [
    "broadcasting",
    () => t.add(input([2, 3]), input([4])),
    "add: 形 [2, 3] と [4] はブロードキャストできません。最後の軸で 3 と 4 が向かい合っています。同じ大きさか 1 にしてください",
  ],
  [
    "an option",
    () => t.conv2d(image, input([4, 3, 3, 3]), { stride: "2" as never }),
    'conv2d: stride が "2" です。1 以上の整数か、二つの整数 [高さ, 幅] を渡してください',
  ],
  [
    "an axis",
    () => t.sum(input([2, 3]), { axis: 2 }),
    "sum: axis が 2 ですが、テンソルは軸が 2 本です。-2 から 1 までにしてください",
  ],
])("%s", (_, f, text) => {
  expect(japanese.message(errorOf(f))).toBe(text);
});

test("a text without a phrase stays as it is, led in by what its code means", () => {
  const error = new t.TatamiError("io", "the disk is on fire", { op: "save" });
  expect(japanese.message(error)).toBe(`save: ${meanings.io}(the disk is on fire)`);
});

test("a layer's place", () => {
  const error = new t.TatamiError("channels", "…", { op: "conv2d", layers: ["2", "conv"] });
  expect(error.message).toBe("sequential: layer 2, sequential: layer conv, conv2d: …");
  expect(japanese.message(error)).toContain("sequential: 層 2、sequential: 層 conv、conv2d: ");
});

describe("speak", () => {
  afterEach(() => t.speak());

  test("from now on, where the locale is Japanese; what is data stays", () => {
    const before = errorOf(seed);
    t.speak(japanese, "ja-JP");
    const error = errorOf(seed);
    expect(error.message).toBe(japanese.message(before));
    expect(error.stack).toContain("は整数ではありません");
    expect(before.message).toBe(t.english.message(error));
    const { code, op, text, details, formula, value } = before;
    expect(error).toMatchObject({ code, op, text, details, formula, value });
    t.speak();
    expect(errorOf(seed).message).toBe(before.message);
  });

  test("elsewhere English", () => {
    t.speak(japanese, "en-GB");
    expect(errorOf(seed).message).toContain("is not an integer");
    t.speak(japanese);
    const here = new Intl.DateTimeFormat().resolvedOptions().locale;
    expect(errorOf(seed).message.includes("整数")).toBe(here.startsWith("ja"));
  });
});

describe("phrases", () => {
  const holes = (text: string): string[] => Array.from(text.matchAll(/\{\w+\}/g), ([hole]) => hole).toSorted();

  test.each([...phrases, ...parts])("%s", (english, inJapanese) => {
    expect(holes(inJapanese)).toEqual(holes(english));
    expect(new Set(holes(english)).size).toBe(holes(english).length);
  });

  test.each([phrases, parts])("none is hidden by one before it", (...table: Phrase[]) => {
    for (const [english, inJapanese] of table) {
      const filled = (text: string): string => text.replaceAll(/\{(\w+)\}/g, "«$1»");
      expect(
        translated(table, filled(english), (part) => part),
        english,
      ).toBe(filled(inJapanese));
    }
  });
});
