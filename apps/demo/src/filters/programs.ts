/** The programs that filter, one for each size and way of showing, compiled when they are first needed. */
import { explainer } from "@tatamijs/core/explain";
import { digitsNetwork } from "@tatamijs/digits";
import { load, open, type BackendName, type Layer, type OpenedBackend } from "tatamijs";
import { filterProgram, layerProgram, type Program } from "./graph.ts";
import type { Applied } from "./protocol.ts";

const weights = new URL("../../../../packages/digits/weights/digits.safetensors", import.meta.url);

/** More than a visitor goes back and forth between. */
const most = 12;

export class Programs {
  readonly #backend: OpenedBackend;
  readonly #made = new Map<string, Promise<Program>>();

  /** @throws TatamiError `backend` (rejects). */
  static async on(name: BackendName): Promise<Programs> {
    return new Programs(await open(name));
  }

  constructor(backend: OpenedBackend) {
    this.#backend = backend;
  }

  get variant(): string {
    return this.#backend.traits.variant;
  }

  get lost(): OpenedBackend["lost"] {
    return this.#backend.lost;
  }

  for(applied: Applied, height: number, width: number): Promise<Program> {
    const kind = applied === "network" ? applied : `${applied.size} ${applied.shown}`;
    const key = `${kind} ${height} ${width}`;
    const known = this.#made.get(key);
    if (known !== undefined) return known;
    const made =
      applied === "network"
        ? firstLayer().then((layer) => layerProgram(this.#backend, height, width, layer))
        : filterProgram(this.#backend, height, width, applied.size, applied.shown);
    this.#made.set(key, made);
    made.catch(() => this.#made.delete(key));
    const [oldest] = this.#made;
    if (this.#made.size > most && oldest !== undefined) {
      this.#made.delete(oldest[0]);
      void oldest[1].then((program) => program.close());
    }
    return made;
  }

  async close(): Promise<void> {
    await this.#backend.close();
  }
}

/** The layer's kernels, row by row, as the library explains them. */
export async function firstKernels(): Promise<readonly (readonly number[])[]> {
  const layer = await firstLayer();
  const [count = 0, , size = 0] = layer.state["weight"]!.shape;
  const told = explainer([layer], { data: new Float32Array(size * size), shape: [1, 1, size, size] });
  return Array.from({ length: count }, (_, f) => told.explain({ f, y: 0, x: 0 }).channels[0]!.weights.flat());
}

let first: Promise<Layer> | undefined;

/** The first convolution of the network that reads digits, as it was trained. */
export function firstLayer(): Promise<Layer> {
  const loading = async (): Promise<Layer> => {
    const model = digitsNetwork();
    await load(model, weights);
    return Object.values(model.children)[0]!;
  };
  first ??= loading();
  first.catch(() => (first = undefined));
  return first;
}
