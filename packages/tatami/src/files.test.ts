import { Writable } from "node:stream";
import { expect, test, vi } from "vitest";
import * as node from "./files-node.ts";
import * as page from "./files-page.ts";
import { crossEntropy, fit, nn, sgd } from "./index.ts";

test("what pages and Node load instead of each other has one form", () => {
  const form = (of: Readonly<Record<string, unknown>>): unknown =>
    Object.fromEntries(Object.entries(of).map(([name, f]) => [name, typeof f]));
  expect(form(page)).toEqual(form(node));
  page satisfies typeof node;
  node satisfies typeof page;
});

test("progress: true shows lines on stderr, and hides them when it is false", async () => {
  const lines: string[] = [];
  const spy = vi.spyOn(process, "stderr", "get").mockReturnValue(
    new Writable({
      write(chunk: unknown, _, done) {
        lines.push(String(chunk));
        done();
      },
    }) as unknown as typeof process.stderr,
  );
  const data = {
    inputs: { data: new Float32Array(8), shape: [4, 2] },
    targets: { data: new Uint8Array(4), shape: [4] },
  };
  const options = { loss: crossEntropy, optimizer: sgd(), epochs: 2 };
  for await (const _ of fit(nn.linear(2, 2), data, { ...options, progress: true }))
    expect(lines.length).toBeGreaterThan(0);
  expect(lines.join("")).toContain("epoch 2/2");
  const count = lines.length;
  for await (const _ of fit(nn.linear(2, 2), data, { ...options, progress: false })) expect(lines).toHaveLength(count);
  spy.mockRestore();
});
