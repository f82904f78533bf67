// What shapes in types cost: 60 layers, and the same 60 with tensors whose types know no shape. How many
// instantiations that makes is held; the time is printed, since a loaded machine has its own.
import { expect, test } from "vitest";
import { compile } from "./check.ts";

const layers = 60;

/** Sizes that differ from layer to layer, so that no answer is remembered from another. */
const functions = (make: string): string => {
  const lines = Array.from({ length: layers }, (_, i) => {
    const w = `${make}([${i + 2}, ${i + 1}, 3, 3])`;
    return `const x${i + 1} = relu(conv2d(x${i}, ${w}, { padding: ${i % 3 === 0 ? 0 : 1} }));`;
  });
  return `const x0 = ${make}([8, 1, 224, 224]);\n${lines.join("\n")}\nconst last: Tensor = x${layers};`;
};

const sequence = (make: string): string => {
  const row = Array.from(
    { length: layers },
    (_, i) => `nn.conv2d(${i + 1}, ${i + 2}, 3, { padding: ${i % 3 === 0 ? 0 : 1} })`,
  );
  return `const last: Tensor = nn.sequential(${row.join(", ")}).forward(${make}([8, 1, 224, 224]), nn.inference());`;
};

const head = `import { conv2d, input, nn, relu, type Layer, type Shape, type Tensor } from "tatamijs";
declare const plain: (shape: Shape) => Tensor;
`;

interface Cost {
  readonly instantiations: number;
  readonly seconds: number;
}

function costOf(text: string, compiler: string): Cost {
  const single = compiler === "tsc" ? ["--singleThreaded"] : [];
  const { output } = compile(`${head}${text}\n`, compiler, "cost.ts", "--extendedDiagnostics", ...single);
  expect(output).not.toContain("error TS");
  const value = (name: string): number => Number(new RegExp(`${name}: +([\\d.]+)`).exec(output)?.[1]);
  return { instantiations: value("Instantiations"), seconds: value("Check time") };
}

const nothing = costOf("", "tsc");
let known6: Cost | undefined;
const nothing6 = (): Cost => (known6 ??= costOf("", "tsc6"));

const ways = [
  { what: "functions", text: functions },
  { what: "sequential", text: sequence },
];

test.each(ways)("60 layers as $what", { timeout: 240_000 }, ({ what, text }) => {
  const typed = costOf(text("input"), "tsc");
  const more = typed.instantiations - nothing.instantiations;
  console.log(`${layers} layers as ${what}: ${more} instantiations, ${(typed.seconds - nothing.seconds).toFixed(2)} s`);
  expect(more).toBeGreaterThan(0);
  expect(more).toBeLessThanOrEqual(100_000);
});

test("tensors whose types know no shape cost next to nothing", { timeout: 240_000 }, () => {
  const plain = costOf(functions("plain"), "tsc").instantiations - nothing.instantiations;
  console.log(`${layers} layers of plain tensors: ${plain} instantiations`);
  expect(plain).toBeLessThanOrEqual(1000);
});

// A layer that is wanted as a Layer is where it once gave up: excessively deep.
const alone = `const list: readonly Layer[] = [nn.conv1d(1, 2, 3), nn.conv2d(1, 2, 3), nn.convTranspose2d(1, 2, 3), nn.linear(2, 3)];`;

test.each([...ways, { what: "a list of layers", text: (): string => alone }])(
  "TypeScript 6 checks $what too",
  { timeout: 240_000 },
  ({ what, text }) => {
    const { seconds } = costOf(text("input"), "tsc6");
    console.log(`${what}, TypeScript 6: ${(seconds - nothing6().seconds).toFixed(2)} s`);
    expect(seconds).toBeGreaterThan(0);
  },
);
