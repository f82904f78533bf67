/** What the arena says, in both languages. */
import type { Both } from "../preferences.ts";
import type { OpGroup } from "./ops.ts";

export interface ArenaText {
  readonly title: string;
  readonly lead: string;
  readonly backends: string;
  readonly kinds: Readonly<Record<"webgpu" | "wasm" | "cpu", string>>;
  readonly takesPart: string;
  readonly looking: string;
  readonly known: string;
  readonly missing: string;
  readonly noWebGpu: string;
  readonly noAdapter: string;
  readonly runs: string;
  readonly threads: string;
  readonly adapter: string;
  readonly opened: string;
  readonly fallback: string;
  readonly single: string;
  readonly slowClock: string;
  readonly device: string;
  readonly processors: string;
  readonly isolated: string;
  readonly yes: string;
  readonly no: string;
  readonly clock: string;
  readonly again: string;
  readonly race: string;
  readonly raceLead: string;
  readonly layers: string;
  readonly networks: string;
  readonly time: string;
  readonly times: Readonly<Record<"short" | "long", string>>;
  readonly all: string;
  readonly one: string;
  readonly stop: string;
  readonly save: string;
  readonly backend: string;
  readonly median: string;
  readonly p95: string;
  readonly speed: string;
  readonly difference: string;
  readonly preparing: string;
  readonly fastest: string;
  readonly reference: string;
  readonly kit: string;
  readonly kitLead: string;
  readonly run: string;
  readonly nothing: string;
  readonly noOps: string;
  readonly progress: string;
  readonly op: string;
  readonly groups: Readonly<Record<OpGroup, string>>;
  readonly status: Readonly<Record<"pass" | "fail" | "declined" | "not-run", string>>;
  readonly odd: string;
  readonly state: Readonly<Record<"waiting" | "running" | "done" | "stopped", string>>;
  readonly failed: string;
  done(count: string, failed: string): string;
  among(times: string): string;
  sample(each: number): string;
  raced(name: string, what: string): string;
  progressed(name: string, done: string, all: string): string;
  summary(pass: string, fail: string, declined: string, notRun: string): string;
}

