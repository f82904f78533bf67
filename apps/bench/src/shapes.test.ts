import { describe, expect, it } from "vitest";
import { seeded } from "./layers.ts";
import { leNet, mobileNetV2, resNet18, squeezeNet } from "./networks.ts";
import { channelsFirst, channelsLast, multiplyAdds, netFirst, shapesOf } from "./shapes.ts";

describe("shapes", () => {
  it("come out at the networks' classes, with the multiply–adds that their papers give", () => {
    expect(shapesOf(leNet(32)).at(-1)).toEqual([32, 10]);
    expect(shapesOf(squeezeNet()).at(-1)).toEqual([1, 1000]);
    expect(multiplyAdds(mobileNetV2()) / 1e6).toBeCloseTo(300, -1);
    expect(multiplyAdds(resNet18()) / 1e9).toBeCloseTo(1.8, 1);
  });

  it("layouts turn into each other", () => {
    const values = seeded(2 * 3 * 4 * 5, 1);
    const turned = channelsFirst(values, [2, 3, 4, 5]);
    expect(turned[((1 * 5 + 4) * 3 + 2) * 4 + 1]).toBe(values[((1 * 3 + 2) * 4 + 1) * 5 + 4]);
    expect(channelsLast(turned, [2, 3, 4, 5])).toEqual(values);
  });

  it("a dense layer behind flatten reads (C, H, W)", () => {
    const net = leNet(1);
    const at = net.layers.findIndex(({ kind }) => kind === "linear");
    const [before, after] = [net.layers[at]!, netFirst(net).layers[at]!];
    if (before.kind !== "linear" || after.kind !== "linear") throw new Error("no dense layer");
    const [h, w, c] = [5, 5, 16];
    // Row 3, place (y 1, x 2, channel 7).
    expect(after.weights[3 * 400 + (7 * h + 1) * w + 2]).toBe(before.weights[3 * 400 + (1 * w + 2) * c + 7]);
    expect(netFirst(net).layers.at(-1)).toBe(net.layers.at(-1));
  });
});
