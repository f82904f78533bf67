/** A chain of element-wise ops as one kernel: each thread computes one element, values between live in registers. */
import { decline, sizeOf, type Declined, type DType, type MapStep, type Spec } from "@tatamijs/core/backend";
import { idle, samePlace, type Choices, type GpuKernel } from "../kernel.ts";
import { perThread } from "../shader.ts";
import { storageOf, stored, storing, valueOf, writtenOf } from "../values.ts";
import { expression } from "./expression.ts";
import { axesOf, coordinates, numbered, place } from "./operands.ts";

/** The lines that compute a chain from values named v0, v1, … */
export interface Lines {
  readonly text: string;
  /** The name of the last value. */
  readonly value: string;
  readonly dtype: DType;
  readonly uses: readonly string[];
}

export function linesOf(inputs: readonly Spec[], steps: readonly MapStep[]): Lines {
  const dtypes: DType[] = inputs.map(({ dtype }) => dtype);
  const uses: string[] = [];
  const lines = steps.map((step, j) => {
    const made = expression(
      step,
      step.inputs.map((k) => dtypes[k]!),
      step.inputs.map((k) => `v${k}`),
    );
    dtypes.push(made.dtype);
    uses.push(...made.uses);
    return `  let v${inputs.length + j} = ${made.text};`;
  });
  return { text: lines.join("\n"), value: `v${dtypes.length - 1}`, dtype: dtypes.at(-1)!, uses };
}

/** Reads operand k at `at` as the type it is computed in. */
export const load = ({ dtype }: Spec, name: string, at: string): string =>
  `${valueOf(dtype)}(${stored(dtype, name, at)})`;

export function tooMany(inputs: readonly Spec[], { maxBindings }: Choices): Declined | undefined {
  return inputs.length < maxBindings
    ? undefined
    : decline(`${inputs.length} operands and a result; this adapter binds ${maxBindings} buffers`);
}

export function chain(
  inputs: readonly Spec[],
  output: Spec,
  steps: readonly MapStep[],
  choices: Choices,
): GpuKernel | Declined {
  if (sizeOf(output.shape) === 0) return idle;
  const refused = tooMany(inputs, choices);
  if (refused !== undefined) return refused;
  const threads = sizeOf(output.shape);
  const lines = linesOf(inputs, steps);
  const { sizes, strides } = axesOf(output.shape, [...inputs.map(({ shape }) => shape), output.shape]);
  const whole = inputs.map(({ shape }) => sizeOf(shape) === threads);
  const split = inputs.some(({ shape }, k) => !whole[k] && sizeOf(shape) !== 1);
  const at = inputs.map(({ shape }, k) =>
    whole[k] ? "i" : sizeOf(shape) === 1 ? "0u" : place(strides[k]!, "c", `s${k}_`),
  );
  const uniforms = split
    ? Object.assign(
        numbered("d", sizes),
        ...inputs.map((_, k) => (at[k]!.includes("u.") ? numbered(`s${k}_`, strides[k]!) : {})),
      )
    : {};
  const storage = storageOf(output.dtype);
  return {
    variant: steps.length === 1 ? "one pass" : `${steps.length} ops in one pass`,
    inPlace: inputs.flatMap(({ dtype }, k) =>
      whole[k] && dtype !== "u8" && output.dtype !== "u8" && storageOf(dtype) === storage ? [k] : [],
    ),
    dispatches({ inputs: operands, output: to }) {
      // One range may not be bound for reading and for writing: an operand in the output's place is read from there.
      const own = operands.map((operand) => samePlace(operand, to));
      const loads = inputs.map((spec, k) => `  let v${k} = ${load(spec, own[k] ? "y" : `x${k}`, at[k]!)};`);
      return [
        perThread({
          label: "chain",
          threads,
          uniforms,
          bindings: [
            ...operands.flatMap((part, k) =>
              own[k] ? [] : [{ name: `x${k}`, of: storageOf(inputs[k]!.dtype), part }],
            ),
            { name: "y", of: writtenOf(output.dtype), part: to, write: true },
          ],
          uses: lines.uses,
          body: [
            ...(split ? [coordinates("i", sizes.length, "c", "d")] : []),
            ...loads,
            lines.text,
            storing(output.dtype, "y", "i", `${storage}(${lines.value})`),
          ].join("\n"),
        }),
      ];
    },
  };
}
