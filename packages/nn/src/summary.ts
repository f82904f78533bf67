/** A model as a table: layers, output shapes, parameters, multiply–accumulates, receptive field, memory. */
import { checkShape, input, sizeOf, type Layer, type Shape, type Tensor } from "@tatamijs/core";
import { inference } from "./context.ts";
import { fieldOf, type Field } from "./field.ts";
import { call, checkLayer, isModule, type Tracing } from "./module.ts";
import { parameterCount } from "./state.ts";

/** One call of one layer. */
export interface SummaryRow {
  /** Where it stands in the model, as its states' names begin: `0`, `body.2`; empty for the model itself. */
  readonly path: string;
  readonly layer: string;
  readonly output: Shape;
  /** Trained values; 0 from a layer's second call on. */
  readonly parameters: number;
  /** Multiply–accumulates for the whole batch. */
  readonly macs: number;
  /** [rows, columns] of the input that an output element can see; undefined for what is no map (it sees all). */
  readonly field: readonly [number, number] | undefined;
  /** Bytes of the output. */
  readonly bytes: number;
}

export interface Summary {
  readonly input: Shape;
  readonly rows: readonly SummaryRow[];
  readonly parameters: number;
  readonly macs: number;
  /** Bytes of all outputs, as if none were reused; a compiled program needs less (`print(program)`). */
  readonly bytes: number;
}

/** What `summary` prints, as data. @throws TatamiError as `summary`. */
export function describe(model: Layer, inputShape: Shape): Summary {
  checkLayer(model, "summary", "model");
  const x = input(checkShape(inputShape, "summary", "inputShape"));
  const paths = pathsOf(model);
  const seen = new Set<Layer>();
  const rows: SummaryRow[] = [];
  const fields = new Map<Tensor, Field>();
  const image = x.shape.length >= 3;
  if (image)
    fields.set(x, [
      { size: 1, jump: 1 },
      { size: 1, jump: 1 },
    ]);
  const context: Tracing = {
    ...inference(),
    trace(layer, from, to) {
      const module = isModule(layer) ? layer : undefined;
      if (module?.sees === "all")
        fields.set(to, [
          { size: Infinity, jump: 1 },
          { size: Infinity, jump: 1 },
        ]);
      rows.push({
        path: paths.get(layer) ?? "",
        layer: module?.label ?? "layer",
        output: to.shape,
        parameters: seen.has(layer) ? 0 : parameterCount(layer),
        macs: module?.macs?.(from, to) ?? 0,
        field: image && to.shape.length >= 3 ? clipped(fieldOf(to, fields), x.shape) : undefined,
        bytes: sizeOf(to.shape) * 4,
      });
      seen.add(layer);
    },
  };
  call(model, x, context);
  const total = (f: (row: SummaryRow) => number): number => rows.reduce((sum, row) => sum + f(row), 0);
  return {
    input: x.shape,
    rows,
    parameters: parameterCount(model),
    macs: total((r) => r.macs),
    bytes: total((r) => r.bytes),
  };
}

function clipped(field: Field | undefined, shape: Shape): readonly [number, number] | undefined {
  if (field === undefined) return undefined;
  return [Math.min(field[0].size, shape.at(-2)!), Math.min(field[1].size, shape.at(-1)!)];
}

function pathsOf(model: Layer): Map<Layer, string> {
  const paths = new Map<Layer, string>([[model, ""]]);
  const open: Layer[] = [model];
  for (let layer = open.pop(); layer !== undefined; layer = open.pop()) {
    if (!isModule(layer)) continue;
    const at = paths.get(layer)!;
    for (const [name, child] of Object.entries(layer.children)) {
      if (paths.has(child)) continue;
      paths.set(child, at === "" ? name : `${at}.${name}`);
      open.push(child);
    }
  }
  return paths;
}

/**
 * The model called on `inputShape`, such as [1, 1, 28, 28], as a table to print. Nothing is computed.
 * @throws TatamiError `argument`, `shape`; and what the layers throw when the shape does not fit them.
 */
export function summary(model: Layer, inputShape: Shape): string {
  const { rows, parameters, macs, bytes } = describe(model, inputShape);
  const whole = [inputShape.at(-2), inputShape.at(-1)];
  const cells = rows.map((row) => [
    row.path === "" ? row.layer : `${row.path}  ${row.layer}`,
    row.output.join("×"),
    row.parameters === 0 ? "–" : grouped(row.parameters),
    row.macs === 0 ? "–" : grouped(row.macs),
    row.field === undefined || row.field.every((size, axis) => size === whole[axis]) ? "all" : row.field.join("×"),
    size(row.bytes),
  ]);
  const table = [
    ["layer", "output", "parameters", "MACs", "field", "memory"],
    ...cells,
    ["total", "", grouped(parameters), grouped(macs), "", size(bytes)],
  ];
  const widths = table[0]!.map((_, column) => Math.max(...table.map((line) => line[column]!.length)));
  const lines = table.map((line) =>
    line
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!)))
      .join("  ")
      .trimEnd(),
  );
  const rule = "─".repeat(widths.reduce((a, b) => a + b + 2, -2));
  return [
    lines[0],
    rule,
    ...lines.slice(1, -1),
    rule,
    lines.at(-1),
    `weights ${size(parameters * 4)}, input ${inputShape.join("×")}`,
  ].join("\n");
}

/** 61706 → "61,706", in every locale. */
function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ",");
}

function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(1)} KB`;
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
