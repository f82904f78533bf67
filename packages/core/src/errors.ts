/** The one error class of tatami. A code for programs, a text for people, the numbers as data. */
import type { Fix, SizeInputs } from "./fixes.ts";
import { type ErrorFacts, inWords } from "./language.ts";

/** What went wrong, for programs. Texts may change, codes do not. */
export type ErrorCode =
  | "argument" // an option or argument has a value it cannot have
  | "rank" // a tensor has the wrong number of axes
  | "shape" // shapes do not fit each other
  | "dtype" // an element type that the op does not take
  | "axis" // an axis that the tensor does not have, or one named twice
  | "channels" // channels of input and filters differ
  | "groups" // groups do not divide the channels or the filters
  | "size-fractional" // an output size that is not a whole number
  | "size-negative" // a window larger than its padded input
  | "zero-size" // an axis of size 0 where there must be at least one element
  | "data-length" // values and shape disagree on the number of elements
  | "input" // a program was given inputs other than it was compiled for
  | "state" // two states of one path, a state of another session, two values for one state
  | "gradient" // no gradient is defined, or the loss is no scalar
  | "declined" // a backend has no kernel for this call
  | "backend" // a backend could not be opened, or was given what it cannot hold
  | "out-of-memory" // the backend refused memory
  | "device-lost" // the device is gone, and what it held with it
  | "closed" // used after close()
  | "format" // a file that is not what it says it is
  | "weights" // weights that do not fit the model
  | "not-found" // no such file
  | "io" // reading or writing failed
  | "not-finite" // a loss that became NaN or infinite
  | "aborted" // stopped by an AbortSignal
  | "internal"; // a bug in tatami

export interface ErrorOptions {
  /** The op, layer or function that complains: `conv2d`. */
  readonly op?: string | undefined;
  /** The numbers of the text as plain data. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** In which layer of `nn.sequential`, the outermost first: `["2", "conv"]`, as states are called. */
  readonly layers?: readonly string[];
  readonly cause?: unknown;
}

/** Every error that tatami throws on purpose. `message` says what was given, what was wanted and how to fix it. */
export class TatamiError extends Error implements ErrorFacts {
  declare readonly code: ErrorCode;
  declare readonly op: string | undefined;
  /** `message` in English, whatever language it is in, without what leads it in: the op's name and the layers'. */
  declare readonly text: string;
  declare readonly details: Readonly<Record<string, unknown>>;
  declare readonly layers: readonly string[];
  /** Of a size that is none (`size-…`): the formula with its numbers, `(7 + 2·0 − 3)/3 + 1`. */
  declare readonly formula?: string;
  /** Of a size that is none: the numbers of one axis that went into the formula. */
  declare readonly inputs?: SizeInputs;
  /** Of a size that is none: what the formula gives. */
  declare readonly value?: number;
  /** Of a size that is none: what would make it one, each with the size that it gives. */
  declare readonly fixes?: readonly Fix[];

  constructor(code: ErrorCode, text: string, { op, details = {}, layers = [], cause }: ErrorOptions = {}) {
    const facts: ErrorFacts = { code, op, text, details, layers };
    super(inWords(facts), cause === undefined ? {} : { cause });
    Object.assign(this, { name: "TatamiError", ...facts }, code.startsWith("size-") && details);
  }
}

/** `argument`: what was given as `name`, and what to give instead; `more` joins the details. */
export function wrongArgument(
  op: string,
  name: string,
  given: unknown,
  wanted: string,
  more: Readonly<Record<string, unknown>> = {},
): TatamiError {
  return new TatamiError("argument", `${name} is ${show(given)}; give ${wanted}`, {
    op,
    details: { name, given, wanted, ...more },
  });
}

/** A value as an error text shows it: short, on one line, whatever it is. */
export function show(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}...` : value);
  if (typeof value === "number") return Object.is(value, -0) ? "-0" : String(value);
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "function") return `a function${value.name === "" ? "" : ` (${value.name})`}`;
  if (typeof value === "symbol") return String(value);
  if (value === null || typeof value !== "object") return String(value);
  if (ArrayBuffer.isView(value)) {
    const { length } = value as { length?: number };
    return `${Object.prototype.toString.call(value).slice(8, -1)}${length === undefined ? "" : `(${length})`}`;
  }
  if (Array.isArray(value)) {
    const head = value.slice(0, 8).map((item: unknown) => (Array.isArray(item) ? "[...]" : show(item)));
    return `[${head.join(", ")}${value.length > 8 ? ", ..." : ""}]`;
  }
  if ("op" in value && "shape" in value && Array.isArray(value.shape)) return `a tensor ${show(value.shape)}`;
  const keys = Object.keys(value);
  return keys.length === 0 ? "an object" : `{ ${keys.slice(0, 6).join(", ")}${keys.length > 6 ? ", ..." : ""} }`;
}
