/** Whether threads can be had at all. */

/** Whether memory can be shared with workers: in pages only with the headers that isolate them. */
export function canShare(): boolean {
  const { crossOriginIsolated } = globalThis as { readonly crossOriginIsolated?: boolean };
  return typeof SharedArrayBuffer !== "undefined" && crossOriginIsolated !== false;
}

/** What is said where it cannot. */
export const isolation: string =
  "memory cannot be shared here; a page must be cross-origin isolated (headers Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp)";
