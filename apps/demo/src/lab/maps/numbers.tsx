/** The table behind a map of the lab; with `onNumber` its numbers can be changed. */
import type { VNode } from "preact";
import { said } from "../../preferences.ts";
import { Behind, Numbers as Table } from "../../ui/behind.tsx";
import { labText } from "../text.ts";
import { NumberInput } from "../../ui/fields.tsx";

export function Numbers(props: {
  readonly name: string;
  readonly rows: number;
  readonly columns: number;
  at(y: number, x: number): number;
  onNumber?: (y: number, x: number, value: number) => void;
}): VNode {
  const t = said(labText);
  const { onNumber, ...map } = props;
  const changed = (y: number, x: number): VNode => (
    <NumberInput step="any" aria-label={t.at(y, x)} value={map.at(y, x)} onNumber={(next) => onNumber!(y, x, next)} />
  );
  return (
    <Behind name={map.name}>
      <Table {...map} cell={onNumber === undefined ? undefined : changed} />
    </Behind>
  );
}
