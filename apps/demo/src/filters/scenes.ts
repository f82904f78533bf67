/**
 * Pictures that come with the site, drawn by these lines, with light, grain and something that moves: a room with a round window
 * (straight edges, weave), and hills over water (soft edges, haze). The same numbers give the same picture.
 */
export type SceneName = "room" | "hills";
export const sceneNames: readonly SceneName[] = ["room", "hills"];

type Pen = OffscreenCanvasRenderingContext2D;

/** Noise from a whole number: 0 to 1. */
function hash(n: number): number {
  let h = Math.imul(n ^ 0x9e3779b9, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) / 2 ** 32;
}

/** Soft noise along a line. */
function wave(x: number, seed: number): number {
  let [sum, size, step] = [0, 1, 1];
  for (let octave = 0; octave < 5; octave++) {
    const at = x * step + seed * 31;
    const [low, part] = [Math.floor(at), at - Math.floor(at)];
    const smooth = part * part * (3 - 2 * part);
    sum += size * (hash(low + octave * 7919) * (1 - smooth) + hash(low + 1 + octave * 7919) * smooth - 0.5);
    size /= 2;
    step *= 2;
  }
  return sum;
}

function gradient(pen: Pen, from: readonly number[], to: readonly number[], stops: readonly string[]): CanvasGradient {
  const made = pen.createLinearGradient(from[0]!, from[1]!, to[0]!, to[1]!);
  stops.forEach((color, k) => made.addColorStop(k / (stops.length - 1), color));
  return made;
}

function polygon(pen: Pen, points: readonly (readonly [number, number])[], fill: string | CanvasGradient): void {
  pen.beginPath();
  points.forEach(([x, y], k) => (k === 0 ? pen.moveTo(x, y) : pen.lineTo(x, y)));
  pen.closePath();
  pen.fillStyle = fill;
  pen.fill();
}

/** Film grain: a few steps of brightness, another for each pixel. */
function grain(pen: Pen, width: number, height: number): void {
  const image = pen.getImageData(0, 0, width, height);
  for (let i = 0; i < width * height; i++) {
    const off = (hash(i) + hash(i + 7) - 1) * 7;
    for (let c = 0; c < 3; c++) image.data[i * 4 + c]! += off;
  }
  pen.putImageData(image, 0, 0);
}

/** A unit is the picture's height; the origin is its upper left corner. */
interface Scene {
  still(pen: Pen, wide: number): void;
  moving(pen: Pen, wide: number, seconds: number): void;
}

