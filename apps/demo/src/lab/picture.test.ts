// A picture's bytes as the numbers of a lab.
import { expect, test } from "vitest";
import { numbers } from "./picture.ts";

const rgba = [255, 0, 0, 255, 0, 255, 0, 255, 255, 255, 255, 255, 0, 0, 0, 255];

test("one channel is the brightness, in each image", () => {
  expect(numbers(rgba, 8, 1)).toEqual([27, 91, 127, 0, 27, 91, 127, 0]);
});

test("of four channels three are the colours, and the last the brightness", () => {
  expect(numbers(rgba, 16, 4)).toEqual([127, 0, 127, 0, 0, 127, 127, 0, 0, 0, 127, 0, 27, 91, 127, 0]);
});
