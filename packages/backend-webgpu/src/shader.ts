/** Puts a WGSL text together from its uniforms, bindings and body. */
import { functionsFor } from "./wgsl/functions.ts";
import type { Dispatch, Part } from "./kernel.ts";

/** A storage binding: `name` is an array of `of` in the text. */
export interface Binding {
  readonly name: string;
  readonly of: string;
  readonly part: Part;
  readonly write?: boolean;
}

export interface Source {
  readonly label: string;
  /** `u.name` in the text, all u32: signed ones wrap, floats go by `bits` and `bitcast<f32>`. */
  readonly uniforms: Readonly<Record<string, number>>;
  readonly bindings: readonly Binding[];
  /** Functions of wgsl/functions.ts that the body calls; what those call comes along. */
  readonly uses?: readonly string[];
  /** `quadLane` is there, the thread's place among four neighbours, and they may exchange values. */
  readonly quads?: boolean;
  /** Threads of a workgroup exchange values in subgroups. */
  readonly subgroups?: boolean;
  /** Declarations before the entry point. */
  readonly before?: string;
  readonly body: string;
}

/** No dimension of a dispatch may have more workgroups. */
export const maxGroups = 65535;

/** A processor that plays a GPU gives workgroups to its cores: small ones for long threads, that no core waits for another. */
export const processorGroup = 16;

/** `body` once for every `i` < threads, in workgroups of `size`. */
export function perThread(source: Source & { readonly threads: number; readonly size?: number }): Dispatch {
  const { size = 64 } = source;
  const groups = Math.ceil(source.threads / size);
  const wide = Math.min(groups, maxGroups);
  return dispatch(
    { ...source, uniforms: { threads: source.threads, ...source.uniforms } },
    `@compute @workgroup_size(${size})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u${source.quads === true ? ", @builtin(subgroup_invocation_id) place: u32" : ""}) {
${source.quads === true ? "  let quadLane = place % 4u;\n" : ""}  let i = id.x + id.y * groups.x * ${size}u;
  if (i >= u.threads) { return; }
${source.body}
}`,
    [wide, Math.ceil(groups / wide), 1],
  );
}

/** `body` in workgroups of `size` threads, with `number` (its, linear) and `lane`; all of a group run the same way. */
export function perGroup(source: Source & { readonly groups: number; readonly size: number }): Dispatch {
  const wide = Math.min(source.groups, maxGroups);
  return dispatch(
    { ...source, uniforms: { groups: source.groups, ...source.uniforms } },
    `@compute @workgroup_size(${source.size})
fn main(@builtin(workgroup_id) id: vec3u, @builtin(num_workgroups) all: vec3u, @builtin(local_invocation_index) lane: u32) {
  let number = id.x + id.y * all.x;
  if (number >= u.groups) { return; }
${source.body}
}`,
    [wide, Math.ceil(source.groups / wide), 1],
  );
}

function dispatch(source: Source, main: string, groups: readonly [number, number, number]): Dispatch {
  const { label, uniforms, bindings } = source;
  const names = Object.keys(uniforms);
  const halves = /\b(f16|vec4h)\b/.test([...bindings.map(({ of }) => of), source.before, main].join("\n"));
  const code = [
    ...(halves ? ["enable f16;"] : []),
    // They take the same way by construction, which the compiler cannot see.
    ...(source.quads === true || source.subgroups === true
      ? ["enable subgroups;", "diagnostic(off, subgroup_uniformity);"]
      : []),
    `struct Uniforms {\n${names.map((name) => `  ${name}: u32,`).join("\n")}\n}`,
    "@group(0) @binding(0) var<uniform> u: Uniforms;",
    ...bindings.map(
      ({ name, of, write }, k) =>
        `@group(0) @binding(${k + 1}) var<storage, ${write ? "read_write" : "read"}> ${name}: array<${of}>;`,
    ),
    functionsFor(source.uses ?? []),
    source.before ?? "",
    main,
  ]
    .filter((text) => text !== "")
    .join("\n");
  return {
    shader: { label, code, writes: bindings.map(({ write }) => write === true) },
    parts: bindings.map(({ part }) => part),
    uniforms: Uint32Array.from(Object.values(uniforms), (value) => value >>> 0),
    groups,
  };
}

/** f(0) … f(n − 1): lines of a text that differ in a number. */
export const each = <T>(n: number, f: (k: number) => T): T[] => Array.from({ length: n }, (_, k) => f(k));

const word = new DataView(new ArrayBuffer(4));

/** The word that holds this f32. */
export function bits(value: number): number {
  word.setFloat32(0, value);
  return word.getUint32(0);
}
