/** From a model or a function to a function on numbers. */
import {
  channelsFirst,
  channelsLast,
  checkDType,
  checkLayout,
  checkShape,
  constant,
  input as inputOf,
  isTensor,
  show,
  TatamiError,
  transpose,
  type Layer,
  type Layout,
  type Nested,
  type Shape,
  type Spec,
  type Tensor,
  type TypedArray,
} from "@tatamijs/core";
import {
  compile as compileGraph,
  evaluate as evaluateIn,
  jit,
  type Program,
  type Session,
  type Value,
} from "@tatamijs/engine";
import { call, inference } from "@tatamijs/nn";
import { checkNames } from "@tatamijs/train";
import type { BackendChoice } from "./open.ts";
import { backendFor, sessionOn, settleAll, settleIn, type UsedBackend } from "./sessions.ts";

/** What a program is given: values with their shape, nested numbers, a constant; a bare array where the shape was said. */
export type Given = TypedArray | { readonly data?: TypedArray; readonly shape: Shape } | Nested;

export interface CompileOptions {
  /** The input's shape, or one shape (or `{ shape, dtype }`) per input. Left out: each shape that comes gets its program, the 8 latest are kept. */
  readonly input?: Shape | Spec | readonly (Shape | Spec)[] | undefined;
  /**
   * "NHWC": images, which is all that has 4 axes, are given and come back channels last, as a canvas has them, in their data and in
   * the shape beside it; nothing is converted. `input` above stays (N, C, H, W), which is what the model sees. Default "NCHW".
   */
  readonly layout?: Layout | Layouts | undefined;
  /** Default "auto", opened on first use. */
  readonly backend?: BackendChoice | undefined;
}

/** The layout of what goes in, and of what comes out. */
export interface Layouts {
  /** Default "NCHW". */
  readonly input?: Layout | undefined;
  /** Default "NCHW". */
  readonly output?: Layout | undefined;
}

/** Runs the program. Memory goes back when this function is collected, or at once with `close`. */
export interface Predict<R> extends Disposable {
  (...inputs: readonly Given[]): Promise<R>;
  /** Where it runs; its `report` says which was chosen, and why others were not. */
  readonly backend: UsedBackend;
  /** What was compiled for the `input` that was given, to `print`; undefined where each shape gets its own. */
  readonly program: Program | undefined;
  close(): void;
}

/**
 * Compiles a model for prediction, or a function of tensors.
 *
 *     const predict = await compile(model, { input: [32, 1, 28, 28] });
 *     const { data, shape } = await predict(pixels);
 *
 * A model's parameters stay live: what `fit` or `load` changes is seen by the next call.
 * @throws TatamiError `argument`, `backend`; what the layers throw. The function it gives rejects with `input` for inputs
 * that do not fit.
 */
