/** Small controls: a number with − and +, a choice of few, a row of swatches. */
import type { ComponentChildren, VNode } from "preact";

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
      <input
        type="number"
        inputMode="numeric"
        aria-label={name}
        min={least}
        max={most}
        step={1}
        value={value}
        disabled={disabled}
        onInput={(event) => {
          if (event.currentTarget.value !== "") set(event.currentTarget.valueAsNumber);
        }}
        onBlur={(event) => {
          event.currentTarget.value = `${value}`;
        }}
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
