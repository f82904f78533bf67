/** The networks of the bench: published architectures, seeded random weights, batch norm already folded into the convolutions. */
import { NetBuilder, type Net } from "./layers.ts";

/** LeCun et al., 1998, with ReLU and max pooling; 28×28. */
export function leNet(batch: number): Net {
  const net = new NetBuilder([batch, 28, 28, 1], 100);
  let x = net.conv(0, 6, 5, { padding: 2 });
  x = net.pool("maxPool", x, 2, 2);
  x = net.conv(x, 16, 5);
  x = net.pool("maxPool", x, 2, 2);
  x = net.linear(net.flatten(x), 120, "relu");
  x = net.linear(x, 84, "relu");
  net.linear(x, 10);
  return net.done();
}

/** Iandola et al., 2016, version 1.1. */
export function squeezeNet(): Net {
  const net = new NetBuilder([1, 224, 224, 3], 200);
  const fire = (from: number, squeeze: number, expand: number): number => {
    const s = net.conv(from, squeeze, 1);
    return net.concat(net.conv(s, expand, 1), net.conv(s, expand, 3, { padding: 1 }));
  };
  let x = net.pool("maxPool", net.conv(0, 64, 3, { stride: 2 }), 3, 2);
  x = net.pool("maxPool", fire(fire(x, 16, 64), 16, 64), 3, 2);
  x = net.pool("maxPool", fire(fire(x, 32, 128), 32, 128), 3, 2);
  x = fire(fire(x, 48, 192), 48, 192);
  x = fire(fire(x, 64, 256), 64, 256);
  net.globalPool(net.conv(x, 1000, 1));
  return net.done();
}

/** Sandler et al., 2018, width 1. */
export function mobileNetV2(): Net {
  const net = new NetBuilder([1, 224, 224, 3], 300);
  const same = (from: number, stride: number): number | readonly [number, number, number, number] =>
    stride === 2 && net.shape(from)[1]! % 2 === 0 ? [0, 0, 1, 1] : 1;
  let x = net.conv(0, 32, 3, { stride: 2, padding: same(0, 2), activation: "relu6" });
  const block = (expand: number, filters: number, stride: number): void => {
    const [, , , channels] = net.shape(x) as [number, number, number, number];
    const start = x;
    const wide = channels * expand;
    let y = expand === 1 ? x : net.conv(x, wide, 1, { activation: "relu6" });
    y = net.conv(y, wide, 3, { stride, padding: same(y, stride), groups: wide, activation: "relu6" });
    const skip = stride === 1 && channels === filters;
    x = net.conv(y, filters, 1, { activation: "none", ...(skip ? { residual: start } : {}) });
  };
  for (const [expand, filters, count, stride] of [
    [1, 16, 1, 1],
    [6, 24, 2, 2],
    [6, 32, 3, 2],
    [6, 64, 4, 2],
    [6, 96, 3, 1],
    [6, 160, 3, 2],
    [6, 320, 1, 1],
  ] as const) {
    for (let i = 0; i < count; i++) block(expand, filters, i === 0 ? stride : 1);
  }
  x = net.conv(x, 1280, 1, { activation: "relu6" });
  net.linear(net.globalPool(x), 1000);
  return net.done();
}

/** He et al., 2015. */
export function resNet18(batch: number = 1): Net {
  const net = new NetBuilder([batch, 224, 224, 3], 400);
  let x = net.pool("maxPool", net.conv(0, 64, 7, { stride: 2, padding: 3 }), 3, 2, 1);
  for (const [stage, filters] of [64, 128, 256, 512].entries()) {
    for (const first of [true, false]) {
      const stride = first && stage > 0 ? 2 : 1;
      const skip = stride === 2 ? net.conv(x, filters, 1, { stride, activation: "none" }) : x;
      const y = net.conv(x, filters, 3, { stride, padding: 1 });
      x = net.conv(y, filters, 3, { padding: 1, residual: skip });
    }
  }
  net.linear(net.globalPool(x), 1000);
  return net.done();
}