export const arenaText: Both<ArenaText> = {
  en: {
    title: "The backends of this device",
    lead: "Who is here, who is fastest, and do they agree? Everything is measured now, on the device in your hand.",
    backends: "Backends",
    kinds: { webgpu: "The graphics processor", wasm: "WebAssembly, SIMD", cpu: "Plain TypeScript" },
    takesPart: "Takes part",
    looking: "Looking",
    known: "Known answers",
    missing: "Not here",
    noWebGpu: "This browser has no WebGPU, or has it only for pages that come over https.",
    noAdapter: "The browser has WebGPU, but found no graphics processor that it would use.",
    runs: "Runs",
    threads: "Threads",
    adapter: "Adapter",
    opened: "Ready after",
    fallback: "This adapter is a processor that plays a graphics card: right, and slow.",
    single: "One thread: only an isolated page may share memory between threads, and this one is not isolated.",
    slowClock: "Not isolated, so the clock is coarse: short runs are timed in groups.",
    device: "This device",
    processors: "Processors",
    isolated: "Isolated page",
    yes: "yes",
    no: "no",
    clock: "Tick of the clock",
    again: "Look again",
    race: "The race",
    raceLead:
      "From numbers given to numbers back, in turns, after a warm-up. The difference is the largest one to the CPU backend, as a share of the largest number.",
    layers: "Layers",
    networks: "Networks",
    time: "Time for each",
    times: { short: "Short", long: "Thorough" },
    all: "Race them all",
    one: "Race",
    stop: "Stop",
    save: "Save as JSON",
    backend: "Backend",
    median: "Median",
    p95: "95 %",
    speed: "GF/s",
    difference: "Difference",
    preparing: "getting ready",
    fastest: "fastest",
    reference: "reference",
    kit: "The conformance kit, here",
    kitLead:
      "The cases by which tatami's backends are accepted, run on this device: every op against double-precision loops that share no code with any backend. Choose ops by their marks.",
    run: "Run the kit",
    nothing: "No backend takes part. Choose one above.",
    noOps: "No op is chosen. Choose some below.",
    progress: "Progress",
    op: "Op",
    groups: { images: "Images", sums: "Sums", elements: "Element by element", moves: "Moving" },
    status: { pass: "pass", fail: "fail", declined: "declined", "not-run": "not run" },
    odd: "What did not pass, and why",
    state: { waiting: "waiting", running: "running", done: "finished", stopped: "stopped" },
    failed: "This did not work:",
    done: (count, failed) => `${count} checks, ${failed} failed`,
    among: (times) => `${times} × the slowest`,
    sample: (each) => `groups of ${each} runs`,
    raced: (name, what) => `Finished. ${name} is fastest for ${what}.`,
    progressed: (name, done, all) => `${name}: ${done} of ${all} cases`,
    summary: (pass, fail, declined, notRun) => `${pass} pass, ${fail} fail, ${declined} declined, ${notRun} not run`,
  },
  ja: {
    title: "この端末のバックエンド",
    lead: "どれがあり、どれが速く、答は一致するか。いま、手元の端末で測ります。",
    backends: "バックエンド",
    kinds: { webgpu: "グラフィックスプロセッサ", wasm: "WebAssembly、SIMD", cpu: "ただの TypeScript" },
    takesPart: "参加する",
    looking: "調べています",
    known: "既知の答",
    missing: "ありません",
    noWebGpu: "このブラウザーには WebGPU がないか、https で来た頁にだけあります。",
    noAdapter: "ブラウザーに WebGPU はありますが、使えるグラフィックスプロセッサが見つかりませんでした。",
    runs: "動くもの",
    threads: "スレッド",
    adapter: "アダプター",
    opened: "使えるまで",
    fallback: "このアダプターは、グラフィックスカードの代わりをするプロセッサです。答は正しく、速くはありません。",
    single:
      "スレッドは一つです。スレッドの間でメモリーを共有できるのは隔離された頁だけで、この頁は隔離されていません。",
    slowClock: "隔離されていないので時計が粗く、短い計算はまとめて測ります。",
    device: "この端末",
    processors: "プロセッサ",
    isolated: "隔離された頁",
    yes: "はい",
    no: "いいえ",
    clock: "時計の刻み",
    again: "もう一度調べる",
    race: "競走",
    raceLead:
      "数を渡してから数が返るまでを、準備運動の後、順番に測ります。差は CPU バックエンドとの最大の差で、最大の数に対する割合です。",
    layers: "層",
    networks: "ネットワーク",
    time: "一つにかける時間",
    times: { short: "短く", long: "念入りに" },
    all: "すべて競走させる",
    one: "競走",
    stop: "止める",
    save: "JSON で保存",
    backend: "バックエンド",
    median: "中央値",
    p95: "95 %",
    speed: "GF/s",
    difference: "差",
    preparing: "準備中",
    fastest: "最速",
    reference: "基準",
    kit: "適合検査を、ここで",
    kitLead:
      "tatami のバックエンドが受ける検査そのものを、この端末で動かします。すべての演算を、どのバックエンドともコードを共有しない倍精度のループと照らし合わせます。演算は印で選べます。",
    run: "検査を始める",
    nothing: "参加するバックエンドがありません。上で選んでください。",
    noOps: "演算が選ばれていません。下で選んでください。",
    progress: "進み具合",
    op: "演算",
    groups: { images: "画像", sums: "和", elements: "要素ごと", moves: "並べ替え" },
    status: { pass: "合格", fail: "不合格", declined: "辞退", "not-run": "未実行" },
    odd: "合格しなかったものと、その理由",
    state: { waiting: "待機中", running: "実行中", done: "終了", stopped: "中止" },
    failed: "うまくいきませんでした。",
    done: (count, failed) => `${count} 件、不合格 ${failed} 件`,
    among: (times) => `最も遅いものの ${times} 倍`,
    sample: (each) => `${each} 回ずつまとめて`,
    raced: (name, what) => `終わりました。${what}では ${name} が最速です。`,
    progressed: (name, done, all) => `${name}：${all} 例のうち ${done} 例`,
    summary: (pass, fail, declined, notRun) => `合格 ${pass}、不合格 ${fail}、辞退 ${declined}、未実行 ${notRun}`,
  },
};