const room: Scene = {
  still(pen, wide) {
    pen.fillStyle = gradient(pen, [0, 0], [wide, 0.7], ["#b89b6c", "#9a7d52", "#5f4a33"]);
    pen.fillRect(0, 0, wide, 0.7);
    // The floor: mats towards us, each with its weave and its cloth border.
    for (let mat = 0; mat < 4; mat++) {
      const edge = (k: number): [number, number][] => [
        [wide * (0.5 + (k - 2) * 0.27), 0.7],
        [wide * (0.5 + (k - 2) * 0.52), 1],
      ];
      const [left, right] = [edge(mat), edge(mat + 1)];
      polygon(
        pen,
        [left[0]!, right[0]!, right[1]!, left[1]!],
        gradient(pen, [0, 0.7], [0, 1], mat % 2 === 0 ? ["#8f8f55", "#b9b878"] : ["#85844b", "#adab69"]),
      );
      pen.strokeStyle = "#6d6c3a";
      for (let row = 1; row < 26; row++) {
        const y = 0.7 + 0.3 * (row / 26) ** 1.5;
        const share = (y - 0.7) / 0.3;
        pen.lineWidth = 0.001 + 0.0022 * share;
        pen.beginPath();
        pen.moveTo(left[0]![0] + (left[1]![0] - left[0]![0]) * share, y);
        pen.lineTo(right[0]![0] + (right[1]![0] - right[0]![0]) * share, y);
        pen.stroke();
      }
      polygon(
        pen,
        [
          [left[0]![0] - 0.006, 0.7],
          [left[0]![0] + 0.006, 0.7],
          [left[1]![0] + 0.016, 1],
          [left[1]![0] - 0.016, 1],
        ],
        "#20324c",
      );
    }
    // A paper screen with the day behind it.
    const [x0, x1, y0, y1] = [wide * 0.06, wide * 0.4, 0.1, 0.7];
    pen.fillStyle = gradient(pen, [x0, y0], [x1, y1], ["#fff8e2", "#f3e3bd", "#dcc391"]);
    pen.fillRect(x0, y0, x1 - x0, y1 - y0);
    pen.strokeStyle = "#4a3421";
    pen.lineWidth = 0.012;
    for (let k = 0; k <= 4; k++) line(pen, x0 + ((x1 - x0) * k) / 4, y0, x0 + ((x1 - x0) * k) / 4, y1);
    for (let k = 0; k <= 6; k++) line(pen, x0, y0 + ((y1 - y0) * k) / 6, x1, y0 + ((y1 - y0) * k) / 6);
    pen.lineWidth = 0.026;
    pen.strokeRect(x0, y0, x1 - x0, y1 - y0);
    // Posts and beam.
    pen.fillStyle = gradient(pen, [wide * 0.44, 0], [wide * 0.5, 0], ["#6b4a2c", "#8a6440", "#3f2a18"]);
    pen.fillRect(wide * 0.44, 0, wide * 0.045, 0.7);
    pen.fillStyle = gradient(pen, [0, 0.02], [0, 0.075], ["#7a5634", "#3b2716"]);
    pen.fillRect(0, 0.02, wide, 0.055);
    bowl(pen, wide * 0.36, 0.86);
  },
  moving(pen, wide, seconds) {
    // A round window: sky, bamboo that sways, the frame.
    const [x, y, r] = [wide * 0.74, 0.36, 0.235];
    pen.save();
    pen.beginPath();
    pen.arc(x, y, r, 0, Math.PI * 2);
    pen.clip();
    pen.fillStyle = gradient(pen, [x, y - r], [x, y + r], ["#7fa6c4", "#c5d8d6", "#efe3c4"]);
    pen.fillRect(x - r, y - r, 2 * r, 2 * r);
    for (let stalk = 0; stalk < 5; stalk++) {
      const sway = Math.sin(seconds * (0.7 + 0.13 * stalk) + stalk * 1.7) * 0.02;
      const base = x + (stalk - 2.1) * 0.105;
      pen.strokeStyle = ["#40602d", "#587a3a", "#314d25", "#6b8a48", "#4a6b33"][stalk]!;
      pen.lineWidth = 0.016 - stalk * 0.0014;
      pen.beginPath();
      pen.moveTo(base, y + r);
      pen.quadraticCurveTo(base, y, base + sway * 3, y - r);
      pen.stroke();
      for (let leaf = 0; leaf < 9; leaf++) {
        const up = hash(stalk * 40 + leaf);
        const at = base + sway * 3 * up * up;
        const turn = (hash(stalk * 40 + leaf + 11) - 0.5) * 2.6 + sway * 9 + (leaf % 2 === 0 ? 0 : Math.PI);
        pen.save();
        pen.translate(at, y + r - up * 2 * r);
        pen.rotate(turn);
        pen.fillStyle = leaf % 3 === 0 ? "#2f4a22" : leaf % 3 === 1 ? "#6f9148" : "#4c6f31";
        pen.beginPath();
        pen.ellipse(0.055, 0, 0.055, 0.009, 0, 0, Math.PI * 2);
        pen.fill();
        pen.restore();
      }
    }
    pen.restore();
    pen.strokeStyle = "#3b2716";
    pen.lineWidth = 0.022;
    pen.beginPath();
    pen.arc(x, y, r, 0, Math.PI * 2);
    pen.stroke();
  },
};

function line(pen: Pen, x0: number, y0: number, x1: number, y1: number): void {
  pen.beginPath();
  pen.moveTo(x0, y0);
  pen.lineTo(x1, y1);
  pen.stroke();
}

/** A tea bowl with its shadow. */
function bowl(pen: Pen, x: number, y: number): void {
  pen.fillStyle = "#0005";
  pen.beginPath();
  pen.ellipse(x + 0.05, y + 0.075, 0.13, 0.022, 0, 0, Math.PI * 2);
  pen.fill();
  pen.fillStyle = gradient(pen, [x - 0.1, y], [x + 0.1, y], ["#8d5b45", "#c98f6e", "#5a3626", "#2f1b12"]);
  pen.beginPath();
  pen.moveTo(x - 0.1, y - 0.045);
  pen.bezierCurveTo(x - 0.1, y + 0.05, x - 0.06, y + 0.08, x, y + 0.08);
  pen.bezierCurveTo(x + 0.06, y + 0.08, x + 0.1, y + 0.05, x + 0.1, y - 0.045);
  pen.fill();
  pen.fillStyle = "#3a2419";
  pen.beginPath();
  pen.ellipse(x, y - 0.045, 0.1, 0.026, 0, 0, Math.PI * 2);
  pen.fill();
  pen.fillStyle = "#7d9a43";
  pen.beginPath();
  pen.ellipse(x, y - 0.038, 0.082, 0.018, 0, 0, Math.PI * 2);
  pen.fill();
}

