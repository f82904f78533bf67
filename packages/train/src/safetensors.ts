/**
 * safetensors, read strictly and written deterministically: the one entrance for weights as bytes.
 *
 *   u64 little-endian: n | n bytes of JSON: the header | the values, one tensor after the other, without holes
 *
 * The format is Hugging Face's (github.com/huggingface/safetensors). What its reference reader refuses is refused here
 * (header over 100 MB, overlaps, holes, bytes left over, a size that is not shape × dtype), and also two equal names,
 * which `JSON.parse` would take in silence. Every size is checked before the first value is copied: a lying header
 * costs no memory. Values are copied out, so that a tensor that begins at an odd byte is as good as any other and the
 * file's bytes can be dropped. JavaScript engines run on little-endian machines; no bytes are swapped.
 */
import { show, TatamiError, type TypedArray } from "@tatamijs/core";
import { METADATA, parseHeader } from "./safetensors-header.ts";
import type { HeaderEntry } from "./safetensors-header.ts";

/** Element types that a file may hold: those of core, and i64, which PyTorch uses for counters. */
export type StoredDType = "f32" | "f16" | "i32" | "i64" | "u8" | "bool";

export type StoredArray = TypedArray | BigInt64Array;

/** One tensor of a file: row-major values, of the array type that belongs to `dtype` (bool: a Uint8Array of 0 and 1). */
export interface StoredTensor {
  readonly dtype: StoredDType;
  readonly shape: readonly number[];
  readonly data: StoredArray;
}

export interface Safetensors {
  /** In the order of the values in the file. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly metadata: ReadonlyMap<string, string>;
}

/** What `writeSafetensors` takes: a Map, or `Object.entries` of a record. */
export interface SafetensorsInput {
  readonly tensors: Iterable<readonly [name: string, tensor: StoredTensor]>;
  readonly metadata?: Iterable<readonly [key: string, value: string]>;
}

const READ = "readSafetensors";
const WRITE = "writeSafetensors";
const MAX_HEADER = 100_000_000;
const WIDTH: Readonly<Record<StoredDType, number>> = { f32: 4, f16: 2, i32: 4, i64: 8, u8: 1, bool: 1 };
const LABEL: Readonly<Record<StoredDType, string>> = {
  f32: "F32",
  f16: "F16",
  i32: "I32",
  i64: "I64",
  u8: "U8",
  bool: "BOOL",
};
/** Names of the format → what we carry. BF16 is the upper half of an f32, so it is widened on reading, exactly. */
const CARRIED: ReadonlyMap<string, { readonly dtype: StoredDType; readonly width: number }> = new Map([
  ...(Object.keys(LABEL) as StoredDType[]).map((dtype) => [LABEL[dtype], { dtype, width: WIDTH[dtype] }] as const),
  ["BF16", { dtype: "f32", width: 2 }] as const,
]);

/**
 * Reads a safetensors file. BF16 comes back as f32 (exactly); F16 needs a runtime with `Float16Array`.
 *
 * @throws TatamiError "argument" for something other than bytes; "format", naming the tensor, for a file that is
 * truncated, lies about a size, has holes, overlaps, two equal names or bytes left over; "dtype" for an element type
 * that tatami does not carry.
 */
export function readSafetensors(bytes: Uint8Array): Safetensors {
  if (!(bytes instanceof Uint8Array)) {
    throw new TatamiError("argument", `bytes is ${show(bytes)}, wanted a Uint8Array with the file's content.`, {
      op: READ,
    });
  }
  const start = dataStart(bytes);
  const { entries, metadata } = parseHeader(headerText(bytes.subarray(8, start)));
  const ordered = [...entries].sort(([, a], [, b]) => a.begin - b.begin || a.end - b.end);
  checkLayout(ordered, bytes.length - start);
  const tensors = new Map<string, StoredTensor>();
  for (const [name, entry] of ordered) {
    tensors.set(name, values(name, entry, bytes.subarray(start + entry.begin, start + entry.end)));
  }
  return { tensors, metadata };
}

/** Reads the length word and returns where the values begin. */
function dataStart(bytes: Uint8Array): number {
  if (bytes.length < 8) {
    throw broken(`the file has ${bytes.length} bytes, wanted at least 8 (the header's length)`);
  }
  const length = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true);
  if (length > BigInt(MAX_HEADER)) {
    throw broken(`the header claims ${length} bytes, wanted at most ${MAX_HEADER}`);
  }
  if (length > BigInt(bytes.length - 8)) {
    throw broken(`the header claims ${length} bytes, but only ${bytes.length - 8} follow its length`);
  }
  return 8 + Number(length);
}

function headerText(bytes: Uint8Array): string {
  if (bytes[0] !== 0x7b) {
    throw broken(`the header begins with byte ${show(bytes[0])}, wanted 123, an opening brace`);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw broken("the header is not valid UTF-8", {}, cause);
  }
}

