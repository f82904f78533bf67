// The rooms of the demo site, for tests that go through all of them.
import type { Page } from "playwright-core";

/** The browser's own word about a machine without a GPU. */
export const noGpu = "console: No available adapters.";

/** Addresses of rooms in states that matter, each with what is there when it is ready. */
export const rooms: readonly (readonly [hash: string, ready: string])[] = [
  ["#/?step=5", ".refused[role=alert]"],
  ["#/?step=8", ".thumbs"],
  ["#/read", ".maplist canvas"],
  ["#/train?layers=c4k5-p2&epochs=1", ".readout .ready"],
  ["#/filters?width=160&f=blur", ".speed dd"],
  ["#/arena?ops=pad.detach", ".card:nth-child(3) :is(dl, .gone)"],
  ["#/about", ".documents"],
];

export const ready = (page: Page, what: string): Promise<void> =>
  page.locator(what).first().waitFor({ timeout: 60_000 });
