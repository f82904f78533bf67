import fc from "fast-check";
import { expect, test } from "vitest";
import { TatamiError } from "@tatamijs/core/backend";
import { Heap, type Block } from "./heap.ts";
import { alignment } from "./values.ts";

const page = 65536;
const heapOf = (pages: number, most: number): Heap =>
  new Heap(new WebAssembly.Memory({ initial: pages, maximum: most }), 1000);

test("blocks are aligned, lie apart and within memory, in any order of taking and giving back", () => {
  const sizes = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 60_000 })), { maxLength: 120 });
  fc.assert(
    fc.property(sizes, (asked) => {
      const heap = heapOf(1, 256);
      const held: Block[] = [];
      for (const [give, size] of asked) {
        if (give && held.length > 0) heap.free(held.splice(size % held.length, 1)[0]!);
        else held.push(heap.alloc(size));
      }
      const sorted = held.toSorted((a, b) => a.at - b.at);
      sorted.forEach(({ at, bytes }, k) => {
        expect(at % alignment).toBe(0);
        expect(at).toBeGreaterThanOrEqual(1000);
        expect(at + bytes).toBeLessThanOrEqual(sorted[k + 1]?.at ?? heap.memory.buffer.byteLength - 128);
      });
      // All given back, it is one hole again: what is left fits as a whole.
      for (const block of held) heap.free(block);
      const before = heap.memory.buffer.byteLength;
      heap.alloc(before - 1024 - 128);
      expect(heap.memory.buffer.byteLength).toBe(before);
    }),
    { numRuns: 200 },
  );
});

test("refused memory is out-of-memory with the figures, and nothing has changed", () => {
  const heap = heapOf(2, 8);
  const first = heap.alloc(page);
  const refused = (): Block => heap.alloc(9 * page);
  expect(refused).toThrow(TatamiError);
  expect(refused).toThrow(/130944 bytes was refused \d+ more; use a smaller batch/);
  expect(heap.memory.buffer.byteLength).toBe(2 * page);
  expect(heap.alloc(5 * page).at).toBeGreaterThan(first.at);
});

test("words are of memory as it is after growth", () => {
  const heap = heapOf(1, 8);
  heap.words[250] = 7;
  const far = heap.alloc(3 * page);
  heap.words[far.at / 4 + 40_000] = 9;
  expect([heap.words[250], heap.words[far.at / 4 + 40_000]]).toEqual([7, 9]);
  expect(heap.words.buffer).toBe(heap.memory.buffer);
});
