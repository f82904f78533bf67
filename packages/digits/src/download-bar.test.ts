import { expect, test } from "vitest";
import { downloadBar, downloadLine } from "./download-bar.ts";

const url = "http://localhost/mnist/t10k-images-idx3-ubyte.gz";

function stream(isTTY: boolean): { isTTY: boolean; columns: number; text: string; write(text: string): void } {
  return {
    isTTY,
    columns: 70,
    text: "",
    write(text) {
      this.text += text;
    },
  };
}

test("a line with a bar, and one where the size is not known", () => {
  expect(downloadLine({ url, bytes: 800_000, total: 1_600_000 }, 70)).toBe(
    "t10k-images-idx3-ubyte.gz  ██████████████░░░░░░░░░░░░░░  0.8 of 1.6 MB",
  );
  expect(downloadLine({ url, bytes: 800_000, total: undefined }, 70)).toBe("t10k-images-idx3-ubyte.gz  0.8 MB");
  expect(downloadLine({ url, bytes: 800_000, total: 1_600_000 }, 30)).toHaveLength(30);
  expect(downloadLine({ url, bytes: 900, total: 4_542 }, 70)).toMatch(/ 0\.9 of 4\.5 kB$/);
});

test("on a terminal it redraws, not too often, and goes away", () => {
  const out = stream(true);
  let time = 0;
  const bar = downloadBar(out, () => time);
  bar.update({ url, bytes: 1e5, total: 1e6 });
  bar.update({ url, bytes: 2e5, total: 1e6 });
  expect(out.text.match(/\r/g)).toHaveLength(1);
  time = 150;
  bar.update({ url, bytes: 3e5, total: 1e6 });
  bar.update({ url, bytes: 1e6, total: 1e6 });
  expect(out.text.match(/\r/g)).toHaveLength(3);
  bar.close();
  bar.close();
  expect(out.text.endsWith("\r\u001b[K")).toBe(true);
  expect(out.text).not.toContain("\n");
});

test("elsewhere one plain line per file", () => {
  const out = stream(false);
  const bar = downloadBar(out);
  for (const bytes of [1e5, 2e5, 1e6]) bar.update({ url, bytes, total: 1e6 });
  bar.update({ url: `${url}2`, bytes: 1, total: undefined });
  bar.close();
  expect(out.text).toBe(`downloading ${url} (1.0 MB)\ndownloading ${url}2\n`);
});
