/** How long commands take on the device: by its own clock where it has one, else by ours around a submit. */
import { mapForReading, usage } from "./flags.ts";
import { record, type Command } from "./queue.ts";

/** Commands, and how often they are to run one after the other. */
export interface Lap {
  readonly commands: readonly Command[];
  readonly times: number;
}

/** Milliseconds of one run of each lap's commands; 0 where the clock was too coarse. */
export function timed(device: GPUDevice, laps: readonly Lap[]): Promise<number[]> {
  return device.features.has("timestamp-query") ? byDevice(device, laps) : byHost(device, laps);
}

/** All laps in one submit, each in a pass of its own that stamps its begin and its end. */
async function byDevice(device: GPUDevice, laps: readonly Lap[]): Promise<number[]> {
  const bytes = laps.length * 16;
  const querySet = device.createQuerySet({ type: "timestamp", count: laps.length * 2 });
  const stamps = device.createBuffer({ size: bytes, usage: usage.queries | usage.copySource });
  const staging = device.createBuffer({ size: bytes, usage: usage.mapRead | usage.copyTarget });
  try {
    const encoder = device.createCommandEncoder();
    laps.forEach((lap, k) => {
      encode(encoder, lap, {
        timestampWrites: { querySet, beginningOfPassWriteIndex: 2 * k, endOfPassWriteIndex: 2 * k + 1 },
      });
    });
    encoder.resolveQuerySet(querySet, 0, laps.length * 2, stamps, 0);
    encoder.copyBufferToBuffer(stamps, 0, staging, 0, bytes);
    device.queue.submit([encoder.finish()]);
    await staging.mapAsync(mapForReading);
    const nanoseconds = new BigUint64Array(staging.getMappedRange());
    // Stamps of some drivers run backwards now and then.
    return laps.map(({ times }, k) => Math.max(0, Number(nanoseconds[2 * k + 1]! - nanoseconds[2 * k]!)) / 1e6 / times);
  } finally {
    querySet.destroy();
    stamps.destroy();
    staging.destroy();
  }
}

async function byHost(device: GPUDevice, laps: readonly Lap[]): Promise<number[]> {
  await device.queue.onSubmittedWorkDone();
  const found: number[] = [];
  for (const lap of laps) {
    const encoder = device.createCommandEncoder();
    encode(encoder, lap, {});
    const start = performance.now();
    device.queue.submit([encoder.finish()]);
    await device.queue.onSubmittedWorkDone();
    found.push((performance.now() - start) / lap.times);
  }
  return found;
}

function encode(encoder: GPUCommandEncoder, { commands, times }: Lap, descriptor: GPUComputePassDescriptor): void {
  const pass = encoder.beginComputePass(descriptor);
  for (let time = 0; time < times; time++) record(pass, commands);
  pass.end();
}
