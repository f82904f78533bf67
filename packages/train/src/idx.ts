/**
 * IDX, the format of the MNIST files, read strictly: arrays of bytes only.
 *
 *   0, 0, type, rank | rank sizes, u32 big-endian | the values, row-major
 *
 * Source: the description on the MNIST page (LeCun, Cortes, Burges). Type 0x08 is unsigned bytes; the other types
 * occur in no file that tatami reads and are refused by name.
 */
import { TatamiError, show } from "@tatamijs/core";

/** An array of bytes with its sizes: images are [count, height, width], labels [count]. `data` is a view, not a copy. */
export interface Idx {
  readonly shape: readonly number[];
  readonly data: Uint8Array;
}

/** Pictures and what they show: `images` count × height × width, `labels` count. */
export interface LabelledImages {
  readonly count: number;
  readonly height: number;
  readonly width: number;
  readonly images: Uint8Array;
  readonly labels: Uint8Array;
}

const TYPES: Readonly<Record<number, string>> = {
  0x08: "u8",
  0x09: "i8",
  0x0b: "i16",
  0x0c: "i32",
  0x0d: "f32",
  0x0e: "f64",
};

/**
 * Reads an uncompressed IDX file of bytes.
 *
 * @throws TatamiError "argument" for something other than bytes; "format" for a wrong magic number, another element
 * type, and for more or fewer bytes than the sizes say; `name` is what the text calls the file.
 */
export function readIdx(bytes: Uint8Array, name = "the IDX file"): Idx {
  if (!(bytes instanceof Uint8Array)) {
    throw new TatamiError("argument", `bytes is ${show(bytes)}, wanted a Uint8Array with the file's content.`, {
      op: "readIdx",
    });
  }
  if (bytes.length < 4) throw broken(`${name} has ${bytes.length} bytes, wanted at least 4 (the magic number)`);
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
    throw broken(`${name} is gzip, wanted the uncompressed file; unzip it first`);
  }
  const [zero, zero2, type = 0, rank = 0] = bytes;
  if (zero !== 0 || zero2 !== 0 || !Object.hasOwn(TYPES, type)) {
    const given = [...bytes.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
    throw broken(`${name} begins with ${given}, wanted the IDX magic number 00 00 08 and the rank`);
  }
  if (type !== 0x08) throw broken(`${name} holds ${TYPES[type]} values (type ${type}), wanted u8 (type 8)`);
  if (rank === 0) throw broken(`${name} has no axes, wanted at least one`);
  const start = 4 + 4 * rank;
  if (bytes.length < start) {
    throw broken(`${name} has ${bytes.length} bytes, wanted ${start} for the sizes of its ${rank} axes`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, start);
  const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  const wanted = shape.includes(0) ? 0 : shape.reduce((product, size) => product * size, 1);
  const given = bytes.length - start;
  if (given !== wanted) {
    const what = given < wanted ? "is truncated or lies about its size" : "has bytes left over";
    throw broken(`${name} ${what}: ${given} bytes of values, wanted ${shape.join(" × ")} = ${wanted}`, {
      given,
      wanted,
      shape,
    });
  }
  return { shape, data: bytes.subarray(start) };
}

/**
 * Reads a file of images and the file of their labels, and checks that they belong together.
 *
 * @throws TatamiError "format" when either is damaged, of another rank, when their counts differ, or when a label is
 * not below `classes`.
 */
export function readIdxPair(images: Uint8Array, labels: Uint8Array, classes = 10): LabelledImages {
  const pictures = readIdx(images, "the file of images");
  const names = readIdx(labels, "the file of labels");
  const [count = 0, height = 0, width = 0] = pictures.shape;
  if (pictures.shape.length !== 3) {
    throw broken(`the file of images has shape [${pictures.shape.join(", ")}], wanted [count, height, width]`);
  }
  if (names.shape.length !== 1) {
    throw broken(`the file of labels has shape [${names.shape.join(", ")}], wanted [count]`);
  }
  if (names.shape[0] !== count) {
    throw broken(
      `${count} images and ${names.shape[0]} labels, wanted as many labels as images; take files of one set`,
    );
  }
  const at = names.data.findIndex((label) => label >= classes);
  if (at >= 0) throw broken(`label ${at} is ${names.data[at]}, wanted a class from 0 to ${classes - 1}`);
  return { count, height, width, images: pictures.data, labels: names.data };
}

function broken(text: string, details: Readonly<Record<string, unknown>> = {}): TatamiError {
  return new TatamiError("format", `${text}. The file is damaged or not what its name says; download it again.`, {
    op: "readIdx",
    details,
  });
}
