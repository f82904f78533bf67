/**
 * A lab as text for an address: one byte per setting, one per number of the input, two per number of the filters, deflated,
 * base64 with the letters of addresses. And back: what a stranger wrote into an address is checked before it is shown.
 */
import { channelsPerGroup, most, type Lab } from "./state.ts";

const version = 1;
const ops = ["conv2d", "maxPool2d", "avgPool2d"] as const;

function bytesOf(lab: Lab): Uint8Array {
  const { n, c, h, w, fn, kernel, stride, padding, dilation, groups } = lab;
  const head = [version, ops.indexOf(lab.op), n, c, h, w, fn, ...kernel, ...stride, ...padding, ...dilation, groups];
  const flags = [(lab.bias ? 1 : 0) | (lab.rounding === "floor" ? 2 : 0)];
  const numbers = [...lab.k, ...lab.b].map((value) => Math.round(value * 100));
  const bytes = new Uint8Array(head.length + 1 + lab.x.length + numbers.length * 2);
  bytes.set([...head, ...flags]);
  bytes.set(Int8Array.from(lab.x), head.length + 1);
  const view = new DataView(bytes.buffer);
  numbers.forEach((value, i) => view.setInt16(head.length + 1 + lab.x.length + 2 * i, value));
  return bytes;
}

/** Undefined for anything that is no lab. */
function labOf(bytes: Uint8Array): Lab | undefined {
  const header = 19;
  if (bytes.length < header || bytes[0] !== version) return undefined;
  const [, op = 0, n = 0, c = 0, h = 0, w = 0, fn = 0, fh = 0, fw = 0, sy = 0, sx = 0, ...rest] = bytes.subarray(
    0,
    header,
  );
  const [top = 0, left = 0, bottom = 0, right = 0, dy = 0, dx = 0, groups = 0, flags = 0] = rest;
  const within = (value: number, high: number): boolean => value >= 1 && value <= high;
  const sound =
    ops[op] !== undefined &&
    within(n, most.n) &&
    within(c, most.c) &&
    [h, w].every((v) => within(v, most.size)) &&
    within(fn, most.fn) &&
    [fh, fw].every((v) => within(v, most.kernel)) &&
    [sy, sx].every((v) => within(v, most.stride)) &&
    [top, left, bottom, right].every((v) => v <= most.padding) &&
    [dy, dx].every((v) => within(v, most.dilation)) &&
    groups >= 1 &&
    c % groups === 0 &&
    fn % groups === 0;
  if (!sound) return undefined;
  const inputs = n * c * h * w;
  const weights = fn * channelsPerGroup({ c, groups }) * fh * fw;
  if (bytes.length !== header + inputs + 2 * (weights + fn)) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const number = (i: number): number => view.getInt16(header + inputs + 2 * i) / 100;
  return {
    op: ops[op]!,
    n,
    c,
    h,
    w,
    fn,
    kernel: [fh, fw],
    stride: [sy, sx],
    padding: [top, left, bottom, right],
    dilation: [dy, dx],
    groups,
    bias: (flags & 1) !== 0,
    rounding: (flags & 2) !== 0 ? "floor" : "exact",
    x: Array.from({ length: inputs }, (_, i) => view.getInt8(header + i)),
    k: Array.from({ length: weights }, (_, i) => number(i)),
    b: Array.from({ length: fn }, (_, i) => number(weights + i)),
  };
}

async function through(bytes: Uint8Array<ArrayBuffer>, stream: GenericTransformStream): Promise<Uint8Array> {
  return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(stream)).arrayBuffer());
}

export async function toText(lab: Lab): Promise<string> {
  const packed = await through(bytesOf(lab) as Uint8Array<ArrayBuffer>, new CompressionStream("deflate-raw"));
  return btoa(String.fromCharCode(...packed))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}

/** Undefined for a text that is no lab: cut, mistyped, of another version. */
export async function fromText(text: string): Promise<Lab | undefined> {
  // A deflated lab is never long; what is, may be a bomb.
  if (text.length > 60_000) return undefined;
  try {
    const raw = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    const packed = Uint8Array.from(raw, (letter) => letter.charCodeAt(0));
    return labOf(await through(packed, new DecompressionStream("deflate-raw")));
  } catch {
    return undefined;
  }
}
