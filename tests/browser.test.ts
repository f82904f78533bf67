// tatami in a real browser, in a page and in a worker, bundled from sources: the same numbers as in Node.
import { cpu } from "@tatamijs/backend-cpu";
import { constant, conv2d, relu } from "@tatamijs/core";
import { evaluate } from "@tatamijs/engine";
import { expect, test } from "vitest";
import { canRunPages, runInPage } from "./support/page.ts";

const imports = `
  import { cpu } from "@tatamijs/backend-cpu";
  import { constant, conv2d, relu } from "@tatamijs/core";
  import { evaluate } from "@tatamijs/engine";
`;

const shapes = { x: [2, 3, 9, 8], w: [4, 3, 3, 3] } as const;

async function compute(): Promise<number[]> {
  const wave = (shape: readonly number[], step: number): Float32Array =>
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => ((i * step) % 17) - 8);
  const y = relu(conv2d(constant(wave(shapes.x, 5), shapes.x), constant(wave(shapes.w, 3), shapes.w), { padding: 1 }));
  return Array.from((await evaluate(y, { backend: cpu() })).data);
}

// The function's own source travels to the page: there it means the same imports.
const program = `${imports} const shapes = ${JSON.stringify(shapes)}; const compute = ${String(compute)};`;

test.skipIf(!canRunPages())("a page computes what Node computes", async () => {
  expect(await runInPage({ main: `${program} report(await compute());` })).toEqual(await compute());
});

test.skipIf(!canRunPages())("a worker of the page computes it too", async () => {
  const main = `
    const worker = new Worker("/worker.js", { type: "module" });
    worker.onmessage = (event) => report(event.data);
    worker.onerror = (event) => { throw new Error(event.message); };
  `;
  expect(await runInPage({ main, worker: `${program} postMessage(await compute());` })).toEqual(await compute());
});

test.skipIf(!canRunPages())("an error in the page is an error of its test", async () => {
  await expect(runInPage({ main: 'throw new Error("from the page")' })).rejects.toThrow("from the page");
});
