/**
 * The house's documents as pages of the site, in `docs/`: written when the site is built, in the site's own colours, without a
 * script but the one that knows the theme. A link to what is not on the site becomes its text.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Marked, type Tokens } from "marked";
import type { Plugin } from "vite";

const source = join(import.meta.dirname, "../../docs");
const design = join(import.meta.dirname, "src/design");

interface Document {
  /** Of the file in `docs/`, without its ending. */
  readonly name: string;
  readonly language: "en" | "ja";
  /** What the other documents call it. */
  readonly title: string;
}

const documents: readonly Document[] = [
  { name: "notebook.en", language: "en", title: "Notebook" },
  { name: "notebook.ja", language: "ja", title: "ノートブック" },
  { name: "errors", language: "en", title: "Errors · エラー" },
  { name: "architecture", language: "en", title: "Architecture" },
  { name: "benchmarks", language: "en", title: "Benchmarks" },
];

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

/** Where a link of a document leads on the site; undefined where it leads out of it. */
export function linkOf(href: string): string | undefined {
  if (href.startsWith("#") || href.startsWith("figures/")) return href;
  if (href === "../README.md") return "../#/about";
  const [, name, anchor = ""] = /^([\w.]+)\.md(#.*)?$/.exec(href) ?? [];
  return documents.some((one) => one.name === name) ? `${name}.html${anchor}` : undefined;
}

/** A heading's name in addresses, as code hosts make it. */
const slug = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
    .trim()
    .replaceAll(/\s/g, "-");

/** A paragraph in Japanese on a page in English is said to be one. */
function languageOf(text: string, page: Document["language"]): string {
  return page === "en" && /[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(text) ? ' lang="ja"' : "";
}

/** The body of a page from a document's text. */
export function bodyOf(text: string, language: Document["language"]): string {
  const words = language === "ja" ? { code: "コード", table: "表" } : { code: "Code", table: "Table" };
  const marked = new Marked({
    renderer: {
      heading({ tokens, depth, text: plain }: Tokens.Heading) {
        return `<h${depth} id="${escaped(slug(plain))}">${this.parser.parseInline(tokens)}</h${depth}>\n`;
      },
      paragraph({ tokens, text: plain }: Tokens.Paragraph) {
        return `<p${languageOf(plain, language)}>${this.parser.parseInline(tokens)}</p>\n`;
      },
      // What may be wider than the page scrolls by itself, by keyboard too.
      code({ text: plain }: Tokens.Code) {
        return `<pre tabindex="0" role="region" aria-label="${words.code}"><code>${escaped(plain)}</code></pre>\n`;
      },
      table(token: Tokens.Table) {
        const cells = (row: readonly Tokens.TableCell[], tag: "th" | "td"): string =>
          row
            .map(({ tokens, align }) => {
              const side = align === null ? "" : ` class="${align}"`;
              const kind = tag === "th" ? ' scope="col"' : "";
              return `<${tag}${kind}${side}>${this.parser.parseInline(tokens)}</${tag}>`;
            })
            .join("");
        const rows = token.rows.map((row) => `<tr>${cells(row, "td")}</tr>`).join("\n");
        return (
          `<div class="scroll" tabindex="0" role="region" aria-label="${words.table}"><table>` +
          `<thead><tr>${cells(token.header, "th")}</tr></thead><tbody>\n${rows}\n</tbody></table></div>\n`
        );
      },
      link({ href, tokens }: Tokens.Link) {
        const [to, inside] = [linkOf(href), this.parser.parseInline(tokens)];
        return to === undefined ? inside : `<a href="${escaped(to)}">${inside}</a>`;
      },
      image({ href, text: alt }: Tokens.Image) {
        return `<img src="${escaped(href)}" alt="${escaped(alt)}" loading="lazy" />`;
      },
    },
  });
  return marked.parse(text, { async: false });
}

function pageOf({ name, language, title }: Document): string {
  const text = readFileSync(join(source, `${name}.md`), "utf8");
  const words = language === "ja" ? { docs: "文書", back: "サイトへ" } : { docs: "Documents", back: "To the site" };
  const others = documents
    .map((one) => {
      const here = one.name === name ? ' aria-current="page"' : "";
      const tongue = one.language === language ? "" : ` lang="${one.language}"`;
      return `<a href="${one.name}.html"${here}${tongue}>${one.title}</a>`;
    })
    .join("\n        ");
  return `<!doctype html>
<html lang="${language}" data-language="${language}">
  <head>
    <meta charset="utf-8" />
    <meta
      http-equiv="Content-Security-Policy"
      content="default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'"
    />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="referrer" content="no-referrer" />
    <meta name="color-scheme" content="light dark" />
    <title>${title} · tatami</title>
    <link rel="icon" type="image/svg+xml" href="../icon.svg" />
    <link rel="manifest" href="../site.webmanifest" />
    <link rel="stylesheet" href="docs.css" />
    <script src="../boot.js"></script>
  </head>
  <body>
    <header class="frame">
      <a class="mark" href="../#/about" aria-label="tatami: ${words.back}"><img src="../icon.svg" alt="" width="30" height="30" /><span>tatami</span></a>
      <nav aria-label="${words.docs}">
        ${others}
      </nav>
    </header>
    <main>
      <article class="document">
${bodyOf(text, language)}      </article>
    </main>
  </body>
</html>
`;
}

/** Every file of the folder: its name and its bytes. */
function files(): ReadonlyMap<string, string> {
  const style = ["tokens", "base", "frame", "docs"].map((name) => readFileSync(join(design, `${name}.css`), "utf8"));
  const figures = readdirSync(join(source, "figures")).filter((name) => name.endsWith(".svg"));
  return new Map([
    ...documents.map((one) => [`${one.name}.html`, pageOf(one)] as const),
    ["docs.css", style.join("\n")],
    ...figures.map((name) => [`figures/${name}`, readFileSync(join(source, "figures", name), "utf8")] as const),
  ]);
}

const types: Readonly<Record<string, string>> = { html: "text/html", css: "text/css", svg: "image/svg+xml" };

/** Writes the pages beside the built site, and serves them in development. */
export function docs(): Plugin {
  let built = "";
  return {
    name: "tatami-docs",
    configResolved({ root, build }) {
      built = join(root, build.outDir, "docs");
    },
    configureServer({ middlewares }) {
      middlewares.use("/docs/", (request, response, next) => {
        const name = (request.url ?? "").replace(/^\//, "").replace(/[?#].*$/, "");
        const text = files().get(name);
        if (text === undefined) next();
        else response.setHeader("content-type", `${types[name.split(".").at(-1)!]!}; charset=utf-8`).end(text);
      });
    },
    writeBundle() {
      mkdirSync(join(built, "figures"), { recursive: true });
      for (const [name, text] of files()) writeFileSync(join(built, name), text);
    },
  };
}
