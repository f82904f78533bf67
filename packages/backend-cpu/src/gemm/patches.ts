/**
 * Sides of a product that are windows of an image (im2col), written straight into the panels.
 *
 * Row m of the matrix is the window of output pixel m = (n, oy, ox): FH · FW · C elements, those outside the image 0.
 */
import type { Geometry } from "@tatamijs/core/backend";
import type { Block, Side, Triple } from "./product.ts";

/** An NHWC map, and which of its channels are meant. */
export interface Patches {
  readonly x: Float32Array;
  readonly geometry: Geometry;
  /** Channels of x. */
  readonly channels: number;
  /** First channel of the group, and how many it has. */
  readonly from: number;
  readonly count: number;
}

/** Row = pixel, element = place in the window: for conv2d. Blocks are always whole rows. */
export function patches(spec: Patches): Side {
  const { x, geometry, channels, from, count } = spec;
  const [h, w] = geometry.input;
  const [oh, ow] = geometry.output;
  const [fh, fw] = geometry.kernel;
  const [sh, sw] = geometry.stride;
  const [dh, dw] = geometry.dilation;
  const [top, left] = geometry.padding;
  return ({ first, cut, from: skip, depth }: Block, into: Triple) => {
    const starts = [first, first + cut.second, first + cut.third];
    const whole = skip === 0 && depth === fh * fw * count;
    return () => {
      for (let i = 0; i < 3; i++) {
        if (whole)
          gatherPatches(
            into[i]!,
            x,
            starts[i]!,
            cut.size,
            h,
            w,
            oh,
            ow,
            fh,
            fw,
            sh,
            sw,
            dh,
            dw,
            top,
            left,
            channels,
            from,
            count,
          );
        else gatherPart(into[i]!, x, starts[i]!, cut.size, skip, depth, spec);
      }
    };
  };
}

function gatherPatches(
  panel: Float64Array,
  x: Float32Array,
  pixel: number,
  pixels: number,
  h: number,
  w: number,
  oh: number,
  ow: number,
  fh: number,
  fw: number,
  sh: number,
  sw: number,
  dh: number,
  dw: number,
  top: number,
  left: number,
  channels: number,
  from: number,
  count: number,
): void {
  let ox = pixel % ow;
  let oy = ((pixel / ow) | 0) % oh;
  let image = ((pixel / (ow * oh)) | 0) * h * w * channels + from;
  let to = 0;
  const dense = dw === 1 && count === channels;
  const segment = fw * count;
  for (let m = 0; m < pixels; m++) {
    const x0 = ox * sw - left;
    for (let i = 0; i < fh; i++) {
      const y = oy * sh + i * dh - top;
      if (y < 0 || y >= h) {
        const end = to + segment;
        while (to < end) panel[to++] = 0;
      } else if (dense && x0 >= 0 && x0 + fw <= w) {
        let at = image + (y * w + x0) * channels;
        const end = (to + segment) | 0;
        const four = (end - 3) | 0;
        while (to < four) {
          panel[to] = x[at]!;
          panel[(to + 1) | 0] = x[(at + 1) | 0]!;
          panel[(to + 2) | 0] = x[(at + 2) | 0]!;
          panel[(to + 3) | 0] = x[(at + 3) | 0]!;
          to = (to + 4) | 0;
          at = (at + 4) | 0;
        }
        while (to < end) {
          panel[to] = x[at]!;
          to = (to + 1) | 0;
          at = (at + 1) | 0;
        }
      } else {
        let xx = x0;
        for (let j = 0; j < fw; j++) {
          const end = to + count;
          if (xx < 0 || xx >= w) {
            while (to < end) panel[to++] = 0;
          } else {
            let at = image + (y * w + xx) * channels;
            while (to < end) panel[to++] = x[at++]!;
          }
          xx += dw;
        }
      }
    }
    if (++ox === ow) {
      ox = 0;
      if (++oy === oh) {
        oy = 0;
        image += h * w * channels;
      }
    }
  }
}

/** Windows too long for a panel: elements `skip` … `skip + depth` of each. Rare (more than 65,536 products per sum). */
function gatherPart(
  panel: Float64Array,
  x: Float32Array,
  pixel: number,
  pixels: number,
  skip: number,
  depth: number,
  spec: Patches,
): void {
  const { geometry, channels, from, count } = spec;
  const [h, w] = geometry.input;
  const [oh, ow] = geometry.output;
  let to = 0;
  for (let m = pixel; m < pixel + pixels; m++) {
    const y0 = (Math.floor(m / ow) % oh) * geometry.stride[0] - geometry.padding[0];
    const x0 = (m % ow) * geometry.stride[1] - geometry.padding[1];
    const image = Math.floor(m / (ow * oh)) * h * w;
    for (let k = skip; k < skip + depth; k++) {
      const cell = Math.floor(k / count);
      const y = y0 + Math.floor(cell / geometry.kernel[1]) * geometry.dilation[0];
      const xx = x0 + (cell % geometry.kernel[1]) * geometry.dilation[1];
      panel[to++] = y < 0 || y >= h || xx < 0 || xx >= w ? 0 : x[(image + y * w + xx) * channels + from + (k % count)]!;
    }
  }
}

/** Row = place in the window, element = pixel: for conv2dWeightGrad. */
export function turnedPatches({ x, geometry, channels, from, count }: Patches): Side {
  const [h, w] = geometry.input;
  const [oh, ow] = geometry.output;
  const [, fw] = geometry.kernel;
  const [sh, sw] = geometry.stride;
  const [dh, dw] = geometry.dilation;
  const [top, left] = geometry.padding;
  return ({ first, cut, from: pixel, depth }: Block, into: Triple) => {
    const starts = [first, first + cut.second, first + cut.third];
    return () => {
      for (let i = 0; i < 3; i++) {
        for (let r = 0; r < cut.size; r++) {
          const k = starts[i]! + r;
          const cell = Math.floor(k / count);
          const fy = Math.floor(cell / fw);
          const fx = cell % fw;
          gatherRow(
            into[i]!,
            r * depth,
            x,
            pixel,
            depth,
            h,
            w,
            oh,
            ow,
            sh,
            sw,
            fy * dh - top,
            fx * dw - left,
            channels,
            from + (k % count),
          );
        }
      }
    };
  };
}

function gatherRow(
  panel: Float64Array,
  to: number,
  x: Float32Array,
  pixel: number,
  pixels: number,
  h: number,
  w: number,
  oh: number,
  ow: number,
  sh: number,
  sw: number,
  dy: number,
  dx: number,
  channels: number,
  channel: number,
): void {
  let ox = pixel % ow;
  let oy = ((pixel / ow) | 0) % oh;
  let image = ((pixel / (ow * oh)) | 0) * h * w;
  const end = to + pixels;
  const step = sw * channels;
  while (to < end) {
    const y = oy * sh + dy;
    const stop = Math.min(end, to + ow - ox);
    let xx = ox * sw + dx;
    if (y < 0 || y >= h) {
      while (to < stop) panel[to++] = 0;
    } else {
      while (to < stop && xx < 0) {
        panel[to++] = 0;
        xx += sw;
      }
      let at = (image + y * w + xx) * channels + channel;
      while (to < stop && xx < w) {
        panel[to] = x[at]!;
        to = (to + 1) | 0;
        at = (at + step) | 0;
        xx = (xx + sw) | 0;
      }
      while (to < stop) panel[to++] = 0;
    }
    ox = 0;
    if (++oy === oh) {
      oy = 0;
      image += h * w;
    }
  }
}
