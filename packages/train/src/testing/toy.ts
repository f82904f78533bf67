/** Small things to train on: drawn bars, and a network that can tell them apart. */
import { cpu } from "@tatamijs/backend-cpu";
import { TatamiError } from "@tatamijs/core";
import { openSession, type Session } from "@tatamijs/engine";
import * as nn from "@tatamijs/nn";
import { expect } from "vitest";
import type { ArrayData } from "../dataset.ts";

/** 8×8 pictures of a horizontal (0), a vertical (1) or a diagonal (2) bar on noise. */
export function bars(count: number, seed: number = 1): ArrayData {
  const random = nn.generator(seed);
  const pixels = new Float32Array(count * 64);
  const labels = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    const kind = random.below(3);
    const at = random.below(8);
    labels[i] = kind;
    for (let y = 0; y < 8; y++) {
      for (let x = 0; x < 8; x++) {
        const on = kind === 0 ? y === at : kind === 1 ? x === at : (x + y) % 8 === at;
        pixels[i * 64 + y * 8 + x] = (on ? 1 : 0) + 0.3 * random.next();
      }
    }
  }
  return { inputs: { data: pixels, shape: [count, 1, 8, 8] }, targets: { data: labels, shape: [count] } };
}

/** Convolution, batch norm, dropout: everything that has a state of its own. */
export function network(seed: number = 4): nn.Module {
  nn.manualSeed(seed);
  return nn.sequential(
    nn.conv2d(1, 6, 3, { padding: 1 }),
    nn.batchNorm2d(6),
    nn.relu(),
    nn.maxPool2d(2),
    nn.flatten(),
    nn.dropout(0.2),
    nn.linear(96, 3),
  );
}

export const session = (): Session => openSession(cpu());

/** All states of a model in a session, as numbers. */
export async function weightsIn(on: Session, model: nn.Module): Promise<Record<string, number[]>> {
  const read = Object.entries(model.state).map(
    async ([name, said]) => [name, Array.from(await on.read(said))] as const,
  );
  return Object.fromEntries(await Promise.all(read));
}

export async function all<T>(from: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of from) items.push(item);
  return items;
}

/** The error that a promise or a loop ends with. */
export async function rejected(work: Promise<unknown> | AsyncIterable<unknown>): Promise<TatamiError> {
  try {
    await (Symbol.asyncIterator in work ? all(work) : work);
  } catch (error) {
    expect(error, String(error)).toBeInstanceOf(TatamiError);
    return error as TatamiError;
  }
  throw new Error("nothing was thrown");
}