export function compile(model: Layer, options?: CompileOptions): Promise<Predict<Value>>;
export function compile(f: (...inputs: Tensor[]) => Tensor, options?: CompileOptions): Promise<Predict<Value>>;
export function compile(
  f: (...inputs: Tensor[]) => readonly Tensor[],
  options?: CompileOptions,
): Promise<Predict<Value[]>>;
export async function compile(
  what: Layer | ((...inputs: Tensor[]) => Tensor | readonly Tensor[]),
  options: CompileOptions = {},
): Promise<Predict<Value | Value[]>> {
  if (typeof options !== "object" || options === null)
    throw new TatamiError("argument", `options is ${show(options)}; give a record such as { input: [1, 1, 28, 28] }`, {
      op: "compile",
    });
  checkNames(options, { input: true, layout: true, backend: true }, "compile");
  const specs = options.input === undefined ? undefined : specsOf(options.input);
  const layouts = layoutsOf(options.layout);
  const backend = await backendFor(options.backend);
  const session = sessionOn(backend);
  if (typeof what !== "function") settleIn(what, session, "compile");
  let list = false;
  const build = (...inputs: Tensor[]): { outputs: readonly Tensor[] } => {
    const y: unknown = typeof what === "function" ? what(...inputs) : call(what, inputs[0]!, inference());
    list = Array.isArray(y);
    const outputs = (list ? y : [y]) as readonly Tensor[];
    const odd = outputs.findIndex((output) => !isTensor(output));
    if (odd < 0) settleAll(outputs, session);
    if (odd < 0 && outputs.length > 0)
      return { outputs: layouts.output === "NHWC" ? outputs.map((output) => turned(output, channelsLast)) : outputs };
    throw new TatamiError(
      "argument",
      `the function gave ${show(list ? outputs[odd] : y)}; return a tensor or an array of tensors`,
      { op: "compile" },
    );
  };
  const program =
    specs === undefined ? perShape(build, layouts.input, session) : await fixed(build, specs, layouts.input, session);
  const count = typeof what === "function" ? undefined : 1;
  const predict = async (...inputs: readonly Given[]): Promise<Value | Value[]> => {
    if (count !== undefined && inputs.length !== count) {
      throw new TatamiError("input", `the model takes 1 input, ${inputs.length} were given`, { op: "predict" });
    }
    const values = await program.run(
      inputs.map((given, i) => {
        const spec = program.program?.inputs[i];
        return fitting(valueOf(given, i, spec), i, spec);
      }),
    );
    return list ? values : values[0]!;
  };
  const close = (): void => program.close();
  return Object.assign(predict, { backend, program: program.program, close, [Symbol.dispose]: close });
}

type Ready = { readonly data: TypedArray; readonly shape: Shape; readonly dtype: Spec["dtype"] };
type Build = (...inputs: Tensor[]) => { outputs: readonly Tensor[] };

interface Runs {
  readonly program: Program | undefined;
  run(inputs: readonly Ready[]): Promise<Value[]>;
  close(): void;
}

async function fixed(build: Build, specs: readonly Spec[], layout: Layout, session: Session): Promise<Runs> {
  const inputs = specs.map(({ shape, dtype }) =>
    inputOf(shape, { dtype, layout: shape.length === 4 ? layout : "NCHW" }),
  );
  const program: Program = await compileGraph({ inputs, ...build(...inputs) }, session);
  return { program, run: (values) => program.run(values), close: () => program.close() };
}

function perShape(build: Build, layout: Layout, session: Session): Runs {
  // Shapes come with the values, in their order.
  const said = layout === "NHWC" ? (x: Tensor): Tensor => turned(x, channelsFirst) : (x: Tensor): Tensor => x;
  const programs = jit((...inputs) => build(...inputs.map(said)), session);
  return { program: undefined, run: (values) => programs(values), close: () => programs.close() };
}

/** An image in the other order. */
function turned(x: Tensor, perm: readonly number[]): Tensor {
  return x.shape.length === 4 ? transpose(x, perm) : x;
}

/** @throws TatamiError `argument`. */
function layoutsOf(given: unknown = "NCHW"): { readonly input: Layout; readonly output: Layout } {
  if (typeof given !== "object" || given === null) {
    const layout = checkLayout(given, "compile");
    return { input: layout, output: layout };
  }
  const { input = "NCHW", output = "NCHW" } = given as Layouts;
  return {
    input: checkLayout(input, "compile", "layout.input"),
    output: checkLayout(output, "compile", "layout.output"),
  };
}

function specsOf(given: unknown): Spec[] {
  const isShape = (v: unknown): boolean => Array.isArray(v) && v.every((dim) => typeof dim === "number");
  const one = typeof given === "object" && given !== null && "shape" in given;
  const list: readonly unknown[] = one || isShape(given) ? [given] : Array.isArray(given) ? given : [given];
  return list.map((item) => {
    const { shape, dtype = "f32" }: { shape: unknown; dtype?: unknown } =
      typeof item === "object" && item !== null && "shape" in item ? item : { shape: item };
    return { shape: checkShape(shape, "compile", "input"), dtype: checkDType(dtype, "compile") };
  });
}

