import { expect, test } from "vitest";
import { drawnDigits } from "./drawn.ts";
import { shown } from "./shown.ts";

const pictures = drawnDigits({ count: 20, seed: 5 });

function reading(digits: Uint8Array): { digits: Uint8Array; probabilities: Float32Array } {
  const probabilities = new Float32Array(digits.length * 10);
  digits.forEach((digit, i) => (probabilities[i * 10 + digit] = 0.97345));
  return { digits, probabilities };
}

test("six different digits when all are read", () => {
  const six = shown(pictures, reading(pictures.labels));
  expect(six.map(({ caption }) => caption)).toEqual([0, 1, 2, 3, 4, 5].map((digit) => [`${digit}   0.973`]));
  expect(six[3]?.image).toEqual(pictures.images.subarray(3 * 784, 4 * 784));
});

test("the sixth is the first that was misread, and says what it is", () => {
  const digits = pictures.labels.slice();
  digits[12] = 7;
  digits[13] = 8;
  const six = shown(pictures, reading(digits));
  expect(six).toHaveLength(6);
  expect(six.slice(0, 5).map(({ caption }) => caption.length)).toEqual([1, 1, 1, 1, 1]);
  expect(six[5]?.caption).toEqual(["7   0.973", "(is 2)"]);
  expect(six[5]?.image).toEqual(pictures.images.subarray(12 * 784, 13 * 784));
});

test("a small set shows what it has", () => {
  expect(shown(drawnDigits({ count: 2, seed: 1 }), reading(Uint8Array.of(0, 1)))).toHaveLength(2);
});