/** Every dtype carried, every size shape × width, every tensor beginning where the one before ends, nothing left over. */
function checkLayout(ordered: readonly (readonly [string, HeaderEntry])[], available: number): void {
  let next = 0;
  for (const [name, entry] of ordered) {
    const type = CARRIED.get(entry.dtype);
    if (type === undefined) {
      const carried = [...CARRIED.keys()].join(", ");
      throw new TatamiError(
        "dtype",
        `tensor ${show(name)} is of dtype ${show(entry.dtype)}, wanted one of ${carried}. ` +
          "Convert it before saving (in PyTorch: tensor.float()).",
        { op: READ, details: { tensor: name, given: entry.dtype } },
      );
    }
    if (type.dtype === "f16" && !hasFloat16()) throw noFloat16(READ, name);
    const { begin, end, shape } = entry;
    const wanted = elements(shape) * type.width;
    if (!Number.isSafeInteger(wanted) || end - begin !== wanted) {
      const size = Number.isSafeInteger(wanted) ? `${wanted} bytes` : "more bytes than can be counted";
      throw broken(
        `tensor ${show(name)} spans ${end - begin} bytes, but ${entry.dtype} of shape [${shape.join(", ")}] needs ${size}`,
        { tensor: name, given: end - begin, wanted },
      );
    }
    if (begin !== next) {
      const what = begin < next ? "overlaps the tensor before it" : "leaves a hole before it";
      throw broken(`tensor ${show(name)} begins at byte ${begin} and ${what}, wanted byte ${next}`, {
        tensor: name,
        given: begin,
        wanted: next,
      });
    }
    if (end > available) {
      throw broken(`tensor ${show(name)} ends at byte ${end}, but the file holds only ${available} bytes of values`, {
        tensor: name,
        given: available,
        wanted: end,
      });
    }
    next = end;
  }
  if (next !== available) {
    throw broken(`${available - next} bytes follow the last tensor, wanted none`, { given: available, wanted: next });
  }
}

/** Product of the sizes, not a safe integer when too large. An empty axis makes it 0, whatever the others are. */
function elements(shape: readonly number[]): number {
  return shape.includes(0) ? 0 : shape.reduce((product, size) => product * size, 1);
}

function values(name: string, entry: HeaderEntry, bytes: Uint8Array): StoredTensor {
  const { shape } = entry;
  const buffer = bytes.slice().buffer;
  switch (entry.dtype) {
    case "F32":
      return { dtype: "f32", shape, data: new Float32Array(buffer) };
    case "F16":
      return { dtype: "f16", shape, data: new Float16Array(buffer) };
    case "BF16":
      return { dtype: "f32", shape, data: widen(new Uint16Array(buffer)) };
    case "I32":
      return { dtype: "i32", shape, data: new Int32Array(buffer) };
    case "I64":
      return { dtype: "i64", shape, data: new BigInt64Array(buffer) };
    case "U8":
      return { dtype: "u8", shape, data: new Uint8Array(buffer) };
    default: {
      const data = new Uint8Array(buffer);
      const at = data.findIndex((value) => value > 1);
      if (at >= 0) throw broken(`tensor ${show(name)} is BOOL and holds ${data[at]} at element ${at}, wanted 0 or 1`);
      return { dtype: "bool", shape, data };
    }
  }
}

/** bfloat16 is the upper 16 bits of a float32. */
function widen(halves: Uint16Array): Float32Array {
  const words = new Uint32Array(halves.length);
  for (let i = 0; i < halves.length; i++) words[i] = (halves[i] ?? 0) << 16;
  return new Float32Array(words.buffer);
}

/**
 * Writes a safetensors file. Equal content gives equal bytes: wider dtypes come first, then names by code unit, as the
 * reference writer does, metadata keys are sorted, and the header is padded with spaces so that values begin at a
 * multiple of 8.
 *
 * @throws TatamiError "argument", naming the tensor or key, for a name given twice or not a text; "data-length" for
 * values that don't fill their shape; "dtype" for values that are not of the dtype's array type.
 */
export function writeSafetensors(input: SafetensorsInput): Uint8Array {
  if (typeof input !== "object" || input === null) throw misuse(`the input is ${show(input)}, wanted { tensors }.`);
  const tensors = collect("tensors", input.tensors);
  const metadata = collect("metadata", input.metadata ?? []);
  for (const [name, tensor] of tensors) checkTensor(name, tensor);
  for (const [key, value] of metadata) {
    if (typeof value !== "string" || /\p{Surrogate}/u.test(value)) {
      throw misuse(`metadata ${show(key)} is ${show(value)}, wanted a text of whole characters.`);
    }
  }
  const ordered = [...tensors].sort(([a, x], [b, y]) => WIDTH[y.dtype] - WIDTH[x.dtype] || byName(a, b));
  const parts: string[] = [];
  if (metadata.size > 0) {
    const members = [...metadata]
      .sort(([a], [b]) => byName(a, b))
      .map((pair) => pair.map((text) => JSON.stringify(text)).join(":"));
    parts.push(`"${METADATA}":{${members.join(",")}}`);
  }
  let next = 0;
  for (const [name, { dtype, shape, data }] of ordered) {
    const end = next + data.byteLength;
    const entry = JSON.stringify({ dtype: LABEL[dtype], shape, data_offsets: [next, end] });
    parts.push(`${JSON.stringify(name)}:${entry}`);
    next = end;
  }
  const header = new TextEncoder().encode(`{${parts.join(",")}}`);
  const padded = Math.ceil(header.length / 8) * 8;
  if (padded > MAX_HEADER) {
    throw misuse(`the header would have ${padded} bytes, wanted at most ${MAX_HEADER}. Use shorter names or metadata.`);
  }
  const bytes = new Uint8Array(8 + padded + next);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(padded), true);
  bytes.fill(0x20, 8, 8 + padded);
  bytes.set(header, 8);
  let at = 8 + padded;
  for (const [, { data }] of ordered) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return bytes;
}

