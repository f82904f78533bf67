/** Small controls: a number with − and +, a choice of few, a row of swatches. */
import type { ComponentChildren, CSSProperties, VNode } from "preact";
import { useState } from "preact/hooks";

/**
 * A field for a number. While somebody types, it shows what was typed (`-`, `0.`, `-0`: none of them a number yet, or another one), and what
 * is a number on the way is told; afterwards it shows the value.
 */
export function NumberInput(props: {
  readonly value: number;
  readonly step: number | "any";
  readonly min?: number;
  readonly max?: number;
  readonly disabled?: boolean;
  readonly inputMode?: "numeric";
  readonly "aria-label"?: string;
  readonly style?: CSSProperties;
  onNumber(value: number): void;
}): VNode {
  const { value, onNumber, ...rest } = props;
  const [typed, setTyped] = useState<string>();
  return (
    <input
      {...rest}
      type="number"
      value={typed ?? value}
      onInput={(event) => {
        const { value: text, valueAsNumber } = event.currentTarget;
        setTyped(text);
        if (!Number.isNaN(valueAsNumber)) onNumber(valueAsNumber);
      }}
      onBlur={(event) => {
        setTyped(undefined);
        event.currentTarget.value = `${value}`;
      }}
    />
  );
}

/** `names` gives the number's full name to those who do not see where it stands. */
export function NumberField(props: {
  readonly name: string;
  readonly short?: string;
  readonly value: number;
  readonly least: number;
  readonly most: number;
  readonly disabled?: boolean;
  onChange(value: number): void;
}): VNode {
  const { name, short = name, value, least, most, disabled = false, onChange } = props;
  const set = (next: number): void => {
    if (Number.isInteger(next)) onChange(Math.max(least, Math.min(most, next)));
  };
  return (
    <span class="number">
      <span class="short" aria-hidden="true">
        {short}
      </span>
      <button
        type="button"
        tabIndex={-1}
        aria-hidden="true"
        disabled={disabled || value <= least}
        onClick={() => set(value - 1)}
      >
        −
      </button>
      <NumberInput
        inputMode="numeric"
        aria-label={name}
        min={least}
        max={most}
        step={1}
        value={value}
        disabled={disabled}
        onNumber={set}
      />
      <button
        type="button"
        tabIndex={-1}
        aria-hidden="true"
        disabled={disabled || value >= most}
        onClick={() => set(value + 1)}
      >
        +
      </button>
    </span>
  );
}

/** One of a few, all in sight. */
export function Choice<T extends string | number>(props: {
  readonly name: string;
  readonly value: T;
  readonly options: readonly (readonly [T, ComponentChildren])[];
  onChange(value: T): void;
}): VNode {
  return (
    <div class="choice" role="group" aria-label={props.name}>
      {props.options.map(([value, label]) => (
        <button type="button" aria-pressed={value === props.value} onClick={() => props.onChange(value)}>
          {label}
        </button>
      ))}
    </div>
  );
}
