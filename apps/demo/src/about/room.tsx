/** What tatami is, and how to begin. */
import type { VNode } from "preact";
import { said, type Both } from "../preferences.ts";

interface AboutText {
  readonly title: string;
  readonly lead: string;
  readonly name: string;
  readonly points: readonly (readonly [string, string])[];
  readonly begin: string;
  readonly shell: string;
  readonly pieces: string;
  readonly read: string;
  /** Pages of `docs/`, which the build makes of the house's documents. */
  readonly documents: readonly (readonly [file: string, title: string, words: string, lang?: "en" | "ja"])[];
  readonly site: string;
  readonly siteWords: string;
}

const text: Both<AboutText> = {
  en: {
    title: "Convolutional networks for TypeScript",
    lead: "tatami trains and runs them in pages, workers and servers, without a dependency at run time. What you saw in the lab is its own shape arithmetic, its own explanations and its own errors.",
    name: "Tatamikomi (畳み込み) is Japanese for convolution. A tatami room is laid with mats of one size, and the sizes have to fit.",
    points: [
      ["Checked", "Every backend answers to one public kit with an independent double-precision oracle."],
      ["Small", "The pieces are packages of their own; a page loads what it uses."],
      [
        "Explains itself",
        "A size that does not divide is an error with the formula, its numbers and the values that fit.",
      ],
      ["No chores", "No dispose, no paths to configure, no special headers, training on every backend."],
    ],
    begin: "Begin",
    shell: "In a project",
    pieces: "Or only the pieces that you use, for instance predicting with WebAssembly alone",
    read: "Read on",
    documents: [
      [
        "notebook.en.html",
        "Notebook",
        "A convolution from one stroke of a brush to a trained layer, with drawings and code that runs.",
      ],
      ["errors.html", "Errors", "Every error by its code: what it means, an example, and how to fix it."],
      ["architecture.html", "Architecture", "Where things are and why, and what a backend is asked for."],
      ["benchmarks.html", "Benchmarks", "How fast it is beside other libraries, and how that was measured."],
      ["notebook.ja.html", "ノートブック", "The notebook in Japanese.", "ja"],
    ],
    site: "This site",
    siteWords:
      "The pages are static files that use the packages as any project does. They work offline after the first visit, ask no other server for anything and send nothing anywhere.",
  },
  ja: {
    title: "TypeScript のための畳み込みネットワーク",
    lead: "tatami は、頁でもワーカーでもサーバーでも、実行時の依存なしにネットワークを学習し、動かします。実験室で見た大きさの計算も、説明も、誤りの文も、tatami 自身のものです。",
    name: "「畳み込み」の畳です。畳の部屋は同じ大きさの畳を敷きつめてできていて、大きさが合わなければ敷けません。",
    points: [
      ["検査済み", "どのバックエンドも、独立した倍精度の答と照らし合わせる一つの公開検査を受けます。"],
      ["小さい", "部品はそれぞれ別のパッケージで、頁は使う分だけを読み込みます。"],
      ["説明する", "割り切れない大きさは誤りとして、式とその数と、合う値を示します。"],
      ["手間いらず", "dispose も、パスの設定も、特別なヘッダーも要りません。学習はどのバックエンドでもできます。"],
    ],
    begin: "はじめる",
    shell: "プロジェクトで",
    pieces: "使う部品だけを入れることもできます。たとえば WebAssembly だけで予測するなら",
    read: "続きを読む",
    documents: [
      ["notebook.ja.html", "ノートブック", "筆の一画から学習した層まで、畳み込みを図と動くコードでたどります。"],
      ["errors.html", "エラー", "すべてのエラーの意味と例と直し方。英語と日本語で書かれています。"],
      ["architecture.html", "Architecture", "何がどこにあり、なぜそうなのか。バックエンドが守ること。英語です。", "en"],
      ["benchmarks.html", "Benchmarks", "ほかのライブラリと比べた速さと、その測り方。英語です。", "en"],
      ["notebook.en.html", "Notebook", "英語のノートブックです。", "en"],
    ],
    site: "このサイトについて",
    siteWords:
      "静的なファイルだけでできていて、ほかのプロジェクトと同じようにパッケージを使っています。一度開けばオフラインでも動き、ほかのサーバーには何も求めず、何も送りません。",
  },
};

const program = `import { constant, conv2d, evaluate } from "tatamijs";

const x = constant([[[[1, 2, 3], [0, 1, 2], [3, 0, 1]]]]); // (N, C, H, W)
const w = constant([[[[1, 0], [0, 1]]]]);                  // (FN, C, FH, FW)
const { data, shape } = await evaluate(conv2d(x, w));`;

export function AboutRoom(): VNode {
  const t = said(text);
  return (
    <article class="about">
      <h1>{t.title}</h1>
      <p class="intro">{t.lead}</p>
      <p>{t.name}</p>
      <dl class="points">
        {t.points.map(([name, words]) => (
          <div class="mat">
            <dt>{name}</dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
      <h2>{t.begin}</h2>
      <p>{t.shell}</p>
      <pre tabIndex={0} role="region" aria-label={t.shell}>
        <code>npm install tatamijs</code>
      </pre>
      <pre tabIndex={0} role="region" aria-label={t.begin}>
        <code>{program}</code>
      </pre>
      <p>{t.pieces}</p>
      <pre tabIndex={0} role="region" aria-label={t.pieces}>
        <code>npm install @tatamijs/core @tatamijs/engine @tatamijs/nn @tatamijs/backend-wasm</code>
      </pre>
      <h2>{t.read}</h2>
      <ul class="documents">
        {t.documents.map(([file, title, words, lang]) => (
          <li>
            <a href={`docs/${file}`} hreflang={lang} lang={lang}>
              {title}
            </a>
            <span>{words}</span>
          </li>
        ))}
      </ul>
      <h2>{t.site}</h2>
      <p>{t.siteWords}</p>
    </article>
  );
}
