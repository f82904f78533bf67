/** The lab as TypeScript that runs, as a link, and as a file. */
import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useRef } from "preact/hooks";
import { said } from "../preferences.ts";
import { announce } from "../ui/announcer.tsx";
import { codeOf } from "./code.ts";
import { fromText, toText } from "./link.ts";
import { lab, show, tooLong } from "./store.ts";
import { labText } from "./text.ts";

export function Share(): VNode {
  const t = said(labText);
  const problem = useSignal("");
  const chooser = useRef<HTMLInputElement>(null);
  const done = useSignal("");
  const copy = (what: string, text: string): void => {
    navigator.clipboard.writeText(text).then(
      () => {
        done.value = what;
        announce(t.copied);
        setTimeout(() => (done.value = ""), 1500);
      },
      () => undefined,
    );
  };
  const open = async (file: File | undefined): Promise<void> => {
    if (file === undefined) return;
    const found = file.size < 60_000 ? await fromText((await file.text()).trim()) : undefined;
    problem.value = found === undefined ? t.broken : "";
    if (found !== undefined) show(found, true);
  };
  const save = async (): Promise<void> => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([await toText(lab.value)], { type: "text/plain" }));
    link.download = "conv-lab.txt";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };
  return (
    <section class="mat share" aria-label={t.code}>
      <div class="heading">
        <h2>{t.code}</h2>
        <div class="tools">
          <button type="button" onClick={() => copy("code", codeOf(lab.value))}>
            {done.value === "code" ? t.copied : t.copy}
          </button>
          <button type="button" disabled={tooLong.value} onClick={() => copy("link", location.href)}>
            {done.value === "link" ? t.copied : t.link}
          </button>
          <button type="button" onClick={() => void save()}>
            {t.save}
          </button>
          <button type="button" onClick={() => chooser.current!.click()}>
            {t.open}
          </button>
          <input
            ref={chooser}
            type="file"
            hidden
            aria-label={t.open}
            onChange={(event) => {
              void open(event.currentTarget.files?.[0]);
              event.currentTarget.value = "";
            }}
          />
        </div>
      </div>
      {tooLong.value ? <p class="note">{t.tooLong}</p> : null}
      {problem.value === "" ? null : (
        <p class="refused" role="alert">
          {problem.value}
        </p>
      )}
      <pre tabIndex={0} role="region" aria-label={t.code}>
        <code>{codeOf(lab.value)}</code>
      </pre>
    </section>
  );
}
