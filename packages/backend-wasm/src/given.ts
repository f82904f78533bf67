/** A binary given by the user, in any of the forms it may have, and which of the builds it is. */
import { TatamiError, wrongArgument } from "@tatamijs/core/backend";
import { answered, compiled, failure, fetched, nameOf, type Build, type Made } from "./binary.ts";
import { canShare, isolation } from "./sharing.ts";

/** A URL (a string is one too, relative to the page), what `fetch` gave, the bytes, or the module. */
export type Binary = URL | string | Response | ArrayBuffer | ArrayBufferView<ArrayBuffer> | WebAssembly.Module;

const forms = "a URL, a Response, the bytes (ArrayBuffer or Uint8Array), a WebAssembly.Module, or a promise of one";

/**
 * @throws TatamiError `argument` for what is no binary; `backend` when it cannot be fetched, is no WebAssembly, or has
 * instructions that this engine does not know.
 */
export async function moduleOf(given: Binary | PromiseLike<Binary>): Promise<WebAssembly.Module> {
  const known = await Promise.resolve(given).catch((cause: unknown) => {
    throw failure(`the promise given as binary was rejected: ${String(cause)}`, cause);
  });
  if (known instanceof WebAssembly.Module) return known;
  if (known instanceof ArrayBuffer || ArrayBuffer.isView(known)) return compiled(known, "binary");
  if (known instanceof Response) {
    if (known.bodyUsed)
      throw wrongArgument("wasm", "binary", known, "a Response whose body nobody has read: response.clone()");
    return answered(known);
  }
  if (known instanceof URL) return fetched(known);
  if (typeof known === "string") return fetched(absolute(known));
  throw wrongArgument("wasm", "binary", known, forms);
}

/** By the section that scripts/build.ts writes. @throws TatamiError `argument` for a module that is none of them. */
export function buildOf(module: WebAssembly.Module): Made {
  const [section] = WebAssembly.Module.customSections(module, "tatami");
  const name = section === undefined ? "" : new TextDecoder().decode(section);
  const [build, kind] = name.split("-");
  if (kind === "first" || kind === "rest")
    throw wrongArgument("wasm", "binary", name, `the whole of it: binaries/${build}.wasm`);
  if (build === "simd" || build === "relaxed") return { build, shared: kind === "threads" };
  throw new TatamiError(
    "argument",
    'binary is a WebAssembly module, but not one of this package: give a file of its folder binaries, as it is (a tool that strips sections takes "tatami" away)',
    { op: "wasm" },
  );
}

function absolute(given: string): URL {
  const { location } = globalThis as { readonly location?: { readonly href: string } };
  try {
    return new URL(given, location?.href);
  } catch {
    throw wrongArgument(
      "wasm",
      "binary",
      given,
      "a whole URL, since there is no page here that it could be relative to: new URL(…, import.meta.url)",
    );
  }
}

/** @throws TatamiError `argument` when it is another build than was asked for; `backend` when it cannot run here. */
export function fitting(module: WebAssembly.Module, build: Build | undefined): Made {
  const made = buildOf(module);
  if (build !== undefined && made.build !== build)
    throw wrongArgument(
      "wasm",
      "binary",
      nameOf(made),
      `binaries/${nameOf({ ...made, build })}.wasm, or leave out build`,
    );
  if (!made.shared || canShare()) return made;
  throw new TatamiError(
    "backend",
    `binary is ${nameOf(made)}, which lives in shared memory, and ${isolation}; or give binaries/${made.build}.wasm`,
    { op: "wasm" },
  );
}
