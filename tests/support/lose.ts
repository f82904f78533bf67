// Graphics devices of a page or a worker, kept as they are opened, so that a test can lose one.
import type { Page, Worker } from "playwright-core";

interface Watching {
  readonly devices: GPUDevice[];
}

/** Keeps the devices that are opened from now on. Runs in the page or a worker. */
export function watch(): void {
  const devices: GPUDevice[] = [];
  Object.assign(globalThis, { devices });
  const ask = GPUAdapter.prototype.requestDevice;
  GPUAdapter.prototype.requestDevice = async function (...given) {
    const device = await ask.apply(this, given);
    devices.push(device);
    return device;
  };
}

/** Ends the latest of them, as a driver does that is reset. */
export const lose = (where: Page | Worker): Promise<void> =>
  (where as Page).evaluate(() => (globalThis as unknown as Watching).devices.at(-1)!.destroy());

export const opened = (where: Page | Worker): Promise<number> =>
  (where as Page).evaluate(() => (globalThis as unknown as Watching).devices.length);
