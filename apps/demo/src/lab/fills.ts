/** Inputs and filters at one press. */
import { changed, channelsPerGroup, type Lab } from "./state.ts";

function painted(lab: Lab, value: (y: number, x: number, map: number) => number): Lab {
  const { h, w } = lab;
  return {
    ...lab,
    x: lab.x.map((_, i) => value(Math.floor(i / w) % h, i % w, Math.floor(i / (w * h)))),
  };
}

/** What the input can be filled with. */
export const paints: Readonly<Record<"clear" | "ring" | "steps" | "noise", (lab: Lab) => Lab>> = {
  clear: (lab) => painted(lab, () => 0),
  ring: (lab) =>
    painted(lab, (y, x) => {
      const distance = Math.hypot((y + 0.5) / lab.h - 0.5, (x + 0.5) / lab.w - 0.5);
      return distance > 0.22 && distance < 0.42 ? 9 : 0;
    }),
  steps: (lab) => painted(lab, (y, x, map) => (y + x + map) % 5),
  noise: (lab) => painted(lab, () => Math.floor(Math.random() * 19) - 9),
};

/** Filter `f` becomes a known one, 3 × 3, alike in all its channels. */
export function kernels(lab: Lab, f: number, kind: "edge" | "blur" | "sharpen" | "identity"): Lab {
  const known = {
    edge: [-1, 0, 1, -2, 0, 2, -1, 0, 1],
    blur: [1, 2, 1, 2, 4, 2, 1, 2, 1].map((value) => value / 16),
    sharpen: [0, -1, 0, -1, 5, -1, 0, -1, 0],
    identity: [0, 0, 0, 0, 1, 0, 0, 0, 0],
  }[kind];
  const next = lab.kernel[0] === 3 && lab.kernel[1] === 3 ? lab : changed(lab, { kernel: [3, 3] });
  const size = channelsPerGroup(next) * 9;
  const k = next.k.map((value, i) => (Math.floor(i / size) === f ? Math.round(known[i % 9]! * 100) / 100 : value));
  return { ...next, k };
}
