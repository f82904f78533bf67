/** Chains of element-wise ops for the machine of assembly/elementwise.ts. */
import {
  broadcastShapes,
  bytesPerElement,
  isFloat,
  sizeOf,
  type DType,
  type MapStep,
  type Shape,
  type Spec,
} from "@tatamijs/core/backend";
import { float, isEmpty, type Io, type Operand, type Phase } from "../kernel.ts";
import { codeOf, firstRare } from "./instructions.ts";
import { ceilTo } from "../values.ts";

/** Values, in order: the operands, then the steps. */
export interface Chain {
  readonly inputs: readonly Spec[];
  readonly steps: readonly MapStep[];
  readonly output: Spec;
}

const testNames: readonly string[] = ["isNaN", "equal", "less", "lessEqual", "and", "or", "xor"];

/** The element type of what a step makes. */
export function typeOf(step: MapStep, from: readonly DType[]): DType {
  if (step.op === "select") return from[1]!;
  if (step.op === "cast") return step.attrs.dtype;
  return testNames.includes(step.attrs.fn) ? "bool" : from[0]!;
}

/** What a chain makes. */
export function valueOf(inputs: readonly Spec[], steps: readonly MapStep[]): Spec {
  const values: Spec[] = [...inputs];
  for (const step of steps) {
    const from = step.inputs.map((k) => values[k]!);
    const shape = from.reduce((all: Shape, spec) => broadcastShapes(all, spec.shape, "map"), []);
    values.push({
      shape,
      dtype: typeOf(
        step,
        from.map(({ dtype }) => dtype),
      ),
    });
  }
  return values.at(-1)!;
}

function instructionOf(step: MapStep, from: DType): string {
  if (step.op === "select") return "select";
  if (step.op !== "cast") return step.attrs.fn === "copy" ? "copy" : `${isFloat(from) ? "f" : "i"}.${step.attrs.fn}`;
  // Halves are f32 in registers.
  const to = step.attrs.dtype === "f16" ? "f32" : step.attrs.dtype;
  const same =
    to === from ||
    (to === "f32" && isFloat(from)) ||
    (to === "i32" && !isFloat(from)) ||
    (to === "u8" && from === "bool");
  if (same) return "copy";
  return `${isFloat(from) ? "f" : "i"}.to${{ f32: "F32", i32: "I32", u8: "U8", bool: "Bool" }[to]}`;
}

/** Elements of a block, if nothing else is asked for. */
const usualBlock = 512;
const largestBlock = 1024;
/** Values that a chain may have: their places stand in 256 bytes. */
const mostValues = 64;
/** Some 16,000 elements for a unit. */
const unitElements = 2 ** 14;

/** Why a chain is too long; undefined: it is not. */
export function tooLong({ inputs, steps }: Pick<Chain, "inputs" | "steps">): string | undefined {
  const values = inputs.length + steps.length;
  return values > mostValues ? `a chain of ${values} values; the machine has ${mostValues}` : undefined;
}

interface Axis {
  size: number;
  readonly moves: readonly boolean[];
}

/** Axes on which all operands either move or stand still together are one axis. */
function axesOf(output: Shape, inputs: readonly Spec[]): Axis[] {
  const axes: Axis[] = [];
  output.forEach((size, axis) => {
    if (size === 1) return;
    const moves = inputs.map(({ shape }) => shape[axis] !== 1);
    const last = axes.at(-1);
    if (last !== undefined && last.moves.every((m, k) => m === moves[k])) last.size *= size;
    else axes.push({ size, moves });
  });
  return axes.length === 0 ? [{ size: 1, moves: inputs.map(() => true) }] : axes;
}

const greatest = (a: number, b: number): number => (b === 0 ? a : greatest(b, a % b));

/** Whole rows where that makes small operands the same in each block, in vectors. */
function blockOf(size: number): number {
  const unit = (size * 4) / greatest(size, 4);
  return unit <= largestBlock ? Math.max(unit, Math.floor(usualBlock / unit) * unit) : usualBlock;
}

/** What a chain needs of each thread. */
export function chainLocal({ inputs, steps }: Pick<Chain, "inputs" | "steps">): number {
  return 320 + (inputs.length + steps.length + 1) * (largestBlock * 4 + 64);
}

/** A chain made ready for the machine; the words are told in assembly/elementwise.ts. */
interface Coded {
  readonly args: readonly number[];
  readonly units: number;
  readonly calls: string | undefined;
  readonly block: number;
  readonly registers: number;
}

/** `operands` lie where they are said to; the result goes to `output`. */
export function chainPhases(io: Io, chain: Chain, operands: readonly Operand[], output: Operand): Phase[] {
  if (isEmpty(chain.output)) return [];
  const { args, units, calls } = encode(io, chain, operands, output.at, bytesPerElement(chain.output.dtype));
  return [{ code: "chain", calls, units, args }];
}

