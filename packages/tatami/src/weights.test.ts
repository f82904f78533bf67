import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { cpu } from "@tatamijs/backend-cpu";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as page from "./files-page.ts";
import {
  accuracy,
  compile,
  crossEntropy,
  decodeCheckpoint,
  evaluate,
  fit,
  load,
  measure,
  nn,
  open,
  readSafetensors,
  save,
  sgd,
} from "./index.ts";
import { rejected } from "./testing/rejected.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tatami-"));
});
afterAll(() => rm(folder, { recursive: true }));

const model = (): nn.Module => nn.sequential(nn.linear(2, 3), nn.relu(), nn.linear(3, 2));
const data = {
  inputs: { data: Float32Array.from({ length: 40 }, (_, i) => ((i * 7) % 11) - 5), shape: [20, 2] },
  targets: { data: Uint8Array.from({ length: 20 }, (_, i) => i % 2), shape: [20] },
};
const train = async (what: nn.Module, options: Partial<Parameters<typeof fit>[2]> = {}): Promise<number> => {
  let last = 0;
  for await (const { loss } of fit(what, data, {
    loss: crossEntropy,
    optimizer: sgd({ lr: 0.1 }),
    batchSize: 8,
    ...options,
  }))
    last = loss;
  return last;
};
const valuesOf = (what: nn.Module): unknown =>
  [...nn.firstValues(what)].map(([name, { data: values }]) => [name, values]);

/** A bare network namespace has no loopback, and so no local server. */
const loopback = Object.values(networkInterfaces()).some((list) => list?.some((one) => one.internal));

test.skipIf(!loopback)("a path, a file URL, bytes, an ArrayBuffer and an address give the same weights", async () => {
  const from = model();
  const path = join(folder, "weights.safetensors");
  const bytes = await save(from, path);
  expect(new Uint8Array(await readFile(path))).toEqual(bytes);
  expect([...readSafetensors(bytes).tensors.keys()].toSorted()).toEqual(["0.bias", "0.weight", "2.bias", "2.weight"]);
  const server = createServer((request, response) => {
    if (request.url === "/gone") response.writeHead(404).end();
    else if (request.url === "/broken") response.writeHead(500).end();
    else response.end(bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    for (const source of [
      path,
      pathToFileURL(path),
      pathToFileURL(path).href,
      bytes,
      bytes.slice().buffer,
      `${address}/w`,
      new URL(`${address}/w`),
    ]) {
      const to = model();
      expect(valuesOf(to)).not.toEqual(valuesOf(from));
      await load(to, source);
      expect(valuesOf(to)).toEqual(valuesOf(from));
    }
    expect((await rejected(load(model(), `${address}/gone`))).code).toBe("not-found");
    expect((await rejected(load(model(), `${address}/broken`))).code).toBe("io");
    // In a page a path is an address.
    expect(await page.readFile(`${address}/w`)).toEqual(bytes);
    expect((await rejected(page.saveFile("w", bytes))).code).toBe("io");
    expect(page.progressBar()).toBeUndefined();
  } finally {
    server.closeAllConnections();
    server.close();
  }
  expect((await rejected(load(model(), `${address}/w`))).code).toBe("io");
});

test("what is no file of this model changes nothing", async () => {
  const to = model();
  const before = valuesOf(to);
  expect((await rejected(load(to, join(folder, "none")))).code).toBe("not-found");
  await writeFile(join(folder, "cut"), (await save(model())).subarray(0, 50));
  const cut = await rejected(load(to, join(folder, "cut")));
  expect(cut.code).toBe("format");
  expect(cut.message).toMatch(/^load: .*cut: readSafetensors: /);
  await writeFile(join(folder, "page"), "<!doctype html><title>Start</title>");
  expect((await rejected(load(to, join(folder, "page")))).message).toMatch(
    /^load: ".*page" is no safetensors file: it begins with "<!doctype html>.*a server's page/,
  );
  expect((await rejected(load(to, "no such file"))).message).toMatch(/^load: no file at "no such file"/);
  expect((await rejected(save(to, join(folder, "no", "file")))).message).toMatch(
    /^save: cannot save .*its folder does not exist/,
  );
  expect((await rejected(load(to, await save(nn.linear(2, 3))))).code).toBe("weights");
  for (const wrong of [undefined, null, 3, "", {}])
    expect((await rejected(load(to, wrong as never))).code).toBe("argument");
  expect((await rejected(load({} as never, "x"))).code).toBe("argument");
  expect((await rejected(save(to, join(folder, "no", "folder")))).code).toBe("io");
  expect(valuesOf(to)).toEqual(before);
});

test("train, infer, train, load, infer: every answer is fresh, on one backend and on two", async () => {
  const what = model();
  const [one, two] = [await open("cpu"), cpu()];
  const predict = await compile(what, { input: [20, 2], backend: one });
  const initial = await save(what);
  const first = await predict(data.inputs);
  await train(what, { backend: one });
  const second = await predict(data.inputs);
  expect(second.data).not.toEqual(first.data);
  await train(what, { backend: one });
  expect((await predict(data.inputs)).data).not.toEqual(second.data);
  const trained = await save(what);
  // A backend that comes later starts from what was learned.
  const elsewhere = await compile(what, { input: [20, 2], backend: two });
  expect((await elsewhere(data.inputs)).data).toEqual((await predict(data.inputs)).data);
  expect(await save(what)).toEqual(trained);
  await train(what, { backend: two });
  expect((await predict(data.inputs)).data).not.toEqual(second.data);
  expect((await predict(data.inputs)).data).toEqual((await elsewhere(data.inputs)).data);
  expect((await evaluate(what.state["0.weight"]!, { backend: one })).data).toEqual(
    (await evaluate(what.state["0.weight"]!, { backend: two })).data,
  );
  expect(await save(what)).not.toEqual(trained);
  await load(what, initial);
  for (const run of [predict, elsewhere]) expect((await run(data.inputs)).data).toEqual(first.data);
});

test("fit with paths: a checkpoint is saved, and resumed to the same weights", async () => {
  const path = join(folder, "run.ckpt");
  const [whole, half] = [model(), model()];
  await load(half, await save(whole));
  await train(whole, { epochs: 4, backend: cpu() });
  await train(half, { epochs: 2, backend: cpu(), checkpoint: path });
  expect(decodeCheckpoint(new Uint8Array(await readFile(path))).epoch).toBe(2);
  const resumed = model();
  await train(resumed, { epochs: 4, backend: cpu(), resume: path });
  expect(await save(resumed)).toEqual(await save(whole));
  expect((await rejected(train(model(), { resume: join(folder, "none") }))).code).toBe("not-found");
  expect((await rejected(train(model(), { checkpoint: 3 as never }))).code).toBe("argument");
});

test("measure and accuracy find their backend", async () => {
  const what = model();
  await train(what, { epochs: 3 });
  const { loss, accuracy: share, count } = await measure(what, data, { loss: crossEntropy });
  expect(count).toBe(20);
  expect(loss).toBeGreaterThan(0);
  expect(await accuracy(what, data)).toBe(share);
});