function valueOf(given: Given, i: number, spec: Spec | undefined): Ready {
  const bare = ArrayBuffer.isView(given);
  if (bare && spec === undefined) {
    throw new TatamiError(
      "input",
      `input ${i} is ${show(given)}, which does not say its shape; give { data, shape }, or compile with input: [...]`,
      { op: "predict" },
    );
  }
  if (!bare && typeof given === "object" && given !== null && "shape" in given) {
    const { data } = given;
    if (!ArrayBuffer.isView(data)) {
      throw new TatamiError(
        "input",
        `input ${i} is ${show(given)}, which holds no values; give { data, shape } with a typed array`,
        { op: "predict" },
      );
    }
    return ready(constant(data, checkShape(given.shape, "predict", `input ${i}`)));
  }
  return ready(
    bare && spec !== undefined && given.length === spec.shape.reduce((a, b) => a * b, 1)
      ? constant(given, spec.shape)
      : constant(given as Nested),
  );
}

/** Which array holds what; others go as they are. */
const arrays: Readonly<Partial<Record<Spec["dtype"], string>>> = {
  f32: "a Float32Array",
  i32: "an Int32Array",
  u8: "a Uint8Array",
};

/** @throws TatamiError `input` for another dtype than the program's. */
function fitting(value: Ready, i: number, spec: Spec | undefined): Ready {
  const wanted = spec === undefined ? undefined : arrays[spec.dtype];
  if (wanted === undefined || value.dtype === spec!.dtype) return value;
  throw new TatamiError(
    "input",
    `input ${i} holds ${value.dtype}, the program was compiled for ${spec!.dtype}; give ${wanted}, or compile with input: { shape: [${value.shape.join(", ")}], dtype: "${value.dtype}" }`,
    { op: "predict", details: { input: i, given: value.dtype, wanted: spec!.dtype } },
  );
}

function ready(tensor: Tensor): Ready {
  return { data: tensor.data!, shape: tensor.shape, dtype: tensor.dtype };
}

export interface EvaluateOptions {
  /** Default "auto", opened on first use. */
  readonly backend?: BackendChoice | undefined;
}

/**
 * The values of a tensor, or of several, now.
 * @throws TatamiError `input` when it depends on an input, `backend`.
 */
export function evaluate(y: Tensor, options?: EvaluateOptions): Promise<Value>;
export function evaluate(ys: readonly Tensor[], options?: EvaluateOptions): Promise<Value[]>;
export async function evaluate(y: Tensor | readonly Tensor[], options: EvaluateOptions = {}): Promise<Value | Value[]> {
  const list: readonly unknown[] = Array.isArray(y) ? y : [y];
  const odd = list.findIndex((item) => !isTensor(item));
  if (odd >= 0)
    throw new TatamiError("argument", `${show(list[odd])} is no tensor; give a tensor or an array of tensors`, {
      op: "evaluate",
    });
  if (typeof options !== "object" || options === null)
    throw new TatamiError("argument", `options is ${show(options)}; give a record such as { backend: "cpu" }`, {
      op: "evaluate",
    });
  checkNames(options, { backend: true }, "evaluate");
  const backend = await backendFor(options.backend);
  const session = sessionOn(backend);
  const open = settleAll(list as readonly Tensor[], session);
  if (open !== undefined)
    throw new TatamiError(
      "input",
      `the value depends on an input of shape [${open.shape.join(", ")}], and evaluate gives none; compile it as a function of its inputs`,
      { op: "evaluate", details: { shape: open.shape } },
    );
  return Array.isArray(y)
    ? evaluateIn(y as readonly Tensor[], { backend, session })
    : evaluateIn(y as Tensor, { backend, session });
}