/** The value summed up over all but `kept` elements of its last axes, times `factor`. `scratch`: `sumScratch` bytes. */
export function chainSumPhases(io: Io, chain: Chain, kept: number, factor: number): Phase[] {
  const { args, units, calls, block, registers } = encode(io, chain, io.inputs, io.scratch, 0, kept);
  const width = widthOf(kept, block);
  return [
    { code: "chainSum", calls, units, args: [...args, kept, width, registers] },
    { code: "combine", units: 1, args: [io.scratch, units, kept, io.output.at, float(factor)] },
  ];
}

const common = (a: number, b: number): number => (a * b) / greatest(a, b);

/** Sums that are kept apart: four vectors, where a block is a whole number of them. */
function widthOf(kept: number, block: number): number {
  const wide = common(kept, 16);
  return block % wide === 0 ? wide : common(kept, 4);
}

/** Can the machine sum a value over all axes but the last `kept` elements? */
export function sums(chain: Pick<Chain, "inputs" | "output">, kept: number): boolean {
  return kept > 0 && blockFor(chain, kept) % common(kept, 4) === 0;
}

/** Whole rows of what is kept, or of the innermost axis. */
function blockFor({ inputs, output }: Pick<Chain, "inputs" | "output">, kept: number): number {
  return blockOf(kept > 1 ? kept : axesOf(output.shape, inputs).at(-1)!.size);
}

/** Bytes of the units' sums. */
export function sumScratch(chain: Pick<Chain, "inputs" | "output">, kept: number): number {
  const block = blockFor(chain, kept);
  const each = block * Math.max(1, Math.floor(unitElements / block));
  return ceilTo(Math.ceil(sizeOf(chain.output.shape) / each) * kept * 4, 64);
}

/** `bytes` of an element of the output; 0: the last step's value stays in its register. */
function encode(
  io: Io,
  chain: Chain,
  operands: readonly Operand[],
  to: number,
  bytes: number,
  kept: number = 1,
): Coded {
  const { inputs, steps, output: spec } = chain;
  const elements = sizeOf(spec.shape);
  const axes = axesOf(spec.shape, inputs);
  const inner = axes.at(-1)!;
  const block = blockFor(chain, kept);
  // Registers: a place is free again once its value was read for the last time.
  const lastRead = new Map<number, number>();
  steps.forEach((step, j) => step.inputs.forEach((k) => lastRead.set(k, j)));
  const free: number[] = [];
  let used = 0;
  const take = (): number => free.pop() ?? used++;
  const registerOf: number[] = [];
  const table = inputs.flatMap((input, k): number[] => {
    const each = bytesPerElement(input.dtype);
    const full = each === 4 && axes.every(({ moves }) => moves[k] === true);
    const still = axes.slice(0, -1).every(({ moves }) => moves[k] !== true);
    const repeats = still && (inner.moves[k] !== true || block % inner.size === 0);
    const kind = full ? 0 : repeats && axes.length > 1 ? 1 : repeats && inner.moves[k] !== true ? 1 : 2;
    registerOf.push(kind === 0 ? -1 : take());
    let step = 1;
    const walk: number[] = [];
    for (const { size, moves } of axes.toReversed()) {
      walk.unshift(size, moves[k] === true ? step : 0);
      if (moves[k] === true) step *= size;
    }
    const at = io.table(`walk ${walk.join()}`, () => Int32Array.from(walk));
    return [operands[k]!.at, kind, each, registerOf[k]!, axes.length, at];
  });
  // An operand that stays in its register for all blocks keeps it.
  const constant = inputs.map((_, k) => table[k * 6 + 1] === 1);
  const dtypes = inputs.map(({ dtype }) => dtype);
  const direct = bytes === 4;
  const code = steps.flatMap((step, j): number[] => {
    const from = step.inputs.map((k) => dtypes[k]!);
    dtypes.push(typeOf(step, from));
    const [a, b = a, c = a] = step.inputs as [number, number?, number?];
    for (const k of new Set(step.inputs))
      if (lastRead.get(k) === j && registerOf[k]! >= 0 && constant[k] !== true) free.push(registerOf[k]!);
    const register = j === steps.length - 1 && direct ? -1 : take();
    registerOf.push(register);
    return [codeOf(instructionOf(step, from[0]!)), register, a, b, c];
  });
  const key = (words: readonly number[]): number => io.table(`words ${words.join()}`, () => Int32Array.from(words));
  const registerBytes = ceilTo(block * 4 + 16, 64);
  const each = Math.max(1, Math.floor(unitElements / block));
  const args = [
    ...[elements, block, each, inputs.length, key(table), steps.length, key(code), to, bytes, registerBytes],
  ];
  const calls = code.some((word, k) => k % 5 === 0 && word >= firstRare) ? "instructRare" : undefined;
  return { args, units: Math.ceil(elements / (block * each)), calls, block, registers: used };
}
