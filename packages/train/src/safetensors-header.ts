/**
 * The header of a safetensors file: a strict scanner for the one JSON shape that the format allows.
 *
 *   {"__metadata__": {text: text}, name: {"dtype": text, "shape": [whole…], "data_offsets": [whole, whole]}, …}
 *
 * Not a JSON parser. `JSON.parse` takes the last of two equal keys in silence, reads 1e400 as Infinity, and turns a
 * key "__proto__" into something else; here each of these is an error. The grammar has no nesting of free depth, so
 * nothing recurses.
 */
import { TatamiError, show } from "@tatamijs/core";

/** One entry as written: nothing is checked yet but its form. Offsets count from the first byte after the header. */
export interface HeaderEntry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

export interface Header {
  readonly entries: ReadonlyMap<string, HeaderEntry>;
  readonly metadata: ReadonlyMap<string, string>;
}

export const METADATA = "__metadata__";

/** Axes that an entry may have: far more than any op takes, few enough that a shape is never the attack. */
const MAX_RANK = 64;

/** Parses the header's text. Throws TatamiError "format" with the place of the first character that does not belong. */
export function parseHeader(text: string): Header {
  const scan = scanner(text);
  const entries = new Map<string, HeaderEntry>();
  let metadata: ReadonlyMap<string, string> | undefined;
  scan.object("the header", (name) => {
    if (name === METADATA) metadata = parseMetadata(scan);
    else entries.set(name, parseEntry(scan, name));
  });
  scan.end();
  return { entries, metadata: metadata ?? new Map() };
}

function parseMetadata(scan: Scanner): ReadonlyMap<string, string> {
  const metadata = new Map<string, string>();
  scan.object(METADATA, (key) => void metadata.set(key, scan.string()));
  return metadata;
}

function parseEntry(scan: Scanner, name: string): HeaderEntry {
  const where = `tensor ${show(name)}`;
  let dtype: string | undefined;
  let shape: number[] | undefined;
  let offsets: number[] | undefined;
  scan.object(where, (key) => {
    if (key === "dtype") dtype = scan.string();
    else if (key === "shape") shape = scan.wholes(MAX_RANK);
    else if (key === "data_offsets") offsets = scan.wholes(2);
    else throw scan.wrong(`${where} has a key ${show(key)}`, `only "dtype", "shape" and "data_offsets"`);
  });
  if (dtype === undefined || shape === undefined || offsets === undefined) {
    const missing = dtype === undefined ? "dtype" : shape === undefined ? "shape" : "data_offsets";
    throw scan.wrong(`${where} has no "${missing}"`, `"dtype", "shape" and "data_offsets"`);
  }
  const [begin, end] = offsets;
  if (begin === undefined || end === undefined) {
    throw scan.wrong(`${where} has data_offsets ${show(offsets)}`, "two whole numbers, [begin, end]");
  }
  return { dtype, shape, begin, end };
}

interface Scanner {
  /** Reads `{ key: value, … }`; `member` reads each value. Two equal keys are refused. */
  object(where: string, member: (key: string) => void): void;
  string(): string;
  /** Reads an array of at most `limit` whole numbers ≥ 0 that a double holds exactly. */
  wholes(limit: number): number[];
  /** Only spaces, tabs and line ends may follow. */
  end(): void;
  wrong(given: string, wanted: string): TatamiError;
}

function scanner(text: string): Scanner {
  let at = 0;

  const wrong = (given: string, wanted: string): TatamiError =>
    new TatamiError(
      "format",
      `the header is not valid at character ${at}: ${given}, wanted ${wanted}. ` +
        "The file is damaged or no safetensors file; write or download it again.",
      { op: "readSafetensors", details: { at, given, wanted } },
    );

  function skip(): void {
    while (" \t\n\r".includes(text[at] ?? "x")) at++;
  }

  function found(): string {
    return at < text.length ? `found ${show(text[at])}` : "the header ends";
  }

  function expect(char: string): void {
    skip();
    if (text[at] !== char) throw wrong(found(), show(char));
    at++;
  }

  /** After an element: true for a comma, false for the closing bracket. */
  function more(close: string): boolean {
    skip();
    const char = text[at];
    if (char !== "," && char !== close) throw wrong(found(), `"," or ${show(close)}`);
    at++;
    return char === ",";
  }

  function string(): string {
    skip();
    const start = at;
    if (text[at] !== '"') throw wrong(found(), "a text in double quotes");
    for (at++; text[at] !== '"'; at++) {
      if (at >= text.length) throw wrong("the header ends inside a text", "a closing double quote");
      if (text[at] === "\\") at++;
    }
    at++;
    let value: unknown;
    try {
      // One string token alone: here JSON.parse checks escapes and control characters, and there are no keys to merge.
      value = JSON.parse(text.slice(start, at));
    } catch {
      value = undefined;
    }
    if (typeof value !== "string" || /\p{Surrogate}/u.test(value)) {
      at = start;
      throw wrong("a text with an escape or a character that JSON does not allow", "a JSON text of whole characters");
    }
    return value;
  }

  function whole(): number {
    skip();
    // Sticky: a header of a hundred megabytes is not cut up to read a number.
    const pattern = /0|[1-9][0-9]{0,15}/y;
    pattern.lastIndex = at;
    const digits = pattern.exec(text)?.[0] ?? "";
    const value = Number(digits);
    if (digits === "" || !Number.isSafeInteger(value) || /[0-9.eE+-]/.test(text[at + digits.length] ?? "")) {
      throw wrong(found(), "a whole number from 0 to 2^53 − 1, without sign, point, exponent or leading zero");
    }
    at += digits.length;
    return value;
  }

  return {
    wrong,
    string,
    object(where, member) {
      expect("{");
      skip();
      if (text[at] === "}") {
        at++;
        return;
      }
      const seen = new Set<string>();
      do {
        const key = string();
        if (seen.has(key)) throw wrong(`${where} has the key ${show(key)} twice`, "each key once");
        seen.add(key);
        expect(":");
        member(key);
      } while (more("}"));
    },
    wholes(limit) {
      expect("[");
      skip();
      const values: number[] = [];
      if (text[at] === "]") {
        at++;
        return values;
      }
      do {
        if (values.length === limit) throw wrong(`more than ${limit} numbers in one array`, `at most ${limit}`);
        values.push(whole());
      } while (more("]"));
      return values;
    },
    end() {
      skip();
      if (at < text.length) throw wrong(found(), "nothing after the closing brace but spaces");
    },
  };
}
