/** The frame around the rooms: the way in, the way between them, language and theme. */
import { signal, type Signal } from "@preact/signals";
import type { ComponentType, VNode } from "preact";
import { useEffect } from "preact/hooks";
import { chooseLanguage, chooseTheme, language, said, theme, type Both, type Theme } from "./preferences.ts";
import { rooms, type Room } from "./rooms.ts";
import { addressOf, go, route } from "./route.ts";
import { Announcer } from "./ui/announcer.tsx";

const text: Both<{
  readonly skip: string;
  readonly rooms: string;
  readonly loading: string;
  readonly failed: string;
  readonly again: string;
  readonly theme: string;
  readonly themes: Readonly<Record<Theme, string>>;
  readonly other: string;
  readonly isolated: string;
  readonly single: string;
  readonly nothing: string;
}> = {
  en: {
    skip: "Skip to the room",
    rooms: "Rooms",
    loading: "Laying the mats",
    failed: "This room could not be fetched.",
    again: "Try again",
    theme: "Colours",
    themes: { system: "As the system", light: "Light", dark: "Dark" },
    other: "日本語",
    isolated: "This page is isolated: WebAssembly may use several threads.",
    single: "This page is not isolated: WebAssembly uses one thread.",
    nothing: "Everything runs in this page. Nothing about you leaves it.",
  },
  ja: {
    skip: "本文へ進む",
    rooms: "部屋",
    loading: "畳を敷いています",
    failed: "この部屋を読み込めませんでした。",
    again: "もう一度",
    theme: "配色",
    themes: { system: "端末に合わせる", light: "明るい", dark: "暗い" },
    other: "English",
    isolated: "この頁は隔離されています。WebAssembly は複数のスレッドを使えます。",
    single: "この頁は隔離されていません。WebAssembly は一つのスレッドで動きます。",
    nothing: "計算はすべてこの頁の中で行われ、外へは何も送られません。",
  },
};

type Entered = ComponentType | "loading" | "failed";
const entered: Signal<ReadonlyMap<string, Entered>> = signal(new Map());

function put(path: string, what: Entered): void {
  entered.value = new Map(entered.value).set(path, what);
}

function enter(room: Room): void {
  put(room.path, "loading");
  room.load().then(
    (component) => put(room.path, component),
    () => put(room.path, "failed"),
  );
}

export function Site(): VNode {
  const room = rooms.find(({ path }) => path === route.value.room) ?? rooms[0]!;
  const t = said(text);
  useEffect(() => {
    if (!entered.value.has(room.path)) enter(room);
  }, [room]);
  const name = said(room.name);
  useEffect(() => {
    document.title = `${name} · tatami`;
  }, [name]);
  return (
    <>
      <a
        class="skip"
        href="#room"
        onClick={(event) => {
          event.preventDefault();
          document.getElementById("room")?.focus();
        }}
      >
        {t.skip}
      </a>
      <header class="frame">
        <a class="mark" href={addressOf("")} onClick={follow} aria-label="tatami">
          <Mats />
          <span>tatami</span>
        </a>
        <nav aria-label={t.rooms}>
          {rooms.map(({ path, name }) => (
            <a href={addressOf(path)} onClick={follow} aria-current={path === room.path ? "page" : undefined}>
              {said(name)}
            </a>
          ))}
        </nav>
        <div class="preferences">
          <label class="theme">
            <span class="unseen">{t.theme}</span>
            <select value={theme.value} onChange={(event) => chooseTheme(event.currentTarget.value as Theme)}>
              {(["system", "light", "dark"] as const).map((one) => (
                <option value={one}>{t.themes[one]}</option>
              ))}
            </select>
          </label>
          <button
            class="quiet"
            lang={language.value === "en" ? "ja" : "en"}
            onClick={() => chooseLanguage(language.value === "en" ? "ja" : "en")}
          >
            {t.other}
          </button>
        </div>
      </header>
      <main id="room" tabIndex={-1}>
        <Inside room={room} />
      </main>
      <footer class="frame">
        <p>{t.nothing}</p>
        <p>{crossOriginIsolated ? t.isolated : t.single}</p>
      </footer>
      <Announcer />
    </>
  );
}

function Inside({ room }: { readonly room: Room }): VNode {
  const Found = entered.value.get(room.path) ?? "loading";
  const t = said(text);
  if (Found === "loading") return <p class="waiting">{t.loading}</p>;
  if (Found === "failed") {
    return (
      <div class="waiting" role="alert">
        <p>{t.failed}</p>
        {/* A newer build has other files, which only a new page knows; the state is in the address. */}
        <button onClick={() => location.reload()}>{t.again}</button>
      </div>
    );
  }
  return <Found />;
}

/** Links within the site change the address and not the page; those for a new tab are the browser's. */
function follow(event: MouseEvent): void {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  go((event.currentTarget as HTMLAnchorElement).getAttribute("href")!);
  scrollTo(0, 0);
}

/** Four mats and a half around the hearth: the tea room's plan. */
function Mats(): VNode {
  return (
    <svg viewBox="0 0 30 30" width="30" height="30" aria-hidden="true">
      <path class="rush" d="M1 1h18v9H1zM20 1h9v18h-9zM11 20h18v9H11zM1 11h9v18H1z" />
      <path class="hearth" d="M11 11h8v8h-8z" />
    </svg>
  );
}