const hills: Scene = {
  still(pen, wide) {
    pen.fillStyle = gradient(pen, [0, 0], [0, 0.62], ["#4f78a6", "#a9bfcd", "#f0d9b5", "#f5c694"]);
    pen.fillRect(0, 0, wide, 0.62);
    const sun = pen.createRadialGradient(wide * 0.66, 0.4, 0.01, wide * 0.66, 0.4, 0.36);
    ["#fffbe8", "#ffe7b8dd", "#ffd49a55", "#ffd49a00"].forEach((color, k) => sun.addColorStop(k / 3, color));
    pen.fillStyle = sun;
    pen.fillRect(0, 0, wide, 0.62);
    const ridges = ["#8fa3b3", "#6d8796", "#4a6a72", "#2f4c4d", "#1f3533"];
    ridges.forEach((color, k) => {
      const points: [number, number][] = [];
      for (let i = 0; i <= 160; i++) {
        const x = (wide * i) / 160;
        const peak = k === 0 ? 0.19 * Math.exp(-(((x / wide - 0.3) / 0.14) ** 2)) : 0;
        points.push([x, 0.4 + 0.045 * k - peak - wave((x * (2.2 + k)) / wide, k + 2) * (0.09 - 0.008 * k)]);
      }
      polygon(pen, [[0, 0.64], ...points, [wide, 0.64]], color);
    });
  },
  moving(pen, wide, seconds) {
    pen.fillStyle = gradient(pen, [0, 0.62], [0, 1], ["#d9bd96", "#7d93a0", "#324c5e"]);
    pen.fillRect(0, 0.62, wide, 0.38);
    // Ripples, flat and many far off, long and few near by.
    for (let row = 0; row < 34; row++) {
      const y = 0.622 + 0.38 * (row / 34) ** 1.7;
      const depth = (y - 0.62) / 0.38;
      for (let k = 0; k < 7; k++) {
        const drift = hash(row * 13 + k) * wide + Math.sin(seconds * 0.6 + row * 0.9 + k) * 0.03 * (0.3 + depth);
        const length = (0.03 + 0.1 * hash(row * 17 + k)) * (0.4 + depth);
        const bright = Math.exp(-(((drift / wide - 0.66) / 0.13) ** 2));
        pen.fillStyle =
          bright > 0.35 ? `rgb(255 236 196 / ${0.75 - depth * 0.4})` : k % 2 === 0 ? "#22394a66" : "#e8d7ba40";
        pen.fillRect(drift - length / 2, y, length, 0.0025 + 0.006 * depth);
      }
    }
    // Reeds by the shore.
    pen.lineCap = "round";
    for (let reed = 0; reed < 46; reed++) {
      const x = wide * (reed < 30 ? 0.26 * hash(reed) : 0.84 + 0.16 * hash(reed));
      const tall = 0.16 + 0.26 * hash(reed + 100);
      const sway = Math.sin(seconds * 0.9 + x * 6) * 0.03 + (hash(reed + 200) - 0.5) * 0.08;
      pen.strokeStyle = reed % 3 === 0 ? "#6f6a35" : reed % 3 === 1 ? "#1d2a1c" : "#3b4524";
      pen.lineWidth = 0.003 + 0.003 * hash(reed + 300);
      pen.beginPath();
      pen.moveTo(x, 1.01);
      pen.quadraticCurveTo(x, 1 - tall * 0.6, x + sway, 1 - tall);
      pen.stroke();
    }
  },
};

const scenes: Readonly<Record<SceneName, Scene>> = { room, hills };
const still = new Map<string, OffscreenCanvas>();

/** Draws a scene as it is after so many seconds. */
export function drawScene(pen: Pen, name: SceneName, width: number, height: number, seconds: number): void {
  const scene = scenes[name];
  const key = `${name} ${width} ${height}`;
  let behind = still.get(key);
  if (behind === undefined) {
    behind = new OffscreenCanvas(width, height);
    const first = behind.getContext("2d")!;
    first.scale(height, height);
    scene.still(first, width / height);
    grain(first, width, height);
    still.clear();
    still.set(key, behind);
  }
  pen.setTransform(1, 0, 0, 1, 0, 0);
  pen.drawImage(behind, 0, 0);
  pen.scale(height, height);
  scene.moving(pen, width / height, seconds);
  pen.setTransform(1, 0, 0, 1, 0, 0);
}