function collect<T>(argument: string, pairs: Iterable<readonly [string, T]>): ReadonlyMap<string, T> {
  if (typeof pairs !== "object" || pairs === null || !(Symbol.iterator in pairs)) {
    throw misuse(`${argument} is ${show(pairs)}, wanted a Map, or Object.entries(…) of a record.`);
  }
  const map = new Map<string, T>();
  for (const pair of pairs as Iterable<unknown>) {
    if (!Array.isArray(pair) || pair.length !== 2)
      throw misuse(`${argument} yields ${show(pair)}, wanted [name, value].`);
    const [name, value] = pair as [unknown, T];
    if (typeof name !== "string" || /\p{Surrogate}/u.test(name)) {
      throw misuse(`a name in ${argument} is ${show(name)}, wanted a text of whole characters.`);
    }
    if (argument === "tensors" && name === METADATA) {
      throw misuse(`a tensor is called ${show(METADATA)}, which the format keeps for metadata. Rename it.`);
    }
    if (map.has(name)) throw misuse(`${argument} has the name ${show(name)} twice. Give each name once.`);
    map.set(name, value);
  }
  return map;
}

function checkTensor(name: string, tensor: StoredTensor): void {
  if (typeof tensor !== "object" || tensor === null) {
    throw misuse(`tensor ${show(name)} is ${show(tensor)}, wanted { dtype, shape, data }.`);
  }
  const { dtype, shape, data } = tensor;
  if (!Object.hasOwn(LABEL, dtype)) {
    throw new TatamiError(
      "dtype",
      `tensor ${show(name)} is of dtype ${show(dtype)}, wanted one of ${Object.keys(LABEL).join(", ")}.`,
      { op: WRITE, details: { tensor: name, given: dtype } },
    );
  }
  if (!Array.isArray(shape) || !shape.every((size) => Number.isSafeInteger(size) && size >= 0)) {
    throw misuse(`tensor ${show(name)} has shape ${show(shape)}, wanted whole sizes ≥ 0.`);
  }
  if (dtype === "f16" && !hasFloat16()) throw noFloat16(WRITE, name);
  const wanted = arrayName(dtype);
  const given = Object.prototype.toString.call(data).slice(8, -1);
  if (given !== wanted) {
    throw new TatamiError("dtype", `tensor ${show(name)} of dtype ${dtype} has ${show(data)}, wanted a ${wanted}.`, {
      op: WRITE,
      details: { tensor: name, given, wanted },
    });
  }
  if (data.length !== elements(shape)) {
    throw new TatamiError(
      "data-length",
      `tensor ${show(name)} has ${data.length} values, wanted ${elements(shape)} for shape [${shape.join(", ")}].`,
      { op: WRITE, details: { tensor: name, given: data.length, wanted: elements(shape) } },
    );
  }
  if (dtype === "bool" && (data as Uint8Array).some((value) => value > 1)) {
    throw misuse(`tensor ${show(name)} is bool and holds values other than 0 and 1.`);
  }
}

function arrayName(dtype: StoredDType): string {
  const names = { f32: "Float32Array", f16: "Float16Array", i32: "Int32Array", i64: "BigInt64Array" };
  return dtype === "u8" || dtype === "bool" ? "Uint8Array" : names[dtype];
}

/** By code unit: the same on every machine, unlike a locale's order. */
function byName(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function hasFloat16(): boolean {
  return typeof globalThis.Float16Array === "function";
}

function noFloat16(op: string, name: string): TatamiError {
  return new TatamiError(
    "dtype",
    `tensor ${show(name)} is F16, and this runtime has no Float16Array. ` +
      "Use Node 24, Chrome 135, Firefox 129, Safari 18.2 or later, or store the tensor as F32.",
    { op, details: { tensor: name } },
  );
}

function broken(text: string, details: Readonly<Record<string, unknown>> = {}, cause?: unknown): TatamiError {
  return new TatamiError("format", `${text}. The file is damaged or no safetensors file; write or download it again.`, {
    op: READ,
    details,
    ...(cause === undefined ? {} : { cause }),
  });
}

function misuse(text: string): TatamiError {
  return new TatamiError("argument", text, { op: WRITE });
}
