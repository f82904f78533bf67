// The WASM backend in a page of Chromium, with the kit run on it there.
import type { Outcome } from "../fixtures/kit.ts";
import { runInPage } from "./page.ts";

export interface Got {
  readonly info: { readonly threads: number; readonly worker: boolean; readonly notes: readonly string[] };
  readonly variant: string;
  readonly kit: Outcome;
}

/** Opens it with these options; a few ops of the kit, or the whole. */
export async function wasmInPage(options: object, isolated: boolean, whole: boolean = false): Promise<Got> {
  const main = `
    import { wasm } from "@tatamijs/backend-wasm";
    import { kit } from "../fixtures/kit.ts";
    const backend = await wasm(${JSON.stringify(options)});
    const { info, traits: { variant } } = backend;
    report({ info, variant, kit: await kit(() => backend, ${whole}) });
  `;
  return (await runInPage({ main }, { seconds: whole ? 500 : 100, isolated })) as Got;
}
