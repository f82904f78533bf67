/** The pictures of a run: drawn here, or MNIST's four IDX files, packed by gzip or not. */
import { drawnDigits, heldOutStyles, SIDE, trainedStyles } from "@tatamijs/digits";
import { readIdxPair, type LabelledImages } from "@tatamijs/train";
import { TatamiError } from "tatamijs";
import type { SiteData } from "./messages.ts";

export interface Pictures {
  readonly count: number;
  /** count × 28 × 28 bytes, 0 paper to 255 ink. */
  readonly images: Uint8Array;
  readonly labels: Uint8Array;
}

export interface Digits {
  readonly training: Pictures;
  /** Never trained on. */
  readonly testing: Pictures;
}

/** 10 drawings of each digit in each hand that may be trained on; tested on hands that never were. */
export function drawn(): Digits {
  return {
    training: drawnDigits({ count: 100 * trainedStyles.length, seed: 1, styles: trainedStyles }),
    testing: drawnDigits({ count: 500, seed: 2, styles: heldOutStyles }),
  };
}

/** The four files, as people call them. */
const parts = ["train images", "train labels", "t10k images", "t10k labels"] as const;
type Part = (typeof parts)[number];

/** `train-images-idx3-ubyte.gz` is "train images". */
export function partOf(name: string): Part | undefined {
  const [, set, what] = /(train|t10k|test).*?(images|labels)/i.exec(name) ?? [];
  if (set === undefined || what === undefined) return undefined;
  return `${set.toLowerCase() === "train" ? "train" : "t10k"} ${what.toLowerCase()}` as Part;
}

/** @throws TatamiError `format`, `not-found` (rejects). */
export async function fromFiles(files: readonly { readonly name: string; readonly blob: Blob }[]): Promise<Digits> {
  const found = new Map<Part, Uint8Array>();
  for (const { name, blob } of files) {
    const part = partOf(name);
    if (part !== undefined) found.set(part, await unpacked(name, blob));
  }
  const missing = parts.filter((part) => !found.has(part));
  if (missing.length > 0) {
    throw new TatamiError(
      "not-found",
      `of MNIST's four files ${missing.length === 4 ? "none was" : "these were not"} given: ${missing.map((part) => `${part.replace(" ", "-")}-idx${part.endsWith("images") ? 3 : 1}-ubyte`).join(", ")}. Give all four at once, as they are called or with .gz.`,
      { op: "MNIST", details: { missing } },
    );
  }
  return {
    training: sized(readIdxPair(found.get("train images")!, found.get("train labels")!)),
    testing: sized(readIdxPair(found.get("t10k images")!, found.get("t10k labels")!)),
  };
}

/** MNIST of this site's own folder. @throws TatamiError `io`, `format`, `not-found` (rejects). */
export async function fromSite(site: SiteData): Promise<Digits> {
  const files = Object.entries(site).map(async ([name, address]) => {
    const response = await fetch(address).catch(() => undefined);
    if (response?.ok === true) return { name, blob: await response.blob() };
    throw new TatamiError(
      "io",
      `${name} of this site's data folder ${response === undefined ? "could not be fetched" : `answers ${response.status}`}. Drop MNIST's four files on the page, or train on the drawn digits.`,
      { op: "MNIST" },
    );
  });
  return fromFiles(await Promise.all(files));
}

/** The network looks at 28 × 28. */
function sized({ count, height, width, images, labels }: LabelledImages): Pictures {
  if (height === SIDE && width === SIDE && count > 0) return { count, images, labels };
  throw new TatamiError("format", `the files hold ${count} images of ${height} × ${width}, wanted ${SIDE} × ${SIDE}`, {
    op: "MNIST",
  });
}

/** Some hosts unpack `.gz` on the way; the first two bytes say what came. */
async function unpacked(name: string, blob: Blob): Promise<Uint8Array> {
  const head = new Uint8Array(await blob.slice(0, 2).arrayBuffer());
  if (head[0] !== 0x1f || head[1] !== 0x8b) return new Uint8Array(await blob.arrayBuffer());
  try {
    return new Uint8Array(await new Response(blob.stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer());
  } catch (cause) {
    throw new TatamiError("format", `${name} is truncated or no gzip. Download it again.`, { op: "MNIST", cause });
  }
}
